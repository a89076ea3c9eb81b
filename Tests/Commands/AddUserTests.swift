import Foundation
import Testing

/// `offstage user add`: an account with the fields that the app adds.
struct AddUserTests {
    private static let file = """
        offstage: 1
        name: Staffed
        accounts:
          fields:
            city: {type: text, required: true}
            role: {type: choice, of: [customer, staff], default: customer, writable: false}
        """

    private static func app() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(file, to: "offstage.yaml")
        return folder
    }

    @Test func theTeamSetsWhatPeopleCannot() async throws {
        let folder = try Self.app()
        let fields = ["--set", "role=staff", "--set", "city=London"]
        let added = try await Program.run(
            ["user", "add", "ada@example.com", "--team", "owner", "--service"] + fields,
            in: folder
        )
        #expect(added.status == 0, "\(added.errors)")
        let listed = try await Program.run(["user", "list", "--team", "owner"], in: folder)
        #expect(listed.text.hasPrefix("ada@example.com\t\towner\t\t"), "\(listed.text)")
        let exported = try await Program.run(["export", "users", "--format", "ndjson"], in: folder)
        #expect(exported.text.contains("\"role\":\"staff\""), "\(exported.text)")
    }

    @Test func whatIsRequiredIsAskedForAndTheAddressIsNot() async throws {
        let folder = try Self.app()
        let refused = try await Program.run(["user", "add", "ada@example.com", "--service"], in: folder)
        #expect(refused.status == 1)
        #expect(refused.errors.contains("city is required"), "\(refused.errors)")
        #expect(!refused.errors.contains("email"), "\(refused.errors)")
    }
}
