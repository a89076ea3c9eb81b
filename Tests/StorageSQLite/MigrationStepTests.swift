import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// Steps that lose nothing: what the plan says, and what a record holds afterwards.
struct LosslessCase: CustomTestStringConvertible, Sendable {
    let before: ColumnShape?
    let value: Value
    let after: ColumnShape
    let steps: [String]
    let stored: String

    var testDescription: String { steps.joined(separator: "; ") }

    init(_ before: ColumnShape?, _ value: Value, _ after: ColumnShape, _ steps: [String], stored: String) {
        self.before = before
        self.value = value
        self.after = after
        self.steps = steps
        self.stored = stored
    }

    static let all: [LosslessCase] = [
        LosslessCase(nil, .null, column("f", .text), ["add the field t.f (text)"], stored: "NULL"),
        LosslessCase(nil, .null, column("f", .list(.text)), ["add the field t.f (list of text)"], stored: "'[]'"),
        LosslessCase(
            nil,
            .null,
            column("f", .text, of: ["a", "b"], defaultValue: "\"b\""),
            ["add the field t.f (choice of a, b)"],
            stored: "'b'"
        ),
        LosslessCase(
            nil,
            .null,
            column("f", .decimal(scale: 2), required: true, digits: 10, defaultValue: "\"1.50\""),
            ["add the field t.f (decimal, 10 digits, 2 after the point, required)"],
            stored: "150"
        ),
        LosslessCase(
            column("f", .text),
            .text("x"),
            column("f", .text, required: true),
            ["make t.f required"],
            stored: "'x'"
        ),
        LosslessCase(
            column("f", .text),
            .null,
            column("f", .text, required: true, defaultValue: "\"d\""),
            ["make t.f required"],
            stored: "'d'"
        ),
        LosslessCase(
            column("f", .integer, required: true),
            .integer(4),
            column("f", .integer),
            ["let t.f be empty"],
            stored: "4"
        ),
        LosslessCase(
            column("f", .text),
            .text("x"),
            column("f", .text, unique: true),
            ["make t.f unique"],
            stored: "'x'"
        ),
        LosslessCase(
            column("f", .text, unique: true),
            .text("x"),
            column("f", .text),
            ["let t.f repeat"],
            stored: "'x'"
        ),
        LosslessCase(
            column("f", .text, of: ["a"]),
            .text("a"),
            column("f", .text, of: ["b", "a"]),
            ["widen t.f to choice of b, a"],
            stored: "'a'"
        ),
        LosslessCase(
            column("f", .text, of: ["a", "b"]),
            .text("a"),
            column("f", .text, of: ["a"]),
            ["limit t.f to choice of a"],
            stored: "'a'"
        ),
        LosslessCase(
            column("f", .text, of: ["a"]),
            .text("a"),
            column("f", .text),
            ["widen t.f to text"],
            stored: "'a'"
        ),
        LosslessCase(
            column("f", .decimal(scale: 2), digits: 10),
            .decimal(Decimal(unscaled: 1250, scale: 2)),
            column("f", .decimal(scale: 3), digits: 12),
            ["convert t.f from decimal, 10 digits, 2 after the point to decimal, 12 digits, 3 after the point"],
            stored: "12500"
        ),
        LosslessCase(
            column("f", .decimal(scale: 2), digits: 10),
            .decimal(Decimal(unscaled: 1250, scale: 2)),
            column("f", .decimal(scale: 2), digits: 12),
            ["widen t.f to decimal, 12 digits, 2 after the point"],
            stored: "1250"
        ),
        LosslessCase(
            column("f", .decimal(scale: 2), digits: 10),
            .decimal(Decimal(unscaled: 1250, scale: 2)),
            column("f", .decimal(scale: 2), digits: 4),
            ["limit t.f to decimal, 4 digits, 2 after the point"],
            stored: "1250"
        ),
        LosslessCase(
            column("f", .integer),
            .integer(7),
            column("f", .list(.integer)),
            ["convert t.f from integer to list of integer"],
            stored: "'[7]'"
        ),
        LosslessCase(
            column("old", .text, unique: true),
            .text("x"),
            column("f", .text, unique: true, was: "old"),
            ["rename the field t.old to f"],
            stored: "'x'"
        ),
        LosslessCase(
            column("old", .integer),
            .integer(5),
            column("f", .text, required: true, was: "old"),
            ["rename the field t.old to f", "convert t.f from integer to text", "make t.f required"],
            stored: "'5'"
        ),
        LosslessCase(column("f", .text, defaultValue: "\"a\""), .text("x"), column("f", .text), [], stored: "'x'"),
    ]
}

@Suite struct MigrationStepTests {
    @Test(arguments: LosslessCase.all)
    func aStepThatLosesNothingKeepsTheRecord(_ test: LosslessCase) async throws {
        let other = column("other", .text)
        let before = table("t", columns: [other] + (test.before.map { [$0] } ?? []))
        let after = table("t", columns: [other, test.after])
        let database = try TestDatabase()
        let names = ["other"] + (test.before.map { [$0.name] } ?? [])
        let engine = try await database.open([before])
        if test.before == nil {
            try await engine.run([record("t", 1, names, .text("kept"))])
        } else {
            try await engine.run([record("t", 1, names, .text("kept"), test.value)])
        }
        let plan = try await engine.migrate(to: [after])
        #expect(plan.steps.map(\.sentence) == test.steps)
        #expect(!plan.losesData)
        #expect(plan.obstacles.isEmpty)
        let rows = try await engine.texts(
            """
            SELECT "id", "created", "updated", "version", "other", quote("f") FROM "t"
            """,
            columns: 6
        )
        #expect(rows == ["\(id(1))|1000|2000|3|kept|\(test.stored)"])
        #expect(try await engine.storedShapes() == [after])
        #expect(try await engine.plan(to: [after]).isEmpty)
        // A database made at once is the same as one that got there.
        let straight = try await TestDatabase().open([after])
        let made = try await straight.texts("SELECT name FROM pragma_table_xinfo('t') ORDER BY 1")
        #expect(try await engine.texts("SELECT name FROM pragma_table_xinfo('t') ORDER BY 1") == made)
        let indexes: SQL = "SELECT name || sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1"
        #expect(try await engine.texts(indexes) == straight.texts(indexes))
    }
}

func table(_ name: String, columns: [ColumnShape]) -> TableShape {
    TableShape(name: name, columns: columns, indexes: [])
}
