import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// Renames, and rebuilds among tables that refer to one another.
@Suite struct MigrationTableTests {
    private static let categories = table("categories", column("name", .text, required: true, unique: true))
    private static let products = table(
        "products",
        column("name", .text, required: true),
        column("price", .decimal(scale: 2), digits: 10),
        column("category", .identifier, to: "categories"),
        column("also", .list(.identifier), to: "categories"),
        column("parent", .identifier, to: "products"),
        indexes: [["category", "-price"]]
    )

    private func shop(_ database: TestDatabase) async throws -> SQLiteEngine {
        try await database.open(
            [Self.categories, Self.products],
            record("categories", 1, ["name"], .text("ink")),
            record("categories", 2, ["name"], .text("paper")),
            record(
                "products",
                3,
                ["name", "price", "category", "also", "parent"],
                .text("black"),
                .decimal(Decimal(unscaled: 1250, scale: 2)),
                .identifier(id(1)),
                .list([.identifier(id(2)), .identifier(id(1))]),
                .identifier(id(3))
            ),
            "INSERT INTO \"_links_products.also\" SELECT \"id\", 0, \(.identifier(id(2))) FROM \"products\"",
            "INSERT INTO \"_links_products.also\" SELECT \"id\", 1, \(.identifier(id(1))) FROM \"products\""
        )
    }

    private static let links = ["\(id(3))|0|\(id(2))", "\(id(3))|1|\(id(1))"]

    private func expectReferencesHold(_ engine: SQLiteEngine, _ products: String, _ categories: String) async throws {
        #expect(try await engine.texts("SELECT \"table\" FROM pragma_foreign_key_check") == [])
        #expect(try await engine.texts("PRAGMA integrity_check") == ["ok"])
        // The database refuses what would leave a reference to nothing, in every table that refers.
        for number in [1, 2] {
            await #expect {
                let name = SQL.Name(stored: categories)
                try await engine.run(["DELETE FROM \(name) WHERE \"id\" = \(.identifier(id(number)))"])
            } throws: { error in
                if case StorageFailure.reference = error { true } else { false }
            }
        }
        await #expect {
            try await engine.run([record(products, 8, ["name", "parent"], .text("x"), .identifier(id(99)))])
        } throws: { error in
            if case StorageFailure.reference = error { true } else { false }
        }
    }

    @Test func aRebuildKeepsRowsReferencesIndexesAndLinks() async throws {
        let database = try TestDatabase()
        let engine = try await shop(database)
        let indexes: SQL = "SELECT name || sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1"
        let before = try await engine.texts(indexes)
        // Both tables are rebuilt: the one that refers and the one that is referred to.
        let categories = table("categories", column("name", .text, unique: true))
        let products = TableShape(
            name: "products",
            columns: Self.products.columns.map { $0.name == "name" ? column("name", .text) : $0 },
            indexes: Self.products.indexes
        )
        let plan = try await engine.migrate(to: [categories, products])
        #expect(plan.description == "  let categories.name be empty\n  let products.name be empty")
        #expect(try await engine.texts(indexes) == before)
        let row = try await engine.texts(
            "SELECT \"name\", \"price\", \"category\", \"also\", \"parent\", \"created\", \"version\" FROM \"products\"",
            columns: 7
        )
        #expect(row == ["black|1250|\(id(1))|[\"\(id(2))\",\"\(id(1))\"]|\(id(3))|1000|3"])
        #expect(
            try await engine.texts("SELECT * FROM \"_links_products.also\" ORDER BY 1, 2", columns: 3) == Self.links
        )
        try await expectReferencesHold(engine, "products", "categories")
    }

    @Test func renamedTablesTakeTheirReferencesAlong() async throws {
        let database = try TestDatabase()
        let engine = try await shop(database)
        let groups = TableShape(name: "groups", columns: Self.categories.columns, indexes: [], was: "categories")
        let items = table(
            "items",
            column("name", .text, required: true),
            column("cost", .decimal(scale: 2), digits: 10, was: "price"),
            column("kind", .identifier, to: "groups", was: "category"),
            column("more", .list(.identifier), to: "groups", was: "also"),
            column("parent", .identifier, to: "items"),
            indexes: [["kind", "-cost"]],
            was: "products"
        )
        let plan = try await engine.migrate(to: [groups, items])
        #expect(
            plan.description == """
                  rename the collection categories to groups
                  rename the collection products to items
                  rename the field items.price to cost
                  rename the field items.category to kind
                  rename the field items.also to more
                """
        )
        #expect(
            try await engine.texts("SELECT \"name\", \"cost\", \"kind\" FROM \"items\"", columns: 3) == [
                "black|1250|\(id(1))"
            ]
        )
        #expect(try await engine.texts("SELECT * FROM \"_links_items.more\" ORDER BY 1, 2", columns: 3) == Self.links)
        try await expectReferencesHold(engine, "items", "groups")
        // The same file again: the former names are known no more and say nothing.
        #expect(try await engine.plan(to: [groups, items]).isEmpty)
        let straight = try await TestDatabase().open([groups, items])
        let names: SQL = "SELECT name FROM sqlite_schema ORDER BY 1"
        #expect(try await engine.texts(names) == straight.texts(names))
    }

    @Test(
        arguments: [
            (["a", "b"], [("b", "a")], "the database has a collection a and a collection b"),
            (["a"], [("a", nil), ("b", "a")], "the file still has a collection a"),
            (["a"], [("b", "a"), ("c", "a")], "b says `was: a` too"),
        ] as [([String], [(String, String?)], String)]
    )
    func aRenameThatCanMeanTwoThingsIsAFault(stored: [String], wanted: [(String, String?)], reason: String) async throws
    {
        let database = try TestDatabase()
        let engine = try await database.open(stored.map { table($0, columns: []) })
        let plan = try await engine.plan(
            to: wanted.map { TableShape(name: $0.0, columns: [], indexes: [], was: $0.1) }
        )
        #expect(plan.obstacles.map { $0.obstacle?.reason } == [reason])
        #expect(plan.obstacles.map(\.kind) == [.renameTable])
        // The same for fields.
        let fields = try await TestDatabase().open([table("t", columns: stored.map { column($0, .text) })])
        let same = try await fields.plan(
            to: [table("t", columns: wanted.map { column($0.0, .text, was: $0.1) })]
        )
        let expected = reason.split(separator: "collection", omittingEmptySubsequences: false).joined(
            separator: "field"
        )
        #expect(same.obstacles.map { $0.obstacle?.reason } == [expected])
        #expect(same.obstacles.map(\.kind) == [.renameColumn])
    }

    @Test func aFormerNameThatNobodyKnowsOrThatIsInUseAgainSaysNothing() async throws {
        let database = try TestDatabase()
        let shapes = [table("a"), TableShape(name: "b", columns: [], indexes: [], was: "a"), table("c", was: "gone")]
        let engine = try await database.open([table("b")])
        #expect(try await engine.migrate(to: shapes).steps.map(\.kind) == [.createTable, .createTable])
        #expect(try await engine.plan(to: shapes).isEmpty)
    }

    @Test func referencesComeAndGo() async throws {
        let database = try TestDatabase()
        let plain = table("t", column("one", .identifier), column("many", .list(.identifier)))
        let referring = table("t", column("one", .identifier, to: "t"), column("many", .list(.identifier), to: "t"))
        let engine = try await database.open(
            [plain],
            record("t", 1, ["one", "many"], .identifier(id(1)), .list([.identifier(id(1)), .identifier(id(1))]))
        )
        #expect(try await engine.migrate(to: [referring]).steps.map(\.kind) == [.addReference, .addReference])
        #expect(try await engine.texts("SELECT \"position\" FROM \"_links_t.many\" ORDER BY 1") == ["0", "1"])
        #expect(try await engine.texts("SELECT name FROM sqlite_schema WHERE name = 't(one)'") == ["t(one)"])
        #expect(try await engine.migrate(to: [plain]).steps.map(\.kind) == [.dropReference, .dropReference])
        #expect(try await engine.texts("SELECT name FROM sqlite_schema WHERE name LIKE '%links%'") == [])
        try await engine.run([record("t", 2, ["one"], .identifier(id(55)))])
    }

    @Test func theLinksOfAListGoWithItsReference() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([table("t", column("many", .list(.identifier), to: "t"))])
        try await engine.migrate(to: [table("t", column("many", .list(.identifier)))])
        #expect(try await engine.texts("SELECT name FROM sqlite_schema WHERE name LIKE '%links%'") == [])
    }

    @Test func aNewListOfReferencesHasItsLinks() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([table("t")], record("t", 1))
        let many = column("many", .list(.identifier), to: "t", defaultValue: "[\"\(id(1))\"]")
        try await engine.migrate(to: [table("t", many)])
        #expect(try await engine.texts("SELECT \"target\" FROM \"_links_t.many\"") == [id(1).description])
        try await engine.migrate(to: [table("t")], allowLoss: true)
        #expect(try await engine.texts("SELECT name FROM sqlite_schema WHERE name LIKE '%links%'") == [])
    }

    @Test func aReferenceToADroppedCollectionGoesWithIt() async throws {
        let database = try TestDatabase()
        let engine = try await shop(database)
        let products = TableShape(
            name: "products",
            columns: Self.products.columns.map { old in
                old.reference == "categories" ? column(old.name, old.type) : old
            },
            indexes: Self.products.indexes
        )
        try await engine.migrate(to: [products], allowLoss: true)
        try await engine.run([record("products", 9, ["name", "category"], .text("x"), .identifier(id(66)))])
        #expect(try await engine.texts("SELECT count(*) FROM \"products\"") == ["2"])
    }

    @Test func indexesComeAndGo() async throws {
        let database = try TestDatabase()
        let engine = try await database.open([table("t", column("a", .text), indexes: [["a"], ["a", "-created"]])])
        let plan = try await engine.migrate(to: [table("t", column("a", .text), indexes: [["a", "-created"], ["-a"]])])
        #expect(plan.description == "  add the index t [-a]\n  drop the index t [a]")
        let names = try await engine.texts(
            "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE INDEX%' AND tbl_name = 't' ORDER BY 1"
        )
        #expect(names == ["t(a desc)", "t(a, created desc)"])
    }
}
