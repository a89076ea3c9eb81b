import OffstageSchema
import OffstageStorage

/// How a table of a catalog stands in SQLite: the statements that make it, its indexes and its tables of links.
/// docs/sqlite.md shows the same to people.
enum TableDefinition {
    /// Makes the table, under another name while it is to replace the one that has its name.
    static func create(_ table: TableShape, as name: String? = nil) -> SQL {
        let columns = [own] + table.columns.map { definition($0) }
        return "CREATE TABLE \(SQL.Name(stored: name ?? table.name)) (\(columns, separator: ", ")) STRICT"
    }

    /// What every record has.
    static let own: SQL = """
        "id" TEXT PRIMARY KEY NOT NULL, "created" INTEGER NOT NULL, "updated" INTEGER NOT NULL, "version" INTEGER NOT NULL
        """

    static let ownNames: [SQL] = ["\"id\"", "\"created\"", "\"updated\"", "\"version\""]

    static func definition(_ column: ColumnShape) -> SQL {
        let name = SQL.Name(column)
        var definition: SQL = "\(name) \(type(column.type))"
        if column.isList {
            // json_valid would say more, but SQLite 3.40 calls it unsafe in a schema that is not trusted.
            definition += " NOT NULL DEFAULT '[]' CHECK (\(name) LIKE '[%]')"
        } else if column.required {
            definition += " NOT NULL"
        }
        if column.type == .boolean { definition += " CHECK (\(name) IN (0, 1))" }
        if let target = column.reference, !column.isList {
            definition += " REFERENCES \(SQL.Name(stored: target)) (\"id\")"
        }
        return definition
    }

    private static func type(_ type: ColumnType) -> SQL {
        switch type {
        case .boolean, .integer, .decimal, .datetime: "INTEGER"
        case .number: "REAL"
        case .text, .date, .identifier, .json, .list: "TEXT"
        case .email: "TEXT COLLATE NOCASE"
        }
    }

    /// A table that is kept beside the collections, with its indexes.
    static func create(_ table: KeptTable) -> [SQL] {
        let columns = table.definitions { column in
            let name = SQL.Name(column)
            return column.kind == .boolean ? "INTEGER CHECK (\(name) IN (0, 1))" : type(column.kind.type)
        }
        let parts = columns + ["PRIMARY KEY (\(table.keyTerms))"]
        let indexes = table.indexes.map { index -> SQL in
            let target: SQL = """
                \(SQL.Name(stored: table.name(of: index))) ON \(SQL.Name(table: table)) (\(table.terms(of: index)))
                """
            return index.isUnique ? "CREATE UNIQUE INDEX \(target)" : "CREATE INDEX \(target)"
        }
        return ["CREATE TABLE \(SQL.Name(table: table)) (\(parts, separator: ", ")) STRICT"] + indexes
    }

    // MARK: Indexes

    /// The indexes of a table by their names, which say all that they are: `products(category, price desc)`,
    /// `products(sku) unique`. So an index with the right name is the right index, and no two get one name.
    static func indexes(of table: TableShape) -> [TableIndex] {
        var indexes: [TableIndex] = []
        for column in table.columns {
            let alone = IndexShape([IndexShape.Key(column.name)])
            if column.unique {
                indexes.append(TableIndex(alone, of: table, unique: true))
            } else if column.reference != nil, !column.isList {
                indexes.append(TableIndex(alone, of: table))
            }
        }
        for shape in table.indexes {
            let index = TableIndex(shape, of: table)
            if !indexes.contains(where: { $0.name == index.name }) { indexes.append(index) }
        }
        return indexes
    }

    // MARK: Links

    /// Makes the table of links of a list of ids that refer to another table, and its index.
    static func createLinks(_ column: ColumnShape, of table: TableShape, to target: String) -> [SQL] {
        let links = table.links(of: column)
        let index = SQL.Name(stored: "\(links)(target)")
        return [
            """
            CREATE TABLE \(SQL.Name(stored: links)) (
            "record" TEXT NOT NULL REFERENCES \(SQL.Name(table: table)) ("id") ON DELETE CASCADE,
            "position" INTEGER NOT NULL,
            "target" TEXT NOT NULL REFERENCES \(SQL.Name(stored: target)) ("id"),
            PRIMARY KEY ("record", "position")
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE INDEX \(index) ON \(SQL.Name(stored: links)) (\"target\")",
        ]
    }

    /// Fills an empty table of links from the lists themselves. Positions count from 0.
    static func fillLinks(_ column: ColumnShape, of table: TableShape) -> SQL {
        """
        INSERT INTO \(SQL.Name(stored: table.links(of: column))) ("record", "position", "target")
        SELECT "record"."id", "element"."key", "element"."value"
        FROM \(SQL.Name(table: table)) AS "record", json_each("record".\(SQL.Name(column))) AS "element"
        """
    }
}

/// One index, by its name and by the statement that makes it.
struct TableIndex {
    let name: String
    let create: SQL

    init(_ index: IndexShape, of table: TableShape, unique: Bool = false) {
        let words = index.keys.map { $0.column + ($0.descending ? " desc" : "") }.joined(separator: ", ")
        name = "\(table.name)(\(words))" + (unique ? " unique" : "")
        var all = index.keys
        // Lists sort by id last, so an index that ends in it gives their whole order: without it, records that are
        // alike in the named columns would be sorted anew for every page.
        if !unique, !all.contains(where: { $0.column == "id" }) {
            all.append(IndexShape.Key("id", descending: all.last?.descending ?? false))
        }
        let keys = all.map { key -> SQL in
            let column = SQL.Name(stored: key.column)
            return key.descending ? "\(column) DESC" : "\(column)"
        }
        let target: SQL = "\(SQL.Name(stored: name)) ON \(SQL.Name(table: table)) (\(keys, separator: ", "))"
        create = unique ? "CREATE UNIQUE INDEX \(target)" : "CREATE INDEX \(target)"
    }
}
