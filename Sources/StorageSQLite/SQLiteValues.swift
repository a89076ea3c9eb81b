import CSQLite
import OffstageSchema
import OffstageStorage

/// How values stand in SQLite's columns. The table is in docs/sqlite.md, since people read the file with other tools.
enum SQLiteValues {
    static func bind(_ value: Value, to statement: OpaquePointer, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .boolean(let boolean): sqlite3_bind_int64(statement, index, boolean ? 1 : 0)
        case .integer(let integer): sqlite3_bind_int64(statement, index, integer)
        case .number(let number): sqlite3_bind_double(statement, index, number)
        case .decimal(let decimal): sqlite3_bind_int64(statement, index, decimal.unscaled)
        case .datetime(let moment): sqlite3_bind_int64(statement, index, moment.milliseconds)
        case .text(let text): bind(text, to: statement, at: index)
        case .date(let date): bind(date.description, to: statement, at: index)
        case .identifier(let id): bind(id.description, to: statement, at: index)
        case .json(let json): bind(json, to: statement, at: index)
        case .list: bind(asJSON: value, to: statement, at: index)
        }
    }

    private static func bind(_ text: String, to statement: OpaquePointer, at index: Int32) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                // An empty buffer may have no address, which would bind null.
                guard let start = characters.baseAddress else { return offstage_bind_text(statement, index, "", 0) }
                return offstage_bind_text(statement, index, start, Int32(clamping: characters.count))
            }
        }
    }

    private static func bind(_ json: JSON, to statement: OpaquePointer, at index: Int32) -> Int32 {
        var writer = JSONWriter()
        writer.write(json)
        return bind(String(decoding: writer.bytes, as: UTF8.self), to: statement, at: index)
    }

    private static func bind(asJSON value: Value, to statement: OpaquePointer, at index: Int32) -> Int32 {
        var writer = JSONWriter()
        writer.write(value)
        return bind(String(decoding: writer.bytes, as: UTF8.self), to: statement, at: index)
    }
}

/// A row while its statement stands on it.
struct SQLiteRow: Row {
    let statement: OpaquePointer

    func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, Int32(column)) == SQLITE_NULL
    }

    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, Int32(column))
    }

    func text(_ column: Int) -> String {
        let index = Int32(column)
        guard let start = sqlite3_column_text(statement, index) else { return "" }
        let bytes = UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index)))
        return String(decoding: bytes, as: UTF8.self)
    }

    func value(_ column: Int, as type: ColumnType) throws(StorageFailure) -> Value {
        if isNull(column) { return .null }
        switch type {
        case .boolean: return .boolean(integer(column) != 0)
        case .integer: return .integer(integer(column))
        case .number: return .number(sqlite3_column_double(statement, Int32(column)))
        case .decimal(let scale): return .decimal(Decimal(unscaled: integer(column), scale: scale))
        case .text, .email: return .text(text(column))
        case .datetime: return .datetime(Timestamp(milliseconds: integer(column)))
        case .date:
            guard let date = CalendarDate(text(column)) else { throw damaged(column, "a date") }
            return .date(date)
        case .identifier:
            guard let id = identifier(column) else { throw damaged(column, "an id") }
            return .identifier(id)
        case .json: return .json(try json(column))
        case .list(let element): return try list(column, of: element)
        }
    }

    private func identifier(_ column: Int) -> Identifier? {
        let index = Int32(column)
        guard let start = sqlite3_column_text(statement, index) else { return nil }
        return Identifier(bytes: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
    }

    private func json(_ column: Int) throws(StorageFailure) -> JSON {
        do throws(JSONParser.Refusal) {
            return try JSONParser.parse(text(column).utf8)
        } catch {
            throw damaged(column, "JSON")
        }
    }

    private func list(_ column: Int, of element: ColumnType.Element) throws(StorageFailure) -> Value {
        guard let list = Value.list(try json(column), of: element) else { throw damaged(column, "a list of one kind") }
        return list
    }

    private func damaged(_ column: Int, _ expected: String) -> StorageFailure {
        let name = sqlite3_column_name(statement, Int32(column)).map { String(cString: $0) } ?? "\(column)"
        return .damaged("column \(name) holds what is not \(expected)")
    }
}
