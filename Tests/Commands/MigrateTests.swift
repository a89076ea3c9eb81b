import Foundation
import Testing

/// `offstage migrate`, and what `offstage serve` does by itself.
struct MigrateTests {
    private static let before = """
        offstage: 1
        name: Changing
        collections:
          things:
            fields:
              name: {type: text, required: true}
              note: text
            access: {read: true, create: true}
        """

    private static func text(_ fields: String) -> String {
        """
        offstage: 1
        name: Changing
        collections:
          things:
            fields:
        \(fields.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n"))
            access: {read: true, create: true}
        """
    }

    /// An app with one record, whose note is filled.
    private func app() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.before, to: "offstage.yaml")
        try folder.write("name,note\none,kept\n", to: "things.csv")
        let imported = try await Program.run(["import", "things", "things.csv"], in: folder)
        try #require(imported.status == 0, "\(imported.errors)")
        return folder
    }

    @Test func nothingToDoIsSaid() async throws {
        let folder = try await app()
        let outcome = try await Program.run(["migrate"], in: folder)
        #expect(outcome.status == 0 && outcome.text.contains("nothing to do"))
    }

    @Test func thePlanIsPrintedAndNothingIsDone() async throws {
        let folder = try await app()
        try folder.write(
            Self.text("name: {type: text, required: true}\nnote: text\nsize: integer"),
            to: "offstage.yaml"
        )
        for _ in 0..<2 {
            let outcome = try await Program.run(["migrate", "--plan"], in: folder)
            #expect(outcome.status == 0 && outcome.text.contains("add the field things.size"), "\(outcome.text)")
        }
        let applied = try await Program.run(["migrate", "--apply"], in: folder)
        #expect(applied.status == 0 && applied.text.hasSuffix("Done.\n"), "\(applied.errors)")
        let exported = try await Program.run(["export", "things"], in: folder)
        #expect(exported.text.hasPrefix("id,name,note,size,created"))
    }

    @Test func whatLosesNothingIsDoneByServe() async throws {
        let folder = try await app()
        try folder.write(
            Self.text("title: {type: text, required: true, was: name}\nnote: text\nsize: {type: integer, default: 7}"),
            to: "offstage.yaml"
        )
        let server = try await TestServer.start(in: folder)
        let answer = try await server.answer("GET", "/api/things").text
        #expect(answer.contains("\"title\":\"one\"") && answer.contains("\"note\":\"kept\""), "\(answer)")
        try await server.stop()
    }

    @Test func whatLosesDataStopsServeWithThePlanUntilItIsAllowed() async throws {
        let folder = try await app()
        try folder.write(Self.text("name: {type: text, required: true}"), to: "offstage.yaml")
        let served = try await Program.run(["serve", "--port", "0"], in: folder)
        #expect(served.status == 1)
        let lines = served.errors.split(separator: "\n").map(String.init)
        #expect(lines.first == "- drop the field things.note: 1 record has a value in it", "\(served.errors)")
        #expect(lines.last?.hasPrefix("offstage: The database was not changed.") == true, "\(served.errors)")
        #expect(served.errors.contains("offstage migrate --apply --allow-loss"))

        let refused = try await Program.run(["migrate", "--apply"], in: folder)
        expectSentence(refused, status: 1, saying: "Nothing was done", "--allow-loss")
        #expect(refused.text == "- drop the field things.note: 1 record has a value in it\n")
        let database = try StoredDatabase(folder.path("data/offstage.db"))
        #expect(try database.value("SELECT note FROM things") == "kept")

        let allowed = try await Program.run(["migrate", "--apply", "--allow-loss"], in: folder)
        #expect(allowed.status == 0 && allowed.text.hasSuffix("Done.\n"), "\(allowed.errors)")
        let exported = try await Program.run(["export", "things"], in: folder)
        #expect(exported.text.hasPrefix("id,name,created") && exported.text.contains(",one,"))
    }

    @Test func aStepThatCannotBeDoneIsExplained() async throws {
        let folder = try await app()
        try folder.write("name,note\ntwo,kept\n", to: "more.csv")
        _ = try await Program.run(["import", "things", "more.csv"], in: folder)
        try folder.write(
            Self.text("name: {type: text, required: true}\nnote: {type: text, unique: true}"),
            to: "offstage.yaml"
        )
        for arguments in [["serve", "--port", "0"], ["migrate", "--apply", "--allow-loss"]] {
            let outcome = try await Program.run(arguments, in: folder)
            #expect(outcome.status == 1)
            let all = outcome.text + outcome.errors
            #expect(all.contains("! make things.note unique: 2 records have \"kept\""), "\(all)")
            #expect(!all.contains("Done."))
            expectNoInsides(all)
        }
    }
}
