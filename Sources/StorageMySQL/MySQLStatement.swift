import CMariaDB
import OffstageSchema
import OffstageStorage

/// A prepared statement, with the memory that its rows are fetched into.
///
/// Belongs to one connection and is used on its thread.
final class MySQLStatement {
    let handle: UnsafeMutablePointer<MYSQL_STMT>
    let parameterCount: Int
    private let names: [String]
    private let kinds: [Kind]
    private let binds: UnsafeMutablePointer<MYSQL_BIND>
    private let kept: UnsafeMutablePointer<offstage_mysql_value>
    private let buffer: UnsafeMutablePointer<UInt8>

    /// How a column is fetched.
    private enum Kind {
        case integer, number, date, moment, bytes
    }

    /// Bytes of a value that are fetched with its row; the rest of a longer one is asked for.
    private static let room = 256

    /// - Parameter handle: of a statement that was prepared.
    init(_ handle: UnsafeMutablePointer<MYSQL_STMT>) {
        self.handle = handle
        parameterCount = Int(offstage_mysql_stmt_param_count(handle))
        var names: [String] = []
        var kinds: [Kind] = []
        if let description = offstage_mysql_stmt_result_metadata(handle) {
            defer { offstage_mysql_free_result(description) }
            for index in 0..<offstage_mysql_num_fields(description) {
                guard let field = offstage_mysql_fetch_field_direct(description, index) else { continue }
                names.append(field.pointee.name.map { String(cString: $0) } ?? "")
                kinds.append(Self.kind(field.pointee.type))
            }
        }
        self.names = names
        self.kinds = kinds
        binds = .allocate(capacity: max(1, kinds.count))
        kept = .allocate(capacity: max(1, kinds.count))
        buffer = .allocate(capacity: max(1, kinds.count) * Self.room)
        binds.initialize(repeating: MYSQL_BIND(), count: max(1, kinds.count))
        kept.initialize(repeating: offstage_mysql_value(), count: max(1, kinds.count))
        for (index, kind) in kinds.enumerated() {
            switch kind {
            case .integer: offstage_mysql_result_integer(binds + index, kept + index)
            case .number: offstage_mysql_result_double(binds + index, kept + index)
            case .date, .moment: offstage_mysql_result_time(binds + index, kept + index)
            case .bytes:
                offstage_mysql_result_bytes(binds + index, kept + index, buffer + index * Self.room, UInt(Self.room))
            }
        }
    }

    deinit {
        binds.deallocate()
        kept.deallocate()
        buffer.deallocate()
    }

    private static func kind(_ type: enum_field_types) -> Kind {
        switch type {
        case MYSQL_TYPE_TINY, MYSQL_TYPE_SHORT, MYSQL_TYPE_LONG, MYSQL_TYPE_INT24, MYSQL_TYPE_LONGLONG, MYSQL_TYPE_YEAR:
            .integer
        case MYSQL_TYPE_FLOAT, MYSQL_TYPE_DOUBLE: .number
        case MYSQL_TYPE_DATE, MYSQL_TYPE_NEWDATE: .date
        case MYSQL_TYPE_DATETIME, MYSQL_TYPE_TIMESTAMP: .moment
        default: .bytes
        }
    }

    /// Closes it at the server; after the connection's end only here.
    func close() { _ = offstage_mysql_stmt_close(handle) }

    // MARK: Running

    /// - Returns: false for a failure, which the handle knows.
    func execute(_ parameters: MySQLParameters) -> Bool {
        parameters.withBinds { binds in
            if let binds, !offstage_mysql_stmt_bind_param(handle, binds) { return false }
            return offstage_mysql_stmt_execute(handle)
        }
    }

    /// All rows of the answer; nil for a failure.
    func answer() -> MySQLAnswer? {
        var answer = MySQLAnswer(columns: names)
        guard !kinds.isEmpty else { return answer }
        defer { _ = offstage_mysql_stmt_free_result(handle) }
        guard offstage_mysql_stmt_bind_result(handle, binds) else { return nil }
        while true {
            switch offstage_mysql_stmt_fetch(handle) {
            case 0, OFFSTAGE_MYSQL_TRUNCATED:
                for index in kinds.indices {
                    guard let cell = cell(index, &answer.bytes) else { return nil }
                    answer.cells.append(cell)
                }
            case OFFSTAGE_MYSQL_NO_DATA: return answer
            default: return nil
            }
        }
    }

    private func cell(_ index: Int, _ bytes: inout [UInt8]) -> MySQLAnswer.Cell? {
        let value = kept + index
        if value.pointee.is_null != 0 { return .null }
        switch kinds[index] {
        case .integer: return .integer(value.pointee.integer)
        case .number: return .number(value.pointee.number)
        case .date: return .date(Self.date(value.pointee.time) ?? CalendarDate(days: 0))
        case .moment: return .moment(Self.moment(value.pointee.time))
        case .bytes:
            let start = bytes.count
            let length = Int(value.pointee.length)
            if length <= Self.room {
                bytes.append(contentsOf: UnsafeBufferPointer(start: buffer + index * Self.room, count: length))
            } else {
                guard let whole = long(index, length) else { return nil }
                bytes += whole
            }
            return .bytes(start..<bytes.count)
        }
    }

    /// A value that did not fit.
    private func long(_ index: Int, _ length: Int) -> [UInt8]? {
        var isThere = false
        let whole = [UInt8](unsafeUninitializedCapacity: length) { room, count in
            var bind = MYSQL_BIND()
            var value = offstage_mysql_value()
            withUnsafeMutablePointer(to: &value) { value in
                offstage_mysql_result_bytes(&bind, value, room.baseAddress, UInt(length))
                isThere = offstage_mysql_stmt_fetch_column(handle, &bind, UInt32(index), 0)
            }
            count = isThere ? length : 0
        }
        return isThere ? whole : nil
    }

    private static func date(_ time: MYSQL_TIME) -> CalendarDate? {
        CalendarDate(year: Int(time.year), month: Int(time.month), day: Int(time.day))
    }

    private static func moment(_ time: MYSQL_TIME) -> Timestamp {
        let days = Int64(date(time)?.days ?? 0)
        let seconds = days * 86_400 + Int64(time.hour) * 3600 + Int64(time.minute) * 60 + Int64(time.second)
        return Timestamp(milliseconds: seconds * 1000 + Int64(time.second_part) / 1000)
    }
}
