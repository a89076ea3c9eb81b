import CPostgres
import OffstageSchema
import OffstageStorage

/// The type numbers that PostgreSQL gives its own types (pg_type.dat); they never change.
enum PostgresType {
    static let boolean: Oid = 16
    static let name: Oid = 19
    static let bigint: Oid = 20
    static let smallint: Oid = 21
    static let integer: Oid = 23
    static let text: Oid = 25
    static let json: Oid = 114
    static let double: Oid = 701
    static let date: Oid = 1082
    static let timestamp: Oid = 1184
    static let uuid: Oid = 2950
    static let jsonb: Oid = 3802
    /// Left to the server, which sees where the value stands.
    static let unknown: Oid = 0
}

/// 2000-01-01, from which PostgreSQL counts.
enum PostgresEpoch {
    static let days = 10_957
    static let milliseconds: Int64 = 946_684_800_000
}

/// Values in PostgreSQL's binary forms (src/backend/utils/adt, the functions `…recv`).
struct PostgresParameters {
    private(set) var types: [Oid] = []
    private var bytes: [UInt8] = []
    /// Where each value stands in the bytes; nil for NULL.
    private var places: [Range<Int>?] = []

    init(_ values: [Value]) {
        types.reserveCapacity(values.count)
        places.reserveCapacity(values.count)
        bytes.reserveCapacity(values.count * 24)
        for value in values { add(value) }
    }

    private mutating func add(_ value: Value) {
        let start = bytes.count
        let type: Oid
        switch value {
        case .null:
            types.append(PostgresType.unknown)
            places.append(nil)
            return
        case .boolean(let boolean):
            type = PostgresType.boolean
            bytes.append(boolean ? 1 : 0)
        case .integer(let integer):
            type = PostgresType.bigint
            append(UInt64(bitPattern: integer))
        case .decimal(let decimal):
            type = PostgresType.bigint
            append(UInt64(bitPattern: decimal.unscaled))
        case .number(let number):
            type = PostgresType.double
            append(number.bitPattern)
        case .text(let text):
            type = PostgresType.text
            append(text)
        case .date(let date):
            type = PostgresType.date
            append(UInt32(bitPattern: Int32(clamping: date.days - PostgresEpoch.days)))
        case .datetime(let moment):
            type = PostgresType.timestamp
            let microseconds = (moment.milliseconds - PostgresEpoch.milliseconds).multipliedReportingOverflow(by: 1000)
            append(UInt64(bitPattern: microseconds.overflow ? Int64.max : microseconds.partialValue))
        case .identifier(let id):
            type = PostgresType.uuid
            append(id.high)
            append(id.low)
        case .json(let json):
            type = PostgresType.json
            var writer = JSONWriter()
            writer.write(json)
            bytes += writer.bytes
        case .list:
            type = PostgresType.jsonb
            var writer = JSONWriter()
            writer.write(value)
            // The version of the form.
            bytes.append(1)
            bytes += writer.bytes
        }
        types.append(type)
        places.append(start..<bytes.count)
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// Hands over the values as libpq takes them, for the length of the body.
    func withPointers<Result>(
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        let lengths = places.map { Int32(clamping: $0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: places.count)
        // An empty value still needs an address, or it would be NULL.
        return (bytes + [0]).withUnsafeBytes { buffer in
            let start = buffer.baseAddress
            let pointers = places.map { place in
                place.flatMap { start?.advanced(by: $0.lowerBound).assumingMemoryBound(to: CChar.self) }
            }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        Self.call(pointers, lengths, formats, body)
                    }
                }
            }
        }
    }

    private static func call<Result>(
        _ pointers: UnsafeBufferPointer<UnsafePointer<CChar>?>,
        _ lengths: UnsafeBufferPointer<Int32>,
        _ formats: UnsafeBufferPointer<Int32>,
        _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
    ) -> Result {
        guard let pointers = pointers.baseAddress, let lengths = lengths.baseAddress, let formats = formats.baseAddress
        else {
            // Without parameters nothing is looked at.
            var nothing: UnsafePointer<CChar>?
            var zero: Int32 = 0
            return body(&nothing, &zero, &zero)
        }
        return body(pointers, lengths, formats)
    }
}
