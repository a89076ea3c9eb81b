import OffstageSchema
package import OffstageStorage

/// The tables that every database on a server has beside those of its catalog, and what is kept in `_offstage`.
package enum SystemTables {
    /// Those of the first format.
    private static let names = ["_offstage", "_journal", "_journal_head", "_answers", "_aside"]

    /// What `_offstage` holds.
    package enum Key: String {
        case format, epoch, shapes
        /// A migration that is under way where definitions can't be taken back.
        case migration
        /// Where the data went, or is going.
        case moved
        /// What a database is being filled from, and how far that is.
        case filling
    }

    /// Refuses a database that holds what Offstage did not make, before anything is written to it.
    static func identify<Driver: ServerDriver>(_ driver: Driver, _ link: Driver.Link) throws(StorageFailure) {
        let tables = try driver.tables(link)
        guard !tables.isEmpty, !tables.contains("_offstage") else { return }
        let some = tables.sorted().prefix(3).joined(separator: ", ")
        throw .refused(
            Failure(
                .conflict,
                "\(driver.place) holds tables that Offstage did not make (\(some)); it was not touched. "
                    + "Name an empty database in OFFSTAGE_DATABASE."
            )
        )
    }

    /// Makes those of the first format, and the functions.
    static func create<Driver: ServerDriver>(_ driver: Driver, _ link: Driver.Link) throws(StorageFailure) {
        for text in driver.dialect.functions { try link.execute(text) }
        for statement in driver.dialect.systemTables { try link.run(statement) }
        guard try value(.format, link) == nil else { return }
        // One that was killed here before may have come so far.
        try link.run("DELETE FROM \(SQL.Name("_journal_head"))")
        try link.run("INSERT INTO \(SQL.Name("_journal_head")) VALUES (1, 0)")
        try set(.epoch, epoch(), link)
        try set(.format, String(DatabaseFormat.first), link)
    }

    /// Makes what a database of an earlier format lacks. One that was killed here, where definitions can't be taken back, goes
    /// on: what is there already stays.
    static func upgrade<Driver: ServerDriver>(_ driver: Driver, _ link: Driver.Link) throws(StorageFailure) {
        guard try format(link) < DatabaseFormat.current else { return }
        if driver.dialect.definesInTransactions {
            let tables = try driver.tables(link)
            if let stranger = KeptTable.all.first(where: { tables.contains($0.name) }) {
                throw DatabaseFormat.stranger(stranger.name)
            }
        }
        for table in KeptTable.all {
            for statement in driver.dialect.create(table) { try link.run(statement) }
        }
        try set(.format, String(DatabaseFormat.current), link)
    }

    /// 128 random bits: what tells this database's journal from that of any other, or of a restored copy.
    private static func epoch() -> String {
        let halves = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
        return halves.map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }

    // MARK: Values

    package static func value(_ key: Key, _ link: some Connection) throws(StorageFailure) -> String? {
        try link.first(
            "SELECT \(SQL.Name("value")) FROM \(SQL.Name("_offstage")) WHERE \(SQL.Name("key")) = \(.text(key.rawValue))"
        ) { $0.text(0) }
    }

    /// One statement, so that who is killed outside of a transaction leaves the former value or the new one.
    package static func set(_ key: Key, _ text: String?, _ link: some Connection) throws(StorageFailure) {
        let (table, condition) = (SQL.Name("_offstage"), "\(SQL.Name("key")) = \(.text(key.rawValue))" as SQL)
        guard let text else {
            try link.run("DELETE FROM \(table) WHERE \(condition)")
            return
        }
        let found = try link.run("UPDATE \(table) SET \(SQL.Name("value")) = \(.text(text)) WHERE \(condition)")
        guard found == 0 else { return }
        try link.run("INSERT INTO \(table) VALUES (\(.text(key.rawValue)), \(.text(text)))")
    }

    /// - Throws: `.refused` for a later format than this program knows.
    static func format(_ link: some Connection) throws(StorageFailure) -> Int {
        try DatabaseFormat.read(try value(.format, link))
    }

    // MARK: Shapes in force

    /// The shapes in force; nil for a database in which nothing was made yet.
    /// - Throws: `.refused` for a database of a later format, `.damaged` for one that lacks what it must have.
    package static func shapes<Driver: ServerDriver>(
        _ driver: Driver,
        _ link: Driver.Link
    ) throws(StorageFailure) -> [TableShape]? {
        let tables = try driver.tables(link)
        guard tables.contains("_offstage") else { return nil }
        // What was killed while it was made, where definitions can't be taken back, is made to its end.
        guard let found = try value(.format, link) else { return nil }
        let format = try DatabaseFormat.read(found)
        let kept = format >= DatabaseFormat.withKeptTables ? KeptTable.all.map(\.name) : []
        for name in names + kept where !tables.contains(name) {
            throw .damaged("the database lacks its table \(name); restore it from a backup")
        }
        guard let text = try value(.shapes, link) else { return nil }
        return try ShapesText.read(text)
    }

    static func store(_ shapes: [TableShape], _ link: some Connection) throws(StorageFailure) {
        try set(.shapes, try ShapesText.write(shapes), link)
    }
}
