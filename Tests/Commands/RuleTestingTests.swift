import Foundation
import Testing

/// `offstage test`
struct RuleTestingTests {
    private static let app = """
        offstage: 1
        collections:
          notes:
            fields:
              title: {type: text, required: true, max: 20, unique: true}
              owner: text
              secret: {type: text, readable: owner == user.id}
            access:
              read: owner == user.id || created < now - duration("1h")
              create: has(user.id)
              update: owner == user.id
              delete: owner == user.id
        """

    private func run(_ tests: String, _ arguments: [String] = []) async throws -> Program.Outcome {
        let folder = try TemporaryFolder()
        try folder.write(Self.app, to: "offstage.yaml")
        try folder.write(Self.given + tests, to: "tests/notes.yaml")
        let outcome = try await Program.run(["test"] + arguments, in: folder)
        // The app's own data is not even made.
        #expect(!folder.has("data"))
        return outcome
    }

    private static let given = """
        given:
          notes:
            one: {title: One, owner: &anna 01930000-0000-7000-8000-000000000002, secret: s}
            two: {title: Two}
        accounts:
          anna: {id: *anna}
          ben: {}
        tests:

        """

    @Test(arguments: ["shop", nil])
    func theTestsOfWhatNewMakesPass(example: String?) async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(["new", "."] + (example.map { ["--example", $0] } ?? []), in: folder)
        let outcome = try await Program.run(["test"], in: folder)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.text)\(outcome.errors)")
        #expect(outcome.text.hasSuffix(" tests passed.\n") && !outcome.text.contains("✗"))
    }

    @Test func aTestThatWritesLeavesNothingToTheNext() async throws {
        let outcome = try await run(
            """
              - {as: anna, delete: notes/one, allowed: true}
              - {as: anna, list: notes, shows: [one]}
              - {as: anna, create: notes, values: {title: Three, owner: *anna}, allowed: true}
              - {as: anna, create: notes, values: {title: Three, owner: *anna}, allowed: true}
              - {as: team, list: notes, sort: -title, shows: [two, one]}
            """
        )
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
        #expect(outcome.text.hasSuffix("5 tests passed.\n"))
    }

    /// Each is a test that fails, and the line that says why.
    @Test(arguments: [
        ("{list: notes, shows: [one]}", "visitor: list notes (line 9): expected shows one; came shows nothing"),
        ("{as: anna, list: notes, shows: []}", "anna: list notes (line 9): expected shows nothing; came shows one"),
        ("{as: team, list: notes, sort: title, shows: [two, one]}", "expected shows two, one; came shows one, two"),
        ("{as: ben, read: notes/one, allowed: true}", "expected allowed; came denied (not found)"),
        ("{as: anna, read: notes/one, denied: true}", "expected denied; came allowed, hides nothing"),
        ("{as: anna, read: notes/one, hides: [secret]}", "expected allowed, hides secret; came allowed, hides nothing"),
        ("{as: ben, create: notes, values: {}, denied: true}", "expected denied; came invalid: title is required"),
        ("{create: notes, values: {title: x}, invalid: true}", "expected invalid; came denied (unauthenticated)"),
        (
            "{as: ben, create: notes, values: {}, invalid: [owner]}",
            "expected invalid at owner; came invalid: title is required"
        ),
        (
            "{as: ben, create: notes, values: {title: Two}, allowed: true}",
            "expected allowed; came conflict: title is taken already"
        ),
        ("{as: anna, update: notes/one, values: {title: x}, conflict: true}", "expected conflict; came allowed"),
        (
            "{as: anna, list: notes, filter: titel == \"x\", shows: []}",
            "came malformed: filter: 1:1: unknown name \"titel\""
        ),
    ])
    func whatFailsSaysWhatCame(test: String, line: String) async throws {
        let outcome = try await run("  - \(test)\n  - {as: ben, read: notes/one, denied: true}\n")
        #expect(outcome.status == 1 && outcome.errors.isEmpty, "\(outcome.errors)")
        #expect(outcome.text.contains("✗ ") && outcome.text.contains(line), "\(outcome.text)")
        #expect(outcome.text.hasSuffix("1 of 2 tests failed.\n"))
    }

    @Test func theTimeStandsStillWhereItIsSet() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            """
            offstage: 1
            collections:
              offers:
                fields: {ends: datetime}
                access: {read: ends > now}
            """,
            to: "offstage.yaml"
        )
        try folder.write(
            """
            now: 2001-01-01T00:00:00Z
            given: {offers: {old: {ends: 2000-12-31T23:59:59Z}, open: {ends: 2001-01-01T00:00:01Z}}}
            tests: [{list: offers, shows: [open]}]
            """,
            to: "tests/offers.yaml"
        )
        let outcome = try await Program.run(["test"], in: folder)
        #expect(outcome.status == 0, "\(outcome.text)\(outcome.errors)")
    }

    @Test func aNameChoosesTests() async throws {
        let tests =
            "  - {name: First thing, as: ben, read: notes/one, denied: true}\n  - {name: Second, list: notes, shows: []}\n"
        let chosen = try await run(tests, ["--filter", "first"])
        #expect(chosen.status == 0 && chosen.text.hasSuffix("1 test passed.\n") && !chosen.text.contains("Second"))
        expectSentence(
            try await run(tests, ["--filter", "third"]),
            status: 1,
            saying: "No test has \"third\" in its name"
        )
    }

    @Test func toolsGetTheResultsAsJSON() async throws {
        let outcome = try await run(
            "  - {name: A, list: notes, shows: [one]}\n  - {list: notes, shows: []}\n",
            ["--format", "json"]
        )
        #expect(outcome.status == 1)
        let json = try #require(try JSONSerialization.jsonObject(with: outcome.output) as? [String: Any])
        #expect(json["passed"] as? Int == 1 && json["failed"] as? Int == 1)
        let first = try #require((json["tests"] as? [[String: Any]])?.first)
        #expect(first["name"] as? String == "A" && first["came"] as? String == "shows nothing")
        #expect(first["file"] as? String == "tests/notes.yaml" && first["line"] as? Int == 9)
    }

    @Test func faultsAreToldAllAtOnceAndNothingRuns() async throws {
        let outcome = try await run("  - {list: note, shows: []}\n  - {as: anne, read: notes/one, denied: true}\n")
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("tests/notes.yaml:9:12: unknown collection \"note\""), "\(outcome.errors)")
        #expect(outcome.errors.contains("did you mean \"anna\"?"))
        #expect(outcome.errors.hasSuffix("offstage: 2 faults in the tests; none was run.\n"))
    }

    @Test func aGivenRecordThatCannotBeStoredIsNamed() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.app, to: "offstage.yaml")
        try folder.write(
            "given: {notes: {a: {title: A}, b: {title: A}}}\ntests: [{list: notes, shows: []}]\n",
            to: "tests/notes.yaml"
        )
        let outcome = try await Program.run(["test"], in: folder)
        #expect(outcome.status == 1)
        #expect(
            outcome.errors.hasPrefix("tests/notes.yaml:1:32: notes/b cannot be stored: title is taken already\n"),
            "\(outcome.errors)"
        )
    }

    @Test func anAppWithoutTestsIsToldSo() async throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.app, to: "offstage.yaml")
        expectSentence(
            try await Program.run(["test"], in: folder),
            status: 1,
            saying: "There are no tests",
            "tests has no file"
        )
    }
}
