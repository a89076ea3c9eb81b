import CPostgres
import OffstageSchema
import OffstageStorage

/// A row of an answer, in PostgreSQL's binary forms.
struct PostgresRow: Row {
    let result: OpaquePointer
    let place: Int32

    private func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let index = Int32(clamping: column)
        guard let start = offstage_pq_getvalue(result, place, index) else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        let count = Int(offstage_pq_getlength(result, place, index))
        return UnsafeBufferPointer(start: UnsafeRawPointer(start).assumingMemoryBound(to: UInt8.self), count: count)
    }

    private func number(_ column: Int) -> UInt64 {
        bytes(column).reduce(0) { $0 << 8 | UInt64($1) }
    }

    func isNull(_ column: Int) -> Bool { offstage_pq_getisnull(result, place, Int32(clamping: column)) == 1 }

    func integer(_ column: Int) -> Int64 {
        let number = number(column)
        switch offstage_pq_ftype(result, Int32(clamping: column)) {
        case PostgresType.integer: return Int64(Int32(truncatingIfNeeded: number))
        case PostgresType.smallint: return Int64(Int16(truncatingIfNeeded: number))
        case PostgresType.timestamp: return moment(number)
        default: return Int64(bitPattern: number)
        }
    }

    /// Microseconds since 2000 as milliseconds since 1970.
    private func moment(_ number: UInt64) -> Int64 {
        let (quotient, rest) = Int64(bitPattern: number).quotientAndRemainder(dividingBy: 1000)
        return (rest < 0 ? quotient - 1 : quotient) + PostgresEpoch.milliseconds
    }

    func text(_ column: Int) -> String {
        switch offstage_pq_ftype(result, Int32(clamping: column)) {
        case PostgresType.uuid: return identifier(column).description
        case PostgresType.jsonb: return String(decoding: bytes(column).dropFirst(), as: UTF8.self)
        case PostgresType.bigint, PostgresType.integer, PostgresType.smallint:
            return isNull(column) ? "" : String(integer(column))
        case PostgresType.boolean: return isNull(column) ? "" : String(integer(column))
        case PostgresType.date: return isNull(column) ? "" : date(column).description
        default: return String(decoding: bytes(column), as: UTF8.self)
        }
    }

    private func identifier(_ column: Int) -> Identifier {
        let bytes = bytes(column)
        let high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        let low = bytes.dropFirst(8).reduce(0) { $0 << 8 | UInt64($1) }
        return Identifier(high: high, low: low)
    }

    private func date(_ column: Int) -> CalendarDate {
        CalendarDate(days: Int(Int32(truncatingIfNeeded: number(column))) + PostgresEpoch.days)
    }

    func value(_ column: Int, as type: ColumnType) throws(StorageFailure) -> Value {
        if isNull(column) { return .null }
        let kept = offstage_pq_ftype(result, Int32(clamping: column))
        switch type {
        case .boolean: return .boolean(integer(column) != 0)
        case .integer: return .integer(integer(column))
        case .number:
            guard kept == PostgresType.double else { throw damaged(column, "a number") }
            return .number(Double(bitPattern: number(column)))
        case .decimal(let scale): return .decimal(Decimal(unscaled: integer(column), scale: scale))
        case .text, .email: return .text(text(column))
        case .datetime: return .datetime(Timestamp(milliseconds: integer(column)))
        case .date:
            guard kept == PostgresType.date else { throw damaged(column, "a date") }
            return .date(date(column))
        case .identifier:
            if kept == PostgresType.uuid { return .identifier(identifier(column)) }
            guard let id = Identifier(bytes: bytes(column)) else { throw damaged(column, "an id") }
            return .identifier(id)
        case .json: return .json(try json(column))
        case .list(let element):
            guard let list = Value.list(try json(column), of: element) else {
                throw damaged(column, "a list of one kind")
            }
            return list
        }
    }

    private func json(_ column: Int) throws(StorageFailure) -> JSON {
        do throws(JSONParser.Refusal) {
            return try JSONParser.parse(text(column).utf8)
        } catch {
            throw damaged(column, "JSON")
        }
    }

    private func damaged(_ column: Int, _ expected: String) -> StorageFailure {
        let name = offstage_pq_fname(result, Int32(clamping: column)).map { String(cString: $0) } ?? "\(column)"
        return .damaged("column \(name) holds what is not \(expected)")
    }
}
