/// A zone of the tz database, read from the bytes of its compiled file (TZif, RFC 9636). Reading the file is the
/// caller's; this is pure.
package struct ZoneFile: Sendable {
    /// Moments at which the offset changes, rising, in seconds since 1970.
    private var transitions: [Int64] = []
    /// The offset from each transition on.
    private var offsets: [Int] = []
    /// Before the first transition.
    private var first = 0
    /// What holds behind the last transition.
    private var rule: ZoneRule?

    /// Nil for bytes that are no TZif file of version 2 or later.
    package init?(_ bytes: [UInt8]) {
        var reader = ZoneReader(bytes)
        guard let old = reader.header(), old.version >= UInt8(ascii: "2"), reader.skip(old.bodySize(time: 4)),
            let header = reader.header(), header.types > 0, header.transitions <= 10_000,
            let body = reader.take(header.bodySize(time: 8)), read(body, header)
        else { return nil }
        let footer = reader.rest.drop { $0 == 0x0a }.prefix { $0 != 0x0a }
        rule = ZoneRule(String(decoding: footer, as: UTF8.self))
    }

    private mutating func read(_ body: [UInt8], _ header: ZoneReader.Header) -> Bool {
        let indexes = header.transitions * 8
        let types = indexes + header.transitions
        func type(_ place: Int) -> Int? {
            guard place < header.types else { return nil }
            let start = types + place * 6
            return Int(Int32(truncatingIfNeeded: ZoneReader.number(body[start..<start + 4])))
        }
        first = type(0) ?? 0
        for place in 0..<header.transitions {
            guard let offset = type(Int(body[indexes + place])) else { return false }
            transitions.append(ZoneReader.number(body[place * 8..<place * 8 + 8]))
            offsets.append(offset)
        }
        return zip(transitions, transitions.dropFirst()).allSatisfy { $0 < $1 }
    }

    /// Seconds east of UTC at a moment.
    package func offset(at secondsSince1970: Int64) -> Int {
        guard let last = transitions.last, secondsSince1970 < last else {
            return rule?.offset(at: secondsSince1970) ?? offsets.last ?? first
        }
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle] <= secondsSince1970 { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }
}

/// The numbers of a TZif file.
struct ZoneReader {
    struct Header {
        let version: UInt8
        let utcMarks: Int
        let standardMarks: Int
        let leapSeconds: Int
        let transitions: Int
        let types: Int
        let letters: Int

        func bodySize(time: Int) -> Int {
            transitions * (time + 1) + types * 6 + letters + leapSeconds * (time + 4) + standardMarks + utcMarks
        }
    }

    private(set) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func header() -> Header? {
        guard let bytes = take(44), Array(bytes[0..<4]) == Array("TZif".utf8) else { return nil }
        var counts: [Int] = []
        for place in 0..<6 {
            let start = 20 + place * 4
            let count = Int(UInt32(truncatingIfNeeded: Self.number(bytes[start..<start + 4])))
            guard count <= 1_000_000 else { return nil }
            counts.append(count)
        }
        return Header(
            version: bytes[4],
            utcMarks: counts[0],
            standardMarks: counts[1],
            leapSeconds: counts[2],
            transitions: counts[3],
            types: counts[4],
            letters: counts[5]
        )
    }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= rest.count else { return nil }
        let taken = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        return taken
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    /// Big-endian, in two's complement when there are eight bytes.
    static func number(_ bytes: ArraySlice<UInt8>) -> Int64 {
        Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
