import Foundation
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// A database in a folder of its own, gone with the test.
final class TestDatabase: Sendable {
    let folder: URL
    var path: String { folder.path + "/offstage.db" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func open() throws -> SQLiteEngine {
        try SQLiteEngine(path: path)
    }

    /// Opens the database with tables and rows in it.
    func open(_ shapes: [TableShape], _ rows: SQL...) async throws -> SQLiteEngine {
        let engine = try open()
        try await engine.apply(engine.plan(to: shapes))
        try await engine.run(rows)
        return engine
    }
}

extension SQLiteEngine {
    func run(_ statements: [SQL]) async throws {
        try await write { connection throws(StorageFailure) in
            for statement in statements { try connection.run(statement) }
        }
    }

    /// The rows of a query, cells joined with a bar, nulls as a dash.
    func texts(_ query: SQL, columns: Int = 1) async throws -> [String] {
        try await read(.scan) { connection throws(StorageFailure) in
            try connection.all(query) { row in
                (0..<columns).map { row.isNull($0) ? "-" : row.text($0) }.joined(separator: "|")
            }
        }
    }

    /// Plans and applies.
    @discardableResult
    func migrate(to shapes: [TableShape], allowLoss: Bool = false) async throws -> MigrationPlan {
        let plan = try await plan(to: shapes)
        try await apply(plan, allowLoss: allowLoss)
        return plan
    }

    /// All that a database holds, as text: definitions and rows of every table of the catalog.
    func everything(_ shapes: [TableShape]) async throws -> [String] {
        var lines = try await texts(
            "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"
        )
        lines += try await texts("SELECT \"key\" || '=' || \"value\" FROM \"_offstage\" ORDER BY 1")
        for shape in shapes {
            let columns = ["id", "version"] + shape.columns.map(\.name)
            let cells = columns.map { name -> SQL in "quote(\(SQL.Name(stored: name)))" }
            lines += try await texts(
                "SELECT \(cells, separator: " || '|' || ") FROM \(SQL.Name(table: shape)) ORDER BY \"id\""
            )
        }
        return lines
    }
}

/// A record with an id that ends in a number: its first values by position, as SQL.
func record(_ table: String, _ number: Int, _ columns: [String] = [], _ values: Value...) -> SQL {
    let names = columns.map { name -> SQL in ", \(SQL.Name(stored: name))" }
    let bound = values.map { value -> SQL in ", \(value)" }
    return """
        INSERT INTO \(SQL.Name(stored: table)) ("id", "created", "updated", "version"\(names, separator: ""))
        VALUES (\(.identifier(id(number))), 1000, 2000, 3\(bound, separator: ""))
        """
}

func id(_ number: Int) -> Identifier {
    Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
}

func table(_ name: String, _ columns: ColumnShape..., indexes: [[String]] = [], was: String? = nil) -> TableShape {
    TableShape(
        name: name,
        columns: columns,
        indexes: indexes.map { keys in
            IndexShape(
                keys.map {
                    $0.hasPrefix("-") ? IndexShape.Key(String($0.dropFirst()), descending: true) : IndexShape.Key($0)
                }
            )
        },
        was: was
    )
}

func column(
    _ name: String,
    _ type: ColumnType,
    required: Bool = false,
    unique: Bool = false,
    to reference: String? = nil,
    of words: [String]? = nil,
    digits: Int? = nil,
    defaultValue: String? = nil,
    was: String? = nil
) -> ColumnShape {
    ColumnShape(
        name: name,
        type: type,
        required: required,
        unique: unique,
        reference: reference,
        words: words,
        digits: digits,
        defaultValue: defaultValue,
        was: was
    )
}
