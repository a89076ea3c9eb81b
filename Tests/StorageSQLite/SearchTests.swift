import Foundation
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// The FTS5 tables of searches: made, made anew and dropped by migrations, and in step with the records.
@Suite struct SearchTests {
    private static let fields = [
        column("name", .text), column("tags", .list(.text)), column("note", .text), column("rank", .text),
    ]

    private static func products(
        _ search: [String]?,
        name: String = "products",
        _ columns: [ColumnShape] = fields,
        was: String? = nil
    ) -> TableShape {
        TableShape(name: name, columns: columns, indexes: [], search: search, was: was)
    }

    private static let rows: [SQL] = [
        record("products", 1, ["name", "tags"], .text("Green tea"), .list([.text("Zürich"), .text("a\nb \"c\"")])),
        record("products", 2, ["name", "note", "rank"], .text("Black tea"), .text("strong"), .text("first")),
    ]

    private func filled(_ database: TestDatabase, _ search: [String]?) async throws -> SQLiteEngine {
        // The rows come first, so that it is the migration that finds them.
        let engine = try await database.open([Self.products(nil)])
        try await engine.run(Self.rows)
        if search != nil { try await engine.migrate(to: [Self.products(search)]) }
        return engine
    }

    /// The numbers of the records that fit an FTS5 query, and that the index is sound.
    private func found(_ query: String, in name: String = "products", _ engine: SQLiteEngine) async throws -> [String] {
        let search = SQL.Name(stored: "_search(\(name))")
        let table = SQL.Name(stored: name)
        try await check(name, engine)
        return try await engine.texts(
            """
            SELECT substr("id", -1) FROM \(search) AS "found" JOIN \(table) ON \(table)."_rowid_" = "found"."rowid"
            WHERE \(search) MATCH \(.text(query)) ORDER BY 1
            """
        )
    }

    private func check(_ name: String, _ engine: SQLiteEngine) async throws {
        let search = SQL.Name(stored: "_search(\(name))")
        try await engine.run(["INSERT INTO \(search) (\(search), \"rank\") VALUES ('integrity-check', 1)"])
        #expect(try await engine.texts("PRAGMA integrity_check") == ["ok"])
        #expect(try await engine.texts("PRAGMA foreign_key_check") == [])
    }

    private func parts(_ engine: SQLiteEngine) async throws -> [String] {
        try await engine.texts("SELECT name FROM sqlite_schema WHERE name LIKE '%search%' ORDER BY 1")
    }

    // MARK: Migrations

    @Test func aSearchThatIsNewFindsTheRecordsThatAreThere() async throws {
        let engine = try await filled(try TestDatabase(), nil)
        let plan = try await engine.plan(to: [Self.products(["name", "tags", "rank"])])
        #expect(plan.description == "  add the search of products in [name, tags, rank]")
        #expect(!plan.losesData)
        try await engine.apply(plan)
        #expect(try await engine.plan(to: [Self.products(["name", "tags", "rank"])]).isEmpty)
        #expect(try await found("tea", engine) == ["1", "2"])
        #expect(try await found("zurich", engine) == ["1"])
        #expect(try await found("\"a b c\"", engine) == ["1"])
        #expect(try await found("strong", engine) == [])
        #expect(try await found("first", engine) == ["2"])
    }

    @Test func aChangedSearchIsMadeAnew() async throws {
        let engine = try await filled(try TestDatabase(), ["name"])
        let plan = try await engine.migrate(to: [Self.products(["name", "note"])])
        #expect(plan.description == "  make the search of products look into [name, note]")
        #expect(!plan.losesData)
        #expect(try await found("tea strong", engine) == ["2"])
        let order = try await engine.migrate(to: [Self.products(["note", "name"])])
        #expect(order.description == "  make the search of products look into [note, name]")
        #expect(try await found("tea strong", engine) == ["2"])
    }

    @Test func aDroppedSearchLeavesNothing() async throws {
        let engine = try await filled(try TestDatabase(), ["name"])
        #expect(try await parts(engine).count == 6)
        let plan = try await engine.migrate(to: [Self.products(nil)])
        #expect(plan.description == "  drop the search of products")
        #expect(!plan.losesData)
        #expect(try await parts(engine) == [])
        try await engine.migrate(to: [Self.products(["name"])])
        try await engine.migrate(to: [], allowLoss: true)
        #expect(try await parts(engine) == [])
    }

    @Test func aSearchGoesAlongWithRenamesAndRebuilds() async throws {
        let engine = try await filled(try TestDatabase(), ["name", "tags"])
        let wares = Self.products(
            ["title", "tags"],
            name: "wares",
            [
                column("title", .text, was: "name"), column("tags", .list(.text)), column("note", .text),
                column("rank", .text),
            ],
            was: "products"
        )
        let plan = try await engine.migrate(to: [wares])
        #expect(plan.steps.map(\.kind) == [.renameTable, .renameColumn])
        #expect(try await found("tea zurich", in: "wares", engine) == ["1"])
        // A rebuild gives other rowids: a gap in them shows whether the search follows.
        try await engine.run([record("wares", 3, ["title"], .text("Late"))])
        try await engine.run(["DELETE FROM \"wares\" WHERE \"id\" = \(.identifier(id(1)))"])
        let required = Self.products(
            ["title"],
            name: "wares",
            [column("title", .text, required: true), column("note", .text)]
        )
        let rebuilt = try await engine.migrate(to: [required], allowLoss: true)
        #expect(!rebuilt.steps.map(\.kind).contains(.changeSearch))
        #expect(try await found("tea", in: "wares", engine) == ["2"])
        #expect(try await found("late", in: "wares", engine) == ["3"])
        // Beside others whose names are alike, and a field of another type.
        let both = [required, Self.products(["x"], name: "wares_data", [column("x", .text)])]
        try await engine.migrate(to: both)
        #expect(try await found("late", in: "wares", engine) == ["3"])
        #expect(try await found("late", in: "wares_data", engine) == [])
    }

    @Test func aMigrationThatFailsLeavesTheSearchAsItWas() async throws {
        let engine = try await filled(try TestDatabase(), ["name"])
        let after = [
            Self.products(["name", "note"], [column("name", .text, required: true), column("note", .text)]),
            table("b"),
        ]
        let plan = try await engine.plan(to: after)
        try await engine.run(["CREATE TABLE \"_rebuilt_products\" (\"x\" TEXT)"])
        await #expect(throws: StorageFailure.self) { try await engine.apply(plan, allowLoss: true) }
        #expect(try await found("tea", engine) == ["1", "2"])
        #expect(try await engine.storedShapes() == [Self.products(["name"])])
        try await engine.run(["DROP TABLE \"_rebuilt_products\""])
        try await engine.apply(plan, allowLoss: true)
        #expect(try await found("tea strong", engine) == ["2"])
    }

    /// Has a statement run by SQLite's own tool, as somebody would who opens the file.
    private static func sqlite3(_ path: String, _ statement: String) throws {
        let arguments: [String] = ["sqlite3", path, statement]
        let words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        try #require(posix_spawnp(&process, "sqlite3", nil, nil, words, nil) == 0)
        var status: Int32 = -1
        waitpid(process, &status, 0)
        try #require(status == 0)
    }

    @Test(arguments: [
        "_search(products)", "_search(products)_idx", "_search(products)_docsize", "_search(products)_content",
    ])
    func aMissingPartIsNamed(part: String) async throws {
        let database = try TestDatabase()
        let engine = try await filled(database, ["name"])
        await engine.close()
        try Self.sqlite3(database.path, "DROP TABLE \"\(part)\"")
        let again = try database.open()
        await #expect { try await again.plan(to: [Self.products(["name"])]) } throws: { error in
            guard case StorageFailure.damaged(let reason) = error else { return false }
            return reason.contains("the table \(part)")
        }
    }

    @Test func aShapeOfBeforeThereWereSearchesIsRead() throws {
        let text = #"[{"columns":[],"indexes":[],"name":"a"}]"#
        #expect(try ShapesText.read(text) == [TableShape(name: "a", columns: [], indexes: [])])
        #expect(try ShapesText.write([TableShape(name: "a", columns: [], indexes: [])]) == text)
    }

    // MARK: Writes

    private static let upkeep = SQLiteDialect().searchUpkeep(
        of: Collection(name: "products", fields: [Field("name", .text(TextKind()))], search: ["name"])
    )

    private static func bound(_ steps: [SearchUpkeep.Step], _ values: Value...) -> Statement {
        SQLiteDialect().render(steps.first?.statement ?? "").binding(values)
    }

    private static func add(
        _ number: Int,
        _ name: String,
        _ connection: any Connection
    ) throws(StorageFailure) {
        try connection.run(record("products", number, ["name"], .text(name)))
        guard let upkeep else { throw .other("no upkeep") }
        try connection.run(bound(upkeep.insert, .text(name), .identifier(id(number))))
    }

    @Test func whatIsTakenBackIsNotFound() async throws {
        let engine = try await filled(try TestDatabase(), ["name"])
        await #expect(throws: StorageFailure.self) {
            try await engine.write { connection throws(StorageFailure) in
                try Self.add(5, "Taken back", connection)
                throw StorageFailure.other("enough")
            }
        }
        #expect(try await found("taken", engine) == [])
        // Good and bad ones of one group share a transaction, a savepoint each.
        await withTaskGroup(of: Void.self) { group in
            for number in 10..<60 {
                group.addTask {
                    try? await engine.write { connection throws(StorageFailure) in
                        try Self.add(number, number % 2 == 0 ? "even" : "odd", connection)
                        if number % 2 == 1 { throw StorageFailure.other("odd") }
                    }
                }
            }
        }
        #expect(try await found("odd", engine) == [])
        #expect(try await found("even", engine).count == 25)
    }

    /// The search goes by rowids. SQLite's manual does not promise that VACUUM keeps them; this version does.
    @Test func aVacuumKeepsTheSearch() async throws {
        let database = try TestDatabase()
        let engine = try await filled(database, ["name"])
        try await engine.run(["DELETE FROM \"products\" WHERE \"id\" = \(.identifier(id(1)))"])
        try await engine.write { connection throws(StorageFailure) in
            try Self.add(3, "White tea", connection)
            try Self.add(4, "Yellow tea", connection)
            try connection.run("DELETE FROM \"products\" WHERE \"id\" = \(.identifier(id(3)))")
        }
        await engine.close()
        let copy = database.folder.path + "/copy.db"
        for statement in ["VACUUM INTO '\(copy)'", "VACUUM"] {
            try Self.sqlite3(database.path, statement)
        }
        for path in [database.path, copy] {
            let again = try SQLiteEngine(path: path)
            #expect(try await found("yellow", again) == ["4"])
            #expect(try await found("black", again) == ["2"])
            await again.close()
        }
    }
}
