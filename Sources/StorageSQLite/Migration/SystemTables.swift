import OffstageSchema
import OffstageStorage

/// The tables that every database of Offstage has beside those of its catalog.
enum SystemTables {
    /// Those of the first format.
    private static let names = ["_offstage", "_journal", "_answers", "_aside"]

    /// Makes those of the first format in an empty database, and marks it as Offstage's.
    static func create(_ connection: SQLiteConnection) throws(StorageFailure) {
        for statement in statements { try connection.run(statement) }
        try connection.run(
            "INSERT INTO \"_offstage\" VALUES ('format', \(.text(String(DatabaseFormat.first)))), ('epoch', \(.text(epoch())))"
        )
        try connection.execute("PRAGMA application_id = \(SQLiteEngine.applicationID)")
    }

    /// Makes what a database of an earlier format lacks. Must run in a transaction.
    static func upgrade(_ connection: SQLiteConnection) throws(StorageFailure) {
        guard try format(connection) < DatabaseFormat.current else { return }
        for table in KeptTable.all {
            guard try Introspection.columns(of: table.name, connection) == nil else {
                throw DatabaseFormat.stranger(table.name)
            }
            for statement in TableDefinition.create(table) { try connection.run(statement) }
        }
        try set("format", String(DatabaseFormat.current), connection)
    }

    private static let statements: [SQL] = [
        """
        CREATE TABLE "_offstage" ("key" TEXT PRIMARY KEY NOT NULL, "value" TEXT NOT NULL) STRICT
        """,
        """
        CREATE TABLE "_journal" (
        "position" INTEGER PRIMARY KEY AUTOINCREMENT,
        "transaction" TEXT NOT NULL,
        "at" INTEGER NOT NULL,
        "actor" TEXT NOT NULL,
        "collection" TEXT NOT NULL,
        "record" TEXT NOT NULL,
        "version" INTEGER NOT NULL,
        "kind" TEXT NOT NULL CHECK ("kind" IN ('created', 'updated', 'deleted')),
        "before" TEXT,
        "after" TEXT
        ) STRICT
        """,
        """
        CREATE TABLE "_answers" (
        "key" TEXT NOT NULL,
        "scope" TEXT NOT NULL,
        "fingerprint" INTEGER NOT NULL,
        "at" INTEGER NOT NULL,
        "status" INTEGER NOT NULL,
        "headers" TEXT NOT NULL,
        "body" TEXT,
        PRIMARY KEY ("scope", "key")
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX \"_answers(at)\" ON \"_answers\" (\"at\")",
        """
        CREATE TABLE "_aside" (
        "id" INTEGER PRIMARY KEY,
        "form" TEXT NOT NULL,
        "at" INTEGER NOT NULL,
        "address" TEXT NOT NULL,
        "values" TEXT NOT NULL
        ) STRICT
        """,
        "CREATE INDEX \"_aside(form, id)\" ON \"_aside\" (\"form\", \"id\")",
    ]

    /// 128 random bits: what tells this database's journal from that of any other, or of a restored copy.
    private static func epoch() -> String {
        let halves = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
        return halves.map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    /// - Throws: `.refused` for a later format than this program knows.
    static func format(_ connection: any Connection) throws(StorageFailure) -> Int {
        try DatabaseFormat.read(try value("format", connection))
    }

    // MARK: Shapes in force

    /// The shapes in force; nil for a database in which nothing was made yet.
    /// - Throws: `.refused` for a database of a later format, `.damaged` for one that lacks what it must have.
    static func shapes(_ connection: any Connection) throws(StorageFailure) -> [TableShape]? {
        let tables = try connection.first("SELECT count(*) FROM sqlite_schema") { $0.integer(0) } ?? 0
        guard tables > 0 else { return nil }
        try check(names, connection)
        if try format(connection) >= DatabaseFormat.withKeptTables {
            try check(KeptTable.all.map(\.name), connection)
        }
        guard let text = try value("shapes", connection) else {
            throw .damaged("the database does not say which tables it holds; restore it from a backup")
        }
        return try ShapesText.read(text)
    }

    private static func check(_ names: [String], _ connection: any Connection) throws(StorageFailure) {
        for name in names where try Introspection.columns(of: name, connection) == nil {
            throw .damaged("the database lacks its table \(name); restore it from a backup")
        }
    }

    static func store(_ shapes: [TableShape], _ connection: SQLiteConnection) throws(StorageFailure) {
        let text = Value.text(try ShapesText.write(shapes))
        try connection.run(
            "INSERT INTO \"_offstage\" VALUES ('shapes', \(text)) ON CONFLICT DO UPDATE SET \"value\" = \(text)"
        )
    }

    static func value(_ key: String, _ connection: any Connection) throws(StorageFailure) -> String? {
        try connection.first(
            "SELECT \"value\" FROM \"_offstage\" WHERE \"key\" = \(.text(key))"
        ) { $0.text(0) }
    }

    static func set(_ key: String, _ value: String?, _ connection: any Connection) throws(StorageFailure) {
        try connection.run("DELETE FROM \"_offstage\" WHERE \"key\" = \(.text(key))")
        guard let value else { return }
        try connection.run("INSERT INTO \"_offstage\" VALUES (\(.text(key)), \(.text(value)))")
    }
}
