import CMariaDB
import OffstageSchema
import OffstageStorage

/// Values as the library takes them: numbers and moments in the binary forms of the protocol, all else as bytes.
struct MySQLParameters {
    private let values: [Value]

    init(_ values: [Value]) { self.values = values }

    /// Hands over the values for the length of the body; none of it may be used afterwards.
    func withBinds<Result>(_ body: (UnsafeMutablePointer<MYSQL_BIND>?) -> Result) -> Result {
        guard !values.isEmpty else { return body(nil) }
        var (bytes, places) = texts
        // An empty text still needs an address.
        bytes.append(0)
        return bytes.withUnsafeBufferPointer { buffer in
            withUnsafeTemporaryAllocation(of: MYSQL_BIND.self, capacity: values.count) { binds in
                withUnsafeTemporaryAllocation(of: offstage_mysql_value.self, capacity: values.count) { kept in
                    binds.initialize(repeating: MYSQL_BIND())
                    kept.initialize(repeating: offstage_mysql_value())
                    guard let firstBind = binds.baseAddress, let firstKept = kept.baseAddress else { return body(nil) }
                    for (index, value) in values.enumerated() {
                        let place = places[index]
                        let text = UnsafeBufferPointer(rebasing: buffer[place])
                        Self.bind(value, text, firstBind + index, firstKept + index)
                    }
                    return body(firstBind)
                }
            }
        }
    }

    /// What travels as bytes, one behind the other, and where each value stands.
    private var texts: (bytes: [UInt8], places: [Range<Int>]) {
        var bytes: [UInt8] = []
        var places: [Range<Int>] = []
        bytes.reserveCapacity(values.count * 24)
        places.reserveCapacity(values.count)
        for value in values {
            let start = bytes.count
            switch value {
            case .text(var text): text.withUTF8 { bytes.append(contentsOf: $0) }
            case .identifier(let id):
                var text = id.description
                text.withUTF8 { bytes.append(contentsOf: $0) }
            case .json(let json):
                var writer = JSONWriter()
                writer.write(json)
                bytes += writer.bytes
            case .list:
                var writer = JSONWriter()
                writer.write(value)
                bytes += writer.bytes
            default: break
            }
            places.append(start..<bytes.count)
        }
        return (bytes, places)
    }

    private static func bind(
        _ value: Value,
        _ text: UnsafeBufferPointer<UInt8>,
        _ bind: UnsafeMutablePointer<MYSQL_BIND>,
        _ kept: UnsafeMutablePointer<offstage_mysql_value>
    ) {
        switch value {
        case .null: offstage_mysql_bind_null(bind)
        case .boolean(let boolean): offstage_mysql_bind_integer(bind, kept, boolean ? 1 : 0)
        case .integer(let integer): offstage_mysql_bind_integer(bind, kept, integer)
        case .decimal(let decimal): offstage_mysql_bind_integer(bind, kept, decimal.unscaled)
        case .number(let number):
            // The servers have no infinity and no NaN.
            if number.isNaN {
                offstage_mysql_bind_null(bind)
            } else {
                let most = Double.greatestFiniteMagnitude
                offstage_mysql_bind_double(bind, kept, min(max(number, -most), most))
            }
        case .date(let date):
            let (year, month, day) = date.components
            offstage_mysql_bind_date(bind, kept, UInt32(clamping: year), UInt32(clamping: month), UInt32(clamping: day))
        case .datetime(let moment): self.bind(min(max(moment, .earliest), .latest), bind, kept)
        case .text, .identifier, .json, .list:
            let start = UnsafeRawPointer(text.baseAddress)?.assumingMemoryBound(to: CChar.self)
            offstage_mysql_bind_text(bind, kept, start, UInt(text.count))
        }
    }

    private static func bind(
        _ moment: Timestamp,
        _ bind: UnsafeMutablePointer<MYSQL_BIND>,
        _ kept: UnsafeMutablePointer<offstage_mysql_value>
    ) {
        let (seconds, milliseconds) = moment.milliseconds.dividedTowardsEarlier(by: 1000)
        let (days, second) = seconds.dividedTowardsEarlier(by: 86_400)
        let (year, month, day) = CalendarDate(days: Int(days)).components
        offstage_mysql_bind_datetime(
            bind,
            kept,
            UInt32(clamping: year),
            UInt32(clamping: month),
            UInt32(clamping: day),
            UInt32(clamping: second / 3600),
            UInt32(clamping: second / 60 % 60),
            UInt32(clamping: second % 60),
            UInt(clamping: milliseconds * 1000)
        )
    }
}

extension Int64 {
    /// The quotient towards less, and a remainder that is never negative.
    fileprivate func dividedTowardsEarlier(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
