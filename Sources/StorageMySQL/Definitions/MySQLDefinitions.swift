import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// How tables stand in MariaDB and MySQL. docs/engines.md shows the same to people.
extension MySQLDialect {
    /// Characters that a column of the words of a choice holds; longer ones need another type.
    private static let wordCharacters = 255

    private static func isShort(_ words: [String]?) -> Bool {
        guard let words else { return false }
        return words.allSatisfy { $0.unicodeScalars.count <= wordCharacters }
    }

    private static func isLong(_ column: ColumnShape) -> Bool { column.type == .text && !isShort(column.words) }

    package func type(of column: ColumnShape) -> String {
        switch column.type {
        case .boolean: "tinyint(1)"
        case .integer, .decimal: "bigint"
        case .number: "double"
        case .text: (Self.isShort(column.words) ? "varchar(255) " : "mediumtext ") + collationName
        case .email: "varchar(254) " + collationName
        case .date: "date"
        case .datetime: "datetime(3)"
        case .identifier: "varchar(36) ascii_bin"
        case .json, .list: "longtext " + collationName
        }
    }

    package var ownTypes: [(name: String, type: String)] {
        [
            ("id", "varchar(36) ascii_bin"), ("created", "datetime(3)"), ("updated", "datetime(3)"),
            ("version", "bigint"),
        ]
    }

    private var text: SQL { "CHARACTER SET utf8mb4 COLLATE \(collation)" }
    private static let id: SQL = "VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin"
    /// The servers' own settings would do, but may be changed.
    private static let engine: SQL = "ENGINE = InnoDB ROW_FORMAT = DYNAMIC"

    private func sqlType(_ column: ColumnShape) -> SQL { sqlType(column.type, words: column.words) }

    private func sqlType(_ type: ColumnType, words: [String]?) -> SQL {
        switch type {
        case .boolean: "TINYINT(1)"
        case .integer, .decimal: "BIGINT"
        case .number: "DOUBLE"
        case .text: Self.isShort(words) ? "VARCHAR(255) \(text)" : "MEDIUMTEXT \(text)"
        case .email: "VARCHAR(254) \(text)"
        case .date: "DATE"
        case .datetime: "DATETIME(3)"
        case .identifier: Self.id
        case .json, .list: "LONGTEXT \(text)"
        }
    }

    // MARK: Columns

    private func definition(_ column: ColumnShape, isRequired: Bool) -> SQL {
        let definition: SQL = "\(SQL.Name(column)) \(sqlType(column))"
        if column.isList { return definition + " NOT NULL DEFAULT ('[]')" }
        return definition + (isRequired ? " NOT NULL" : " NULL")
    }

    private static func key(_ column: ColumnShape) -> SQL.Name { SQL.Name(stored: key(of: column.name)) }

    /// The column beside one of mail addresses: what they are compared by. It takes no room but that in indexes.
    private func keyDefinition(_ column: ColumnShape) -> SQL? {
        guard column.type == .email else { return nil }
        return """
            \(Self.key(column)) VARCHAR(254) \(text) GENERATED ALWAYS AS (\(asciiLower("\(SQL.Name(column))"))) VIRTUAL
            """
    }

    private func definitions(_ column: ColumnShape, isRequired: Bool) -> [SQL] {
        [definition(column, isRequired: isRequired)] + [keyDefinition(column)].compactMap(\.self)
    }

    /// Changes of one table in one statement, of which a server that is killed does all or nothing.
    private func alter(_ table: String, _ changes: [SQL]) -> SQL {
        "ALTER TABLE \(SQL.Name(stored: table)) \(changes, separator: ", ")"
    }

    /// A column with another one made of it can't be renamed on MySQL; so that goes, and is made again.
    private func dropKey(_ column: ColumnShape) -> [SQL] {
        column.type == .email ? ["DROP COLUMN \(Self.key(column))"] : []
    }

    private func addKey(_ column: ColumnShape) -> [SQL] {
        keyDefinition(column).map { ["ADD COLUMN \($0)"] } ?? []
    }

    package func create(_ table: TableShape) -> SQL {
        let own: SQL = """
            "id" \(Self.id) NOT NULL PRIMARY KEY, "created" DATETIME(3) NOT NULL, "updated" DATETIME(3) NOT NULL,
            "version" BIGINT NOT NULL
            """
        let columns = [own] + table.columns.flatMap { definitions($0, isRequired: $0.required) }
        return "CREATE TABLE \(SQL.Name(table: table)) (\(columns, separator: ", ")) \(Self.engine)"
    }

    package func rename(_ table: String, to name: String) -> [SQL] {
        ["ALTER TABLE \(SQL.Name(stored: table)) RENAME TO \(SQL.Name(stored: name))"]
    }

    package func add(_ column: ColumnShape, to table: String) -> [SQL] {
        [alter(table, definitions(column, isRequired: false).map { "ADD COLUMN \($0)" })]
    }

    package func rename(_ column: ColumnShape, to after: ColumnShape, of table: String) -> [SQL] {
        [
            alter(
                table,
                dropKey(column) + ["RENAME COLUMN \(SQL.Name(column)) TO \(SQL.Name(after))"]
                    + (column.type == .email ? addKey(after) : [])
            )
        ]
    }

    package func drop(_ column: ColumnShape, of table: String) -> [SQL] {
        [alter(table, dropKey(column) + ["DROP COLUMN \(SQL.Name(column))"])]
    }

    package func replace(
        _ column: ColumnShape,
        by other: ColumnShape,
        as after: ColumnShape,
        of table: String
    ) -> [SQL] {
        let drops = dropKey(column) + ["DROP COLUMN \(SQL.Name(column))"]
        return [
            alter(
                table,
                drops + dropKey(other) + ["RENAME COLUMN \(SQL.Name(other)) TO \(SQL.Name(after))"] + addKey(after)
            )
        ]
    }

    package func require(_ column: ColumnShape, of table: String) -> [SQL] {
        [alter(table, ["MODIFY COLUMN \(definition(column, isRequired: column.required))"])]
    }

    // MARK: Indexes

    /// Texts of any length are unique by a hash of theirs, in a column of the index's name. The mark tells such an index from
    /// others; at the end of a long name it would be cut away.
    private static let hashed = "~"

    func uniqueIndex(of column: ColumnShape, _ table: TableShape) -> String {
        stored((Self.isLong(column) ? Self.hashed : "") + "\(table.name)(\(column.name)) unique")
    }

    package func indexes(of table: TableShape) -> [ServerIndex] {
        var indexes: [ServerIndex] = []
        for column in table.columns {
            if column.unique {
                indexes.append(uniqueIndex(column, of: table))
                if Self.isLong(column) { indexes.append(index([IndexShape.Key(column.name)], of: table)) }
            } else if column.reference != nil, !column.isList {
                indexes.append(index([IndexShape.Key(column.name)], of: table))
            }
        }
        for shape in table.indexes {
            let index = index(shape.keys, of: table)
            if !indexes.contains(where: { $0.name == index.name }) { indexes.append(index) }
        }
        return indexes
    }

    private func uniqueIndex(_ column: ColumnShape, of table: TableShape) -> ServerIndex {
        let name = uniqueIndex(of: column, table)
        let quoted = SQL.Name(stored: name)
        var create: SQL
        if Self.isLong(column) {
            create = alter(
                table.name,
                [
                    "ADD COLUMN \(quoted) BINARY(32) GENERATED ALWAYS AS (UNHEX(SHA2(\(SQL.Name(column)), 256))) VIRTUAL",
                    "ADD UNIQUE INDEX \(quoted) (\(quoted))",
                ]
            )
        } else {
            let key = column.type == .email ? Self.key(column) : SQL.Name(column)
            create = "CREATE UNIQUE INDEX \(quoted) ON \(SQL.Name(table: table)) (\(key))"
        }
        return ServerIndex(name: name, columns: [column.name], create: create)
    }

    private func index(_ keys: [IndexShape.Key], of table: TableShape) -> ServerIndex {
        let words = keys.map { $0.column + ($0.descending ? " desc" : "") }.joined(separator: ", ")
        let name = stored("\(table.name)(\(words))")
        var all = keys
        // Lists sort by id last: see SQLite's.
        if !all.contains(where: { $0.column == "id" }) {
            all.append(IndexShape.Key("id", descending: all.last?.descending ?? false))
        }
        let share = Self.share(all.compactMap { table.column($0.column) })
        let terms = all.map { key -> SQL in
            var term: SQL = "\(SQL.Name(stored: key.column))"
            if let column = table.column(key.column) {
                if column.type == .email { term = "\(Self.key(column))" }
                if let wanted = Self.characters(column), min(wanted, share) < wanted || Self.isLong(column) {
                    term += Self.prefix(min(wanted, share))
                }
            }
            return ordered(term, of: key.column, descending: key.descending)
        }
        return ServerIndex(
            name: name,
            columns: keys.map(\.column),
            create: "CREATE INDEX \(SQL.Name(stored: name)) ON \(SQL.Name(table: table)) (\(terms, separator: ", "))"
        )
    }

    /// InnoDB's limit of the bytes of an index, less what columns that are no texts may take.
    private static let indexBytes = 3072 - 16 * 40
    private static let indexedCharacters = 191

    /// How many characters of a column an index would hold; nil of what is no text.
    private static func characters(_ column: ColumnShape) -> Int? {
        switch column.type {
        case .text: isLong(column) ? indexedCharacters : wordCharacters
        case .email: 254
        case .json, .list: indexedCharacters
        default: nil
        }
    }

    /// How many of them each text gets, of an index in which they would not all find room.
    private static func share(_ columns: [ColumnShape]) -> Int {
        let wanted = columns.compactMap(characters)
        guard wanted.reduce(0, +) * 4 > indexBytes else { return wordCharacters }
        return indexBytes / 4 / wanted.count
    }

    /// Of the few lengths that there are, since SQL takes no number from outside.
    private static func prefix(_ characters: Int) -> SQL {
        switch characters {
        case indexedCharacters...: "(191)"
        case 150..<indexedCharacters: "(150)"
        case 120..<150: "(120)"
        case 80..<120: "(80)"
        case 60..<80: "(60)"
        default: "(37)"
        }
    }

    package func dropIndex(_ name: String, of table: String) -> SQL {
        // With its only column, an index goes as well.
        name.hasPrefix(Self.hashed)
            ? "ALTER TABLE \(SQL.Name(stored: table)) DROP COLUMN \(SQL.Name(stored: name))"
            : "DROP INDEX \(SQL.Name(stored: name)) ON \(SQL.Name(stored: table))"
    }

    package func dropReference(_ name: String, of table: String) -> SQL {
        "ALTER TABLE \(SQL.Name(stored: table)) DROP FOREIGN KEY \(SQL.Name(stored: name))"
    }

    // MARK: Tables beside

    package func createLinks(_ links: String) -> [SQL] {
        [
            """
            CREATE TABLE \(SQL.Name(stored: links)) ("record" \(Self.id) NOT NULL, "position" BIGINT NOT NULL,
            "target" \(Self.id) NOT NULL, PRIMARY KEY ("record", "position"),
            INDEX \(SQL.Name(stored: "\(links)(target)")) ("target")) \(Self.engine)
            """
        ]
    }

    package func numberedElements(of list: SQL, as alias: SQL.Name) -> SQL {
        """
        JSON_TABLE(\(list), '$[*]' COLUMNS ("number" FOR ORDINALITY, "target" VARCHAR(36) CHARACTER SET ascii COLLATE
        ascii_bin PATH '$')) AS \(alias)
        """
    }

    package func position(in elements: SQL.Name) -> SQL { "\(elements).\"number\" - 1" }

    package func createSearch(_ search: SearchTables) -> [SQL] {
        let columns = search.fields.flatMap { field -> [SQL] in
            [
                "\(SearchTables.column(field)) LONGTEXT \(text) NOT NULL",
                "\(SearchTables.count(field)) BIGINT NOT NULL",
            ]
        }
        return [
            """
            CREATE TABLE \(search.texts) ("record" \(Self.id) NOT NULL PRIMARY KEY, \(columns, separator: ", ")) \(Self.engine)
            """,
            """
            CREATE TABLE \(search.words) ("word" VARCHAR(64) \(text) NOT NULL, "record" \(Self.id) NOT NULL,
            PRIMARY KEY ("word", "record"), INDEX ("record")) \(Self.engine)
            """,
        ]
    }

    /// Whoever makes them may have been killed in between, so what is there already stays.
    package var systemTables: [SQL] {
        let short: SQL = "VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin"
        return [
            """
            CREATE TABLE IF NOT EXISTS "_offstage" ("key" \(short) NOT NULL PRIMARY KEY, "value" LONGTEXT \(text) NOT NULL)
            \(Self.engine)
            """,
            """
            CREATE TABLE IF NOT EXISTS "_journal" ("id" BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, "position" BIGINT UNIQUE,
            "transaction" \(Self.id) NOT NULL, "at" DATETIME(3) NOT NULL, "actor" MEDIUMTEXT \(text) NOT NULL,
            "collection" VARCHAR(255) \(text) NOT NULL, "record" \(Self.id) NOT NULL, "version" BIGINT NOT NULL,
            "kind" \(short) NOT NULL CHECK ("kind" IN ('created', 'updated', 'deleted')),
            "before" LONGTEXT \(text), "after" LONGTEXT \(text)) \(Self.engine)
            """,
            """
            CREATE TABLE IF NOT EXISTS "_journal_head" ("id" BIGINT NOT NULL PRIMARY KEY, "position" BIGINT NOT NULL)
            \(Self.engine)
            """,
            """
            CREATE TABLE IF NOT EXISTS "_answers" ("scope" VARCHAR(500) \(text) NOT NULL, "key" VARCHAR(255) \(text) NOT NULL,
            "fingerprint" BIGINT NOT NULL, "at" DATETIME(3) NOT NULL, "status" BIGINT NOT NULL,
            "headers" MEDIUMTEXT \(text) NOT NULL, "body" LONGTEXT \(text), PRIMARY KEY ("scope", "key"),
            INDEX "_answers(at)" ("at")) \(Self.engine)
            """,
            """
            CREATE TABLE IF NOT EXISTS "_aside" ("id" BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
            "form" VARCHAR(255) \(text) NOT NULL, "at" DATETIME(3) NOT NULL, "address" MEDIUMTEXT \(text) NOT NULL,
            "values" LONGTEXT \(text) NOT NULL, INDEX "_aside(form, id)" ("form", "id")) \(Self.engine)
            """,
            // A row for each table that a transaction writes to and reads for its rules: see MySQLConnection's `hold`.
            """
            CREATE TABLE IF NOT EXISTS "_holds" ("name" VARCHAR(255) \(text) NOT NULL PRIMARY KEY) \(Self.engine)
            """,
        ]
    }

    package func create(_ table: KeptTable) -> [SQL] {
        let indexes = table.indexes.map { index -> SQL in
            let target: SQL = "\(SQL.Name(stored: table.name(of: index))) (\(table.terms(of: index)))"
            return index.isUnique ? "UNIQUE INDEX \(target)" : "INDEX \(target)"
        }
        let parts = table.definitions { sqlType($0.kind) } + ["PRIMARY KEY (\(table.keyTerms))"] + indexes
        return [
            "CREATE TABLE IF NOT EXISTS \(SQL.Name(table: table)) (\(parts, separator: ", ")) \(Self.engine)"
        ]
    }

    private func sqlType(_ kind: KeptTable.Kind) -> SQL {
        switch kind {
        // Not ASCII's own character set: in its order blanks at the end don't count, and comparing it with a text that is not
        // ASCII is an error of the statement.
        case .short: "VARCHAR(255) \(text)"
        case .identifier, .datetime, .integer, .boolean, .text: sqlType(kind.type, words: nil)
        }
    }
}
