import Foundation
import Testing

/// `offstage explain`
struct ExplainTests {
    /// A shop with its goods.
    private func shop() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try await Program.run(["new", ".", "--example", "shop"], in: folder)
        for name in ["categories", "products"] {
            let outcome = try await Program.run(["import", name, "seed/\(name).csv"], in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
        return folder
    }

    /// The first product of the seed.
    private static let marmalade = "019b7900-e360-762d-ae2a-c13ef8e8d8d2"

    private func explain(_ arguments: [String], in folder: TemporaryFolder) async throws -> String {
        let outcome = try await Program.run(["explain"] + arguments, in: folder)
        #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.text
    }

    @Test func aListShowsRuleRemainderStatementAndIndex() async throws {
        let folder = try await shop()
        let visitor = try await explain(["products", "list"], in: folder)
        #expect(visitor.contains("read rule    state in [\"published\", \"retired\"] || user.role == \"staff\"\n"))
        #expect(visitor.contains("for them     state in [\"published\", \"retired\"]\n"), "\(visitor)")
        #expect(visitor.contains("FROM \"products\" WHERE"))
        #expect(visitor.contains("index        products(state)\n") && !visitor.contains("may be read"), "\(visitor)")
        #expect(visitor.contains("field        cost: hidden"))
        let staff = try await explain(["products", "list", "--as", "{role: staff}"], in: folder)
        #expect(staff.contains("for them     true\n") && staff.contains("given no id"))
        #expect(!staff.contains("cost: hidden") && !staff.contains("WHERE"))
        #expect(try await explain(["messages", "read"], in: folder).contains("absent, so nobody but the team"))
    }

    @Test func aFilterWithoutAnIndexIsWarnedAbout() async throws {
        let folder = try await shop()
        let outcome = try await explain(
            [
                "products", "list", "--as", "team", "--filter", "stock < int(arg.least)", "--arg", "least=3", "--sort",
                "name",
            ],
            in: folder
        )
        #expect(outcome.contains("for them     stock < 3\n"), "\(outcome)")
        #expect(outcome.contains("warning      No index is used to find the records"), "\(outcome)")
        #expect(outcome.contains("indexes: [[name]]"), "\(outcome)")
    }

    @Test func aRecordShowsWhichPartSaidNo() async throws {
        let folder = try await shop()
        let change = ["products", "update", "--record", Self.marmalade, "--values", "{\"state\":\"draft\"}"]
        let staff = try await explain(change + ["--as", "{role: staff}"], in: folder)
        #expect(
            staff.contains(
                """
                  ✗ update: all of
                    ✓ user.role == "staff"  yes
                    ✗ any of
                      ✗ new.state != "draft"  no
                      ✗ state == "draft"  no

                """
            ),
            "\(staff)"
        )
        let visitor = try await explain(change, in: folder)
        #expect(visitor.contains("! user.role == \"staff\"  error at 1:6: no such field: role"), "\(visitor)")
        #expect(visitor.contains("none: the answer is no before the database is asked"))
        // Nothing was changed.
        let exported = try await Program.run(["export", "products", "--format", "ndjson"], in: folder)
        #expect(!exported.text.contains("draft"))
    }

    @Test func toolsGetTheSameAsJSON() async throws {
        let folder = try await shop()
        let text = try await explain(
            ["products", "read", "--record", Self.marmalade, "--format", "json"],
            in: folder
        )
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(json["collection"] as? String == "products" && json["as"] as? String == "visitor")
        let statements = try #require(json["statements"] as? [[String: Any]])
        #expect(statements.first?["indexes"] as? [String] == ["primary key"])
        let verdict = try #require(json["verdict"] as? [String: Any])
        #expect(verdict["answer"] as? String == "allowed" && verdict["hidden"] as? [String] == ["cost"])
    }

    @Test func itRunsBesideAServer() async throws {
        let folder = try await shop()
        let server = try await TestServer.start(app: ".", in: folder)
        #expect(try await explain(["products", "list"], in: folder).contains("for them"))
        #expect(try await server.stop().status == 0)
    }

    @Test func whatCannotBeExplainedIsOneSentence() async throws {
        let folder = try TemporaryFolder()
        _ = try await Program.run(["new", ".", "--example", "shop"], in: folder)
        expectSentence(
            try await Program.run(["explain", "products", "list"], in: folder),
            status: 1,
            saying: "There is no database"
        )
        _ = try await Program.run(["import", "categories", "seed/categories.csv"], in: folder)
        let cases: [([String], String)] = [
            (["product", "list"], "no collection \"product\""),
            (["products", "read", "--record", "7"], "--record 7 is no id"),
            (["products", "create", "--values", "[]"], "--values is no JSON object"),
            (["products", "list", "--arg", "most"], "--arg most has no value"),
            (["products", "list", "--sort", "cost"], "\"cost\" is not a field that products can be sorted by"),
        ]
        for (arguments, sentence) in cases {
            expectSentence(try await Program.run(["explain"] + arguments, in: folder), status: 1, saying: sentence)
        }
        let wrong = try await Program.run(["explain", "products", "list", "--as", "staff"], in: folder)
        #expect(wrong.status == 1 && wrong.errors.contains("--as takes visitor, team or the fields"), "\(wrong.errors)")
        for arguments in [
            ["products", "lst"], ["products", "read", "--sort", "name"], ["products", "list", "--values", "{}"],
        ] {
            #expect(try await Program.run(["explain"] + arguments, in: folder).status == 64)
        }
    }
}
