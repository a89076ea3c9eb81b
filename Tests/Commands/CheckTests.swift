import Foundation
import Testing

/// `offstage check` and `offstage schema`
struct CheckTests {
    @Test func aSoundFileIsSummedUpInOneSentence() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(["new", ".", "--example", "shop"], in: folder)
        let outcome = try await Program.run(["check"], in: folder)
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(
            outcome.text
                == "Corner Shop: no faults in 6 collections with 30 fields, 2 fields of accounts and 2 forms.\n"
        )
    }

    @Test func everyFaultIsPrintedWithItsPlaceAndTheNearestName() async throws {
        let folder = try TemporaryFolder()
        let text = """
            offstage: 1
            name: Faulty
            collections:
              things:
                fields:
                  name: {type: texxt}
                  size: {type: integer, minn: 3}
                acess: {read: true}
            """
        try folder.write(text, to: "offstage.yaml")
        let outcome = try await Program.run(["check"], in: folder)
        #expect(outcome.status == 1)
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        #expect(lines.count == 4, "\(outcome.errors)")
        let begins = ["offstage.yaml:6:20: ", "offstage.yaml:7:29: ", "offstage.yaml:8:5: ", "offstage: 3 faults"]
        for (line, begin) in zip(lines, begins) { #expect(line.hasPrefix(begin), "\(line)") }
        for name in ["\"text\"", "\"min\"", "\"access\""] {
            #expect(outcome.errors.contains("did you mean \(name)?"), "\(outcome.errors)")
        }
        expectNoInsides(outcome.errors)
    }

    @Test func serveRefusesAFaultyFileAndMakesNoData() async throws {
        let folder = try TemporaryFolder()
        try folder.write("offstage: 1\nname: Faulty\ncolections: {}\n", to: "offstage.yaml")
        let outcome = try await Program.run(["serve", "--port", "0"], in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("offstage.yaml:3:1: "))
        #expect(!folder.has("data"))
    }

    @Test(arguments: [
        "check", "serve", "migrate", "export things", "import things -", "explain things list", "test", "aside",
    ])
    func aFolderWithoutAnAppFileIsOneSentence(_ command: String) async throws {
        let arguments = command.split(separator: " ").map(String.init)
        let outcome = try await Program.run(arguments + ["--app", "nowhere"], in: TemporaryFolder())
        expectSentence(outcome, status: 1, saying: "There is no nowhere/offstage.yaml")
    }

    @Test func theFileInPlaceOfItsFolderIsExplained() async throws {
        let folder = try TemporaryFolder()
        try folder.write("offstage: 1\nname: A\n", to: "a/offstage.yaml")
        let outcome = try await Program.run(["check", "--app", "a/offstage.yaml"], in: folder)
        expectSentence(outcome, status: 1, saying: "a/offstage.yaml is a file", "--app names the folder")
    }

    @Test func bytesThatAreNoTextAreAFaultAndNoCrash() async throws {
        let folder = try TemporaryFolder()
        for bytes in [Data([0xff, 0xfe, 0x00, 0x01]), Data(repeating: 0, count: 4096), Data()] {
            try folder.write(bytes, to: "offstage.yaml")
            let outcome = try await Program.run(["check"], in: folder)
            #expect(outcome.status == 1 && !outcome.wasKilled)
            #expect(outcome.errors.contains("offstage.yaml:"), "\(outcome.errors)")
            expectNoInsides(outcome.errors)
        }
    }

    @Test func theSchemaIsJSONAndNamesTheFieldTypes() async throws {
        let outcome = try await Program.run(["schema"], in: TemporaryFolder())
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        let schema = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        #expect((schema["$schema"] as? String)?.contains("json-schema.org") == true)
        #expect(outcome.text.contains("\"decimal\"") && outcome.text.contains("\"on_delete\""))
    }
}
