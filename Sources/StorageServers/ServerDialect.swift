import OffstageSchema
package import OffstageStorage

/// What the migrations of a server are written in.
package protocol ServerDialect: Dialect {
    /// A name as the database keeps it: shortened when it is too long, another one when it is the database's own.
    func stored(_ name: String) -> String

    /// Whether definitions can be taken back with a transaction.
    var definesInTransactions: Bool { get }

    /// The functions that expressions use, and the tables that every database of Offstage has beside those of its catalog.
    var functions: [String] { get }
    var systemTables: [SQL] { get }
    /// A table that is kept beside the collections, with its indexes. Where definitions can't be taken back, what is there
    /// already stays.
    func create(_ table: KeptTable) -> [SQL]

    /// The type of a column, as the database's own catalog says it.
    func type(of column: ColumnShape) -> String
    /// The types of `id`, `created`, `updated` and `version`.
    var ownTypes: [(name: String, type: String)] { get }

    /// A table without its references and indexes.
    func create(_ table: TableShape) -> SQL
    func rename(_ table: String, to name: String) -> [SQL]
    /// Adds a column that may be empty, a list with no element in it.
    func add(_ column: ColumnShape, to table: String) -> [SQL]
    func rename(_ column: ColumnShape, to after: ColumnShape, of table: String) -> [SQL]
    func drop(_ column: ColumnShape, of table: String) -> [SQL]
    /// Puts a column in the place of another one; in one statement, where definitions can't be taken back.
    func replace(_ column: ColumnShape, by other: ColumnShape, as after: ColumnShape, of table: String) -> [SQL]
    /// Makes a column have a value in every record, or lets it be empty.
    func require(_ column: ColumnShape, of table: String) -> [SQL]

    /// The indexes of a table, by their names as they are stored.
    func indexes(of table: TableShape) -> [ServerIndex]
    func dropIndex(_ name: String, of table: String) -> SQL
    func dropReference(_ name: String, of table: String) -> SQL

    /// The table of links of a list of ids, and its references.
    func createLinks(_ links: String) -> [SQL]
    /// The elements of a stored list of ids as a table with a column `target`, and the position of one in it, from 0.
    func numberedElements(of list: SQL, as alias: SQL.Name) -> SQL
    func position(in elements: SQL.Name) -> SQL

    /// Lifts the time limit of statements, for the connection or its transaction.
    var unlimited: String { get }
    /// What makes the database's own numbers of journal entries and posts go on behind those that were brought along.
    var numberingGoesOn: [String] { get }

    /// A double times −1,000,000, as the nearest whole number.
    func negatedMillionths(_ double: SQL) -> SQL

    /// The two tables of a collection's search.
    func createSearch(_ search: SearchTables) -> [SQL]
}

/// An index, by the name that it is stored under and by the statement that makes it.
package struct ServerIndex: Sendable {
    package let name: String
    package let columns: [String]
    package let create: SQL

    package init(name: String, columns: [String], create: SQL) {
        self.name = name
        self.columns = columns
        self.create = create
    }
}

/// A foreign key.
package struct ServerReference: Sendable {
    package let name: String
    package let table: String
    package let column: String
    package let target: String
    /// Whether what points goes with what it points to: links, which belong to their record.
    package var cascades = false

    package init(_ dialect: any ServerDialect, table: String, column: String, target: String, cascades: Bool = false) {
        name = dialect.stored("\(table)(\(column)) references")
        self.table = table
        self.column = column
        self.target = target
        self.cascades = cascades
    }

    package var create: SQL {
        let action: SQL = cascades ? " ON DELETE CASCADE" : ""
        return """
            ALTER TABLE \(SQL.Name(stored: table)) ADD CONSTRAINT \(SQL.Name(stored: name))
            FOREIGN KEY (\(SQL.Name(stored: column))) REFERENCES \(SQL.Name(stored: target)) (\(SQL.Name("id")))\(action)
            """
    }
}

extension ServerDialect {
    /// The foreign keys of a table's own columns.
    package func references(of table: TableShape) -> [ServerReference] {
        table.columns.compactMap { column in
            guard let target = column.reference, !column.isList else { return nil }
            return ServerReference(self, table: table.name, column: column.name, target: target)
        }
    }

    /// Those of a table of links.
    package func references(ofLinks links: String, of table: String, to target: String) -> [ServerReference] {
        [
            ServerReference(self, table: links, column: "record", target: table, cascades: true),
            ServerReference(self, table: links, column: "target", target: target),
        ]
    }
}

/// Names as a server keeps them.
package enum StoredName {
    /// A name that is too long is cut, and ends in a number that no other cut name has: of a 64-bit hash, FNV-1a.
    ///
    /// - Parameter limit: bytes that the server keeps of a name.
    package static func shortened(_ name: String, to limit: Int) -> String {
        guard name.utf8.count > limit else { return name }
        let hash = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        let end = "~" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
        // Names are ASCII, so that no character is cut.
        return String(decoding: name.utf8.prefix(limit - end.utf8.count), as: UTF8.self) + end
    }
}
