import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// Steps that lose data or can't be done, over a table `t` with a field `f`; one record a value.
struct LossCase: CustomTestStringConvertible, Sendable {
    let before: ColumnShape
    let values: [Value]
    let after: ColumnShape?
    let line: String
    /// What the records hold afterwards; nil when it can't be done.
    let stored: [String]?

    var testDescription: String { line }

    init(_ before: ColumnShape, _ values: [Value], _ after: ColumnShape?, _ line: String, stored: [String]? = nil) {
        self.before = before
        self.values = values
        self.after = after
        self.line = line
        self.stored = stored
    }

    private static let long = String(repeating: "long ", count: 20)

    static let losses: [LossCase] = [
        LossCase(
            column("f", .text),
            [.text("a"), .null, .text("")],
            nil,
            "- drop the field t.f: 1 record has a value in it",
            stored: []
        ),
        LossCase(
            column("f", .text),
            [.text("1"), .text("x"), .text("y")],
            column("f", .integer),
            "- convert t.f from text to integer: 2 records have a value that can't be kept, such as \"x\"; it becomes empty",
            stored: ["1", "NULL", "NULL"]
        ),
        LossCase(
            column("f", .text),
            [.text(long)],
            column("f", .integer, required: true, defaultValue: "0"),
            """
            - convert t.f from text to integer: 1 record has a value that can't be kept, such as \
            "long long long long long long long long…"; it becomes the default "0"
              make t.f required
            """,
            stored: ["0"]
        ),
        LossCase(
            column("f", .text, of: ["a", "b"]),
            [.text("a"), .text("b")],
            column("f", .text, of: ["a"], defaultValue: "\"a\""),
            "- limit t.f to choice of a: 1 record has a value that can't be kept, such as \"b\"; it becomes the default \"a\"",
            stored: ["'a'", "'a'"]
        ),
        LossCase(
            column("f", .list(.integer)),
            [.list([.integer(1), .integer(2)]), .list([.integer(3)])],
            column("f", .integer),
            "- convert t.f from list of integer to integer: 1 record has a value that loses a part, such as \"[1,2]\"",
            stored: ["1", "3"]
        ),
        LossCase(
            column("f", .datetime),
            [.datetime(Timestamp(milliseconds: 86_400_001))],
            column("f", .date),
            """
            - convert t.f from datetime to date: 1 record has a value that loses a part, such as "1970-01-02T00:00:00.001Z"
            """,
            stored: ["'1970-01-02'"]
        ),
        LossCase(
            column("f", .identifier),
            [.identifier(id(1)), .identifier(id(77))],
            column("f", .identifier, to: "t"),
            """
            - make t.f refer to t: 1 record has an id that is not there, such as "\(id(77))"; it is removed
            """,
            stored: ["'\(id(1))'", "NULL"]
        ),
    ]

    static let obstacles: [LossCase] = [
        LossCase(
            column("f", .text),
            [.text("a"), .null, .text("")],
            column("f", .text, required: true),
            "! make t.f required: 2 records have no value in it. To go on, give it a default, or fill it in first."
        ),
        LossCase(
            column("f", .text),
            [.text("a"), .text("b"), .text("a")],
            column("f", .text, unique: true),
            "! make t.f unique: 2 records have \"a\". To go on, make such values different first."
        ),
        LossCase(
            column("f", .text),
            [.text("A@x.example"), .text("a@x.example")],
            column("f", .email, unique: true),
            """
              convert t.f from text to email
            ! make t.f unique: 2 records have "a@x.example". To go on, make such values different first.
            """
        ),
        LossCase(
            column("f", .text, unique: true),
            [.text("1"), .text("1.0")],
            column("f", .integer, unique: true),
            "! convert t.f from text to integer: 2 records have \"1\". To go on, make such values different first."
        ),
        LossCase(
            column("f", .text, required: true),
            [.text("1"), .text("x")],
            column("f", .integer, required: true),
            """
            ! convert t.f from text to integer: it is required, and 1 record has a value that can't be kept, such as "x". \
            To go on, give it a default, or change such values first.
            """
        ),
        LossCase(
            column("f", .identifier, required: true),
            [.identifier(id(77))],
            column("f", .identifier, required: true, to: "t"),
            """
            ! make t.f refer to t: it is required, and 1 record has a value that can't be kept, such as "\(id(77))". \
            To go on, give it a default, or change such values first.
            """
        ),
        LossCase(
            column("other", .text),
            [.text("a"), .text("b")],
            column("f", .text, required: true),
            """
            ! add the field t.f (text, required): it is required, and 2 records would have no value in it. \
            To go on, give it a default, or leave out `required` until the records have one.
            - drop the field t.other: 2 records have a value in it
            """
        ),
        LossCase(
            column("other", .text),
            [.null, .null],
            column("f", .text, unique: true, defaultValue: "\"a\""),
            """
            ! add the field t.f (text, unique): it is unique, and 2 records would get the same default. \
            To go on, leave out the default.
              drop the field t.other
            """
        ),
    ]

    /// A database with the records, and the shapes that are wanted.
    func open(_ database: TestDatabase) async throws -> (SQLiteEngine, [TableShape]) {
        let engine = try await database.open([table("t", before)])
        for (index, value) in values.enumerated() {
            try await engine.run([record("t", index + 1, [before.name], value)])
        }
        return (engine, [table("t", columns: after.map { [$0] } ?? [])])
    }
}

@Suite struct MigrationLossTests {
    @Test(arguments: LossCase.losses)
    func whatIsLostIsCountedAndNeedsLeave(_ test: LossCase) async throws {
        let database = try TestDatabase()
        let (engine, wanted) = try await test.open(database)
        let before = try await engine.everything([table("t", test.before)])
        let plan = try await engine.plan(to: wanted)
        #expect(plan.description == test.line)
        await #expect { try await engine.apply(plan) } throws: { isRefusal($0, saying: "lose data") }
        #expect(try await engine.everything([table("t", test.before)]) == before)
        try await engine.apply(plan, allowLoss: true)
        if test.after != nil {
            #expect(try await engine.texts("SELECT quote(\"f\") FROM \"t\" ORDER BY \"id\"") == test.stored)
        }
        #expect(try await engine.plan(to: wanted).isEmpty)
        #expect(try await engine.texts("SELECT count(*) FROM \"t\"") == ["\(test.values.count)"])
    }

    @Test(arguments: LossCase.obstacles)
    func whatCantBeDoneIsToldAndNotDone(_ test: LossCase) async throws {
        let database = try TestDatabase()
        let (engine, wanted) = try await test.open(database)
        let before = try await engine.everything([table("t", test.before)])
        let plan = try await engine.plan(to: wanted)
        #expect(plan.description == test.line)
        await #expect { try await engine.apply(plan, allowLoss: true) } throws: {
            isRefusal($0, saying: "can't be changed")
        }
        #expect(try await engine.everything([table("t", test.before)]) == before)
    }

    @Test func aDroppedCollectionLosesItsRecordsButNotTheirHistory() async throws {
        let database = try TestDatabase()
        let engine = try await database.open(
            [table("t", column("f", .text)), table("empty")],
            record("t", 1),
            "INSERT INTO \"_journal\" VALUES (1, 'x', 1, 'team:ada', 't', 'r', 1, 'created', NULL, '{}')"
        )
        let plan = try await engine.plan(to: [])
        #expect(plan.description == "- drop the collection t: 1 record is in it\n  drop the collection empty")
        try await engine.apply(plan, allowLoss: true)
        #expect(try await engine.texts("SELECT \"collection\" FROM \"_journal\"") == ["t"])
        #expect(try await engine.texts("SELECT count(*) FROM sqlite_schema WHERE name IN ('t', 'empty')") == ["0"])
    }
}

func isRefusal(_ error: any Error, saying words: String) -> Bool {
    guard case StorageFailure.refused(let failure) = error else { return false }
    return failure.detail.contains(words)
}
