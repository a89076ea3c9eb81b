/// A table that Offstage keeps beside the collections, described once for all engines: each makes it with its own types, and
/// a move takes it along.
package struct KeptTable: Sendable {
    package let name: String
    package let columns: [Column]
    /// The columns of the primary key.
    package let key: [String]
    package let indexes: [Index]

    package struct Column: Sendable {
        package let name: String
        package let kind: Kind
        package let isNullable: Bool
    }

    /// What a column holds. Values are bound and read as those of a collection's column of the same ``type``.
    package enum Kind: Hashable, Sendable, CaseIterable {
        case identifier, datetime, integer, boolean
        /// ASCII of at most 255 bytes, which may stand in keys and is compared byte by byte: case and blanks at the end count.
        /// Whoever writes one sees to both; not every engine does.
        case short
        /// A text of any length, in no key.
        case text

        /// The type of a collection's column that is kept in the same way.
        package var type: ColumnType {
            switch self {
            case .identifier: .identifier
            case .datetime: .datetime
            case .integer: .integer
            case .boolean: .boolean
            case .short, .text: .text
            }
        }
    }

    package struct Index: Sendable {
        package let columns: [String]
        package let isUnique: Bool
    }

    /// - Parameters:
    ///   - key: the columns of the primary key.
    ///   - unique: columns that are unique each for itself.
    ///   - indexes: the columns of each further index.
    init(
        _ name: String,
        key: [String],
        unique: [String] = [],
        indexes: [[String]] = [],
        _ columns: [Column]
    ) {
        self.name = name
        self.columns = columns
        self.key = key
        self.indexes =
            unique.map { Index(columns: [$0], isUnique: true) } + indexes.map { Index(columns: $0, isUnique: false) }
    }

    package func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}

extension KeptTable.Column {
    static func identifier(_ name: String) -> Self { Self(name: name, kind: .identifier, isNullable: false) }
    static func datetime(_ name: String) -> Self { Self(name: name, kind: .datetime, isNullable: false) }
    static func integer(_ name: String) -> Self { Self(name: name, kind: .integer, isNullable: false) }
    static func boolean(_ name: String) -> Self { Self(name: name, kind: .boolean, isNullable: false) }
    static func short(_ name: String) -> Self { Self(name: name, kind: .short, isNullable: false) }
    static func text(_ name: String) -> Self { Self(name: name, kind: .text, isNullable: false) }

    /// The same column, which may be empty.
    var nullable: Self { Self(name: name, kind: kind, isNullable: true) }
}

// MARK: Definitions

extension KeptTable {
    /// `"token" TEXT NOT NULL`, one for each column, with an engine's own types.
    package func definitions(_ type: (Column) -> SQL) -> [SQL] {
        columns.map { column in
            "\(SQL.Name(column)) \(type(column))" + (column.isNullable ? "" : " NOT NULL")
        }
    }

    /// `"provider", "subject"`
    package var keyTerms: SQL { Self.terms(key) }

    /// An index is named by what it is, as those of collections are: `_sessions(token) unique`.
    package func name(of index: Index) -> String {
        "\(name)(\(index.columns.joined(separator: ", ")))" + (index.isUnique ? " unique" : "")
    }

    package func terms(of index: Index) -> SQL { Self.terms(index.columns) }

    private static func terms(_ columns: [String]) -> SQL {
        let names = columns.map { name -> SQL in "\(SQL.Name(stored: name))" }
        return "\(names, separator: ", ")"
    }
}

extension SQL.Name {
    package init(table: KeptTable) { self.init(stored: table.name) }

    package init(_ column: KeptTable.Column) { self.init(stored: column.name) }
}
