import OffstageSchema
import OffstageStorage

/// Rows of the tables that are kept beside the collections, with values at the edges of each kind of column.
enum KeptRows {
    /// Of each table. All values of a column that may stand in a key differ; the first row has nothing where that may be.
    static let count = 4

    private static func value(_ kind: KeptTable.Kind, _ row: Int) -> Value {
        switch kind {
        case .identifier: .identifier(Kinds.id(row + 1))
        case .datetime:
            .datetime(
                [
                    .latest, .earliest, Timestamp(milliseconds: -1), Timestamp(milliseconds: 1_234_567_890_123),
                ][row % count]
            )
        case .integer: .integer([0, .max, .min, -1][row % count])
        case .boolean: .boolean(row % 2 == 0)
        case .short: .text(["a", "A", "a ", String(repeating: "z", count: 255)][row % count])
        case .text:
            .text(["", " a\n", "ä\u{301}é 日本 😀 \\ ' \" %", String(repeating: "long ", count: 20_000)][row % count])
        }
    }

    /// The values of a row, in the order of ``TransferTable/columns``.
    static func row(_ number: Int, of table: KeptTable) -> [Value] {
        TransferTable(table).columns.compactMap { table.column($0.name) }.map { column in
            column.isNullable && number == 0 ? .null : value(column.kind, number)
        }
    }

    static func insert(_ row: [Value], into table: KeptTable, _ connection: any Connection) throws(StorageFailure) {
        try connection.run(TransferTable(table).insert(connection.dialect).binding(row))
    }

    static func fill(_ engine: any Engine) async throws {
        try await engine.write { connection throws(StorageFailure) in
            for table in KeptTable.all {
                for number in 0..<count { try insert(row(number, of: table), into: table, connection) }
            }
        }
    }

    /// What is in a table, in the order of its key.
    static func stored(_ table: KeptTable, _ engine: any Engine) async throws -> [[Value]] {
        try await engine.read(.scan) { connection throws(StorageFailure) in
            try TransferTable(table).rows(after: nil, atMost: 100, connection)
        }
    }

    /// What is in all of them.
    static func stored(_ engine: any Engine) async throws -> [[[Value]]] {
        var all: [[[Value]]] = []
        for table in KeptTable.all { all.append(try await stored(table, engine)) }
        return all
    }
}
