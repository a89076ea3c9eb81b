import OffstageSchema
import OffstageStorage

/// The FTS5 table (sqlite.org/fts5.html) of a collection's search: one row a record, under the record's own rowid.
/// docs/sqlite.md shows it to people.
///
/// It keeps the texts itself. One without them (`content=''`) must be told the old texts to forget a record, and would
/// go wrong for good if they were not exactly those; one that reads them from the collection's table can't take a list
/// apart. It is kept by statements and not by triggers, since SQLite 3.40 runs no trigger on FTS5 in a schema that is
/// not trusted.
///
/// A table without an INTEGER PRIMARY KEY has no promise that VACUUM keeps its rowids. SQLite keeps them where the table
/// has an index, as every one here does by its id; a test holds it to that.
enum SearchTable {
    /// No collection has a name with a bracket in it, so that the tables that FTS5 makes beside it
    /// (`_search(products)_data`) are no other collection's.
    static func name(of collection: String) -> SQL.Name {
        SQL.Name(stored: "_search(\(collection))")
    }

    /// FTS5 takes no column `rank` or `rowid`, and a field may be called that.
    static func column(_ field: String) -> SQL.Name {
        SQL.Name(stored: "_" + field)
    }

    /// The tables in which FTS5 keeps it.
    static func shadows(of collection: String) -> [String] {
        ["data", "idx", "content", "docsize", "config"].map { "_search(\(collection))_\($0)" }
    }

    /// The rowid of a table whose fields may be called `rowid` or `oid`.
    static let number: SQL = "\"_rowid_\""

    /// Makes the table. Beginnings of two and three letters have an index of their own; longer ones are few enough.
    static func create(_ columns: [String], of table: TableShape) -> SQL {
        let names = columns.map { SQL("\(column($0))") }
        return """
            CREATE VIRTUAL TABLE \(name(of: table.name)) USING fts5 (
            \(names, separator: ", "), tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')
            """
    }

    /// Fills the empty table with the records that are there. A list is its elements, one a line.
    static func fill(_ columns: [String], of table: TableShape) -> SQL {
        let record = SQL.Name(table: table)
        let names = columns.map { SQL("\(column($0))") }
        let texts = columns.map { name -> SQL in
            let field = SQL.Name(stored: name)
            guard table.column(name)?.isList ?? false else { return "\(record).\(field)" }
            return "(SELECT group_concat(\"value\", char(10)) FROM json_each(\(record).\(field)))"
        }
        return """
            INSERT INTO \(name(of: table.name)) ("rowid", \(names, separator: ", "))
            SELECT \(record).\(number), \(texts, separator: ", ") FROM \(record)
            """
    }

    static func drop(_ table: TableShape) -> SQL {
        "DROP TABLE \(name(of: table.name))"
    }
}
