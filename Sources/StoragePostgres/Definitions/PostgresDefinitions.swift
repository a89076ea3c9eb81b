import OffstageSchema
package import OffstageStorage
package import OffstageStorageServers

/// How tables stand in PostgreSQL. docs/engines.md shows the same to people.
extension PostgresDialect {
    package func type(of column: ColumnShape) -> String { Self.type(column.type) }

    private static func type(_ type: ColumnType) -> String {
        switch type {
        case .boolean: "boolean"
        case .integer, .decimal: "bigint"
        case .number: "double precision"
        case .text, .email: "text"
        case .date: "date"
        case .datetime: "timestamp with time zone"
        case .identifier: "uuid"
        // Not jsonb, which keeps neither the order of members nor how a number was written.
        case .json: "json"
        case .list: "jsonb"
        }
    }

    package var ownTypes: [(name: String, type: String)] {
        [
            ("id", "uuid"), ("created", "timestamp with time zone"), ("updated", "timestamp with time zone"),
            ("version", "bigint"),
        ]
    }

    static func primaryKey(of table: String) -> String { PostgresDialect().stored("\(table)(id) key") }

    static func primaryKey(of table: KeptTable) -> String {
        "\(table.name)(\(table.key.joined(separator: ", "))) key"
    }

    static func uniqueIndex(of column: ColumnShape, _ table: TableShape) -> String {
        PostgresDialect().stored("\(table.name)(\(column.name)) unique")
    }

    private func definition(_ column: ColumnShape, isRequired: Bool) -> SQL {
        var definition: SQL = "\(SQL.Name(column)) \(sqlType(column.type))"
        if column.isList {
            definition += " NOT NULL DEFAULT '[]'"
        } else if isRequired {
            definition += " NOT NULL"
        }
        return definition
    }

    /// The same as ``type(of:)``, with the order of code points for texts.
    private func sqlType(_ type: ColumnType) -> SQL {
        switch type {
        case .boolean: "boolean"
        case .integer, .decimal: "bigint"
        case .number: "double precision"
        case .text, .email: "text COLLATE \"C\""
        case .date: "date"
        case .datetime: "timestamp with time zone"
        case .identifier: "uuid"
        case .json: "json"
        case .list: "jsonb"
        }
    }

    package func create(_ table: TableShape) -> SQL {
        let own: SQL = """
            "id" uuid CONSTRAINT \(SQL.Name(stored: "\(table.name)(id) key")) PRIMARY KEY, "created" timestamptz NOT NULL,
            "updated" timestamptz NOT NULL, "version" bigint NOT NULL
            """
        let columns = [own] + table.columns.map { definition($0, isRequired: $0.required) }
        return "CREATE TABLE \(SQL.Name(table: table)) (\(columns, separator: ", "))"
    }

    package func rename(_ table: String, to name: String) -> [SQL] {
        [
            "ALTER TABLE \(SQL.Name(stored: table)) RENAME TO \(SQL.Name(stored: name))",
            "ALTER TABLE \(SQL.Name(stored: name)) RENAME CONSTRAINT \(SQL.Name(stored: "\(table)(id) key")) TO \(SQL.Name(stored: "\(name)(id) key"))",
        ]
    }

    package func add(_ column: ColumnShape, to table: String) -> [SQL] {
        ["ALTER TABLE \(SQL.Name(stored: table)) ADD COLUMN \(definition(column, isRequired: false))"]
    }

    package func rename(_ column: ColumnShape, to after: ColumnShape, of table: String) -> [SQL] {
        ["ALTER TABLE \(SQL.Name(stored: table)) RENAME COLUMN \(SQL.Name(column)) TO \(SQL.Name(after))"]
    }

    package func drop(_ column: ColumnShape, of table: String) -> [SQL] {
        ["ALTER TABLE \(SQL.Name(stored: table)) DROP COLUMN \(SQL.Name(column))"]
    }

    package func replace(
        _ column: ColumnShape,
        by other: ColumnShape,
        as after: ColumnShape,
        of table: String
    ) -> [SQL] {
        drop(column, of: table) + rename(other, to: after, of: table)
    }

    package func require(_ column: ColumnShape, of table: String) -> [SQL] {
        let alter: SQL = "ALTER TABLE \(SQL.Name(stored: table)) ALTER COLUMN \(SQL.Name(column))"
        return [column.required || column.isList ? alter + " SET NOT NULL" : alter + " DROP NOT NULL"]
    }

    // MARK: Indexes

    package func indexes(of table: TableShape) -> [ServerIndex] {
        var indexes: [ServerIndex] = []
        for column in table.columns {
            if column.unique {
                indexes.append(index([IndexShape.Key(column.name)], of: table, unique: true))
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

    private func index(_ keys: [IndexShape.Key], of table: TableShape, unique: Bool = false) -> ServerIndex {
        let words = keys.map { $0.column + ($0.descending ? " desc" : "") }.joined(separator: ", ")
        let name = stored("\(table.name)(\(words))" + (unique ? " unique" : ""))
        var all = keys
        // Lists sort by id last: see SQLite's.
        if !unique, !all.contains(where: { $0.column == "id" }) {
            all.append(IndexShape.Key("id", descending: all.last?.descending ?? false))
        }
        let terms = all.map { key -> SQL in
            let column: SQL = "\(SQL.Name(stored: key.column))"
            let isCaseless = table.column(key.column)?.type == .email
            return ordered(isCaseless ? "(\(caselessKey(column)))" : column, of: key.column, descending: key.descending)
        }
        let target: SQL = "\(SQL.Name(stored: name)) ON \(SQL.Name(table: table)) (\(terms, separator: ", "))"
        return ServerIndex(
            name: name,
            columns: keys.map(\.column),
            create: unique ? "CREATE UNIQUE INDEX \(target)" : "CREATE INDEX \(target)"
        )
    }

    package func dropIndex(_ name: String, of table: String) -> SQL { "DROP INDEX \(SQL.Name(stored: name))" }

    package func dropReference(_ name: String, of table: String) -> SQL {
        "ALTER TABLE \(SQL.Name(stored: table)) DROP CONSTRAINT \(SQL.Name(stored: name))"
    }

    // MARK: Tables beside

    package func createLinks(_ links: String) -> [SQL] {
        [
            """
            CREATE TABLE \(SQL.Name(stored: links)) ("record" uuid NOT NULL, "position" bigint NOT NULL,
            "target" uuid NOT NULL, PRIMARY KEY ("record", "position"))
            """,
            "CREATE INDEX \(SQL.Name(stored: "\(links)(target)")) ON \(SQL.Name(stored: links)) (\"target\")",
        ]
    }

    package func numberedElements(of list: SQL, as alias: SQL.Name) -> SQL {
        """
        LATERAL (SELECT "number" - 1 AS "position", "each"::uuid AS "target"
        FROM jsonb_array_elements_text(\(list)) WITH ORDINALITY AS "element" ("each", "number")) AS \(alias)
        """
    }

    package func position(in elements: SQL.Name) -> SQL { "\(elements).\"position\"" }

    package func createSearch(_ search: SearchTables) -> [SQL] {
        let columns = search.fields.flatMap { field -> [SQL] in
            [
                "\(SearchTables.column(field)) text COLLATE \"C\" NOT NULL",
                "\(SearchTables.count(field)) bigint NOT NULL",
            ]
        }
        return [
            "CREATE TABLE \(search.texts) (\"record\" uuid PRIMARY KEY, \(columns, separator: ", "))",
            """
            CREATE TABLE \(search.words) ("word" text COLLATE "C" NOT NULL, "record" uuid NOT NULL,
            PRIMARY KEY ("word", "record"))
            """,
            "CREATE INDEX ON \(search.words) (\"record\")",
        ]
    }

    package var systemTables: [SQL] {
        [
            "CREATE TABLE \"_offstage\" (\"key\" text PRIMARY KEY, \"value\" text NOT NULL)",
            """
            CREATE TABLE "_journal" ("id" bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "position" bigint UNIQUE,
            "transaction" uuid NOT NULL, "at" timestamptz NOT NULL, "actor" text NOT NULL, "collection" text NOT NULL,
            "record" uuid NOT NULL, "version" bigint NOT NULL,
            "kind" text NOT NULL CHECK ("kind" IN ('created', 'updated', 'deleted')), "before" text, "after" text)
            """,
            "CREATE TABLE \"_journal_head\" (\"id\" bigint PRIMARY KEY, \"position\" bigint NOT NULL)",
            """
            CREATE TABLE "_answers" ("scope" text COLLATE "C" NOT NULL, "key" text COLLATE "C" NOT NULL,
            "fingerprint" bigint NOT NULL, "at" timestamptz NOT NULL, "status" bigint NOT NULL, "headers" text NOT NULL,
            "body" text, PRIMARY KEY ("scope", "key"))
            """,
            "CREATE INDEX \"_answers(at)\" ON \"_answers\" (\"at\")",
            """
            CREATE TABLE "_aside" ("id" bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "form" text NOT NULL,
            "at" timestamptz NOT NULL, "address" text NOT NULL, "values" json NOT NULL)
            """,
            "CREATE INDEX \"_aside(form, id)\" ON \"_aside\" (\"form\", \"id\")",
        ]
    }

    package func create(_ table: KeptTable) -> [SQL] {
        let key: SQL = """
            CONSTRAINT \(SQL.Name(stored: Self.primaryKey(of: table))) PRIMARY KEY (\(table.keyTerms))
            """
        let parts = table.definitions { sqlType($0.kind.type) } + [key]
        let indexes = table.indexes.map { index -> SQL in
            let target: SQL = """
                \(SQL.Name(stored: table.name(of: index))) ON \(SQL.Name(table: table)) (\(table.terms(of: index)))
                """
            return index.isUnique ? "CREATE UNIQUE INDEX \(target)" : "CREATE INDEX \(target)"
        }
        return ["CREATE TABLE \(SQL.Name(table: table)) (\(parts, separator: ", "))"] + indexes
    }
}
