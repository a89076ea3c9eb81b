import OffstageSchema

/// Reads CBOR (RFC 8949): what CTAP2's canonical form allows, and besides numbers that are not in their shortest form,
/// tags, floating-point numbers and any order of keys. Refuses lengths that are not definite, a key that stands twice, keys
/// other than whole numbers and texts, and nesting over a limit. What it takes of memory grows with the input alone.
package struct CBORDecoder {
    package struct Refusal: Error, Hashable, Sendable {
        /// Byte position, from 0.
        package let offset: Int
        package let reason: String
    }

    package static let deepest = 16
    /// Bytes. Attestations with their certificates have a few thousand.
    package static let longest = 65_536

    private let bytes: ArraySlice<UInt8>
    private var position: Int
    private var depth = 0

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    /// The one value that the bytes hold.
    package static func decode(_ bytes: [UInt8]) throws(Refusal) -> CBOR {
        let (value, length) = try decodeFirst(bytes[...])
        guard length == bytes.count else { throw Refusal(offset: length, reason: "something follows the value") }
        return value
    }

    /// The value that the bytes begin with, and how many of them it has.
    package static func decodeFirst(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> (value: CBOR, length: Int) {
        guard bytes.count <= longest else {
            throw Refusal(offset: longest, reason: "there are more than \(longest) bytes")
        }
        var decoder = CBORDecoder(bytes)
        let value = try decoder.value()
        return (value, decoder.position - bytes.startIndex)
    }

    private mutating func value() throws(Refusal) -> CBOR {
        let first = try byte()
        let information = first & 0x1f
        switch first >> 5 {
        case 0: return .unsigned(try argument(information))
        case 1: return .negative(try argument(information))
        case 2: return .bytes(Array(try string(information)))
        case 3: return .text(try text(information))
        case 4: return try array(information)
        case 5: return try map(information)
        case 6:
            let tag = try argument(information)
            return .tagged(tag, try nested { decoder throws(Refusal) in try decoder.value() })
        default: return try simple(information)
        }
    }

    private mutating func array(_ information: UInt8) throws(Refusal) -> CBOR {
        let count = try count(information, bytesEach: 1)
        return try nested { decoder throws(Refusal) in
            var elements: [CBOR] = []
            for _ in 0..<count { elements.append(try decoder.value()) }
            return .array(elements)
        }
    }

    private mutating func map(_ information: UInt8) throws(Refusal) -> CBOR {
        let count = try count(information, bytesEach: 2)
        return try nested { decoder throws(Refusal) in
            var members: [CBOR.Key: CBOR] = [:]
            for _ in 0..<count {
                let key = try decoder.key()
                let value = try decoder.value()
                guard members.updateValue(value, forKey: key) == nil else {
                    throw decoder.refusal("a key stands twice")
                }
            }
            return .map(members)
        }
    }

    private mutating func key() throws(Refusal) -> CBOR.Key {
        let first = try byte()
        let information = first & 0x1f
        switch first >> 5 {
        case 0, 1:
            guard let number = Int64(exactly: try argument(information)) else {
                throw refusal("a key is too large a number")
            }
            return .integer(first >> 5 == 0 ? number : -1 - number)
        case 3: return .text(ExactText(try text(information)))
        default: throw refusal("a key is neither a whole number nor a text")
        }
    }

    private mutating func nested(
        _ body: (inout CBORDecoder) throws(Refusal) -> CBOR
    ) throws(Refusal) -> CBOR {
        guard depth < Self.deepest else { throw refusal("it nests deeper than \(Self.deepest)") }
        depth += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func text(_ information: UInt8) throws(Refusal) -> String {
        guard let text = String(validating: try string(information), as: UTF8.self) else {
            throw refusal("a text is not UTF-8")
        }
        return text
    }

    private mutating func string(_ information: UInt8) throws(Refusal) -> ArraySlice<UInt8> {
        let count = try count(information, bytesEach: 1)
        return try take(count)
    }

    /// A number of things that follow; never more than there are bytes for.
    private mutating func count(_ information: UInt8, bytesEach: Int) throws(Refusal) -> Int {
        let argument = try argument(information)
        guard let count = Int(exactly: argument), count <= (bytes.endIndex - position) / bytesEach else {
            throw refusal("it ends before \(argument) parts are there")
        }
        return count
    }

    /// RFC 8949, section 3: the number in the first byte or in the 1, 2, 4 or 8 after it.
    private mutating func argument(_ information: UInt8) throws(Refusal) -> UInt64 {
        switch information {
        case 0..<24: UInt64(information)
        case 24...27: try take(1 << Int(information - 24)).reduce(0) { $0 << 8 | UInt64($1) }
        case 31: throw refusal("a length is not definite")
        default: throw refusal("a first byte is reserved")
        }
    }

    /// RFC 8949, section 3.3.
    private mutating func simple(_ information: UInt8) throws(Refusal) -> CBOR {
        let argument = try argument(information)
        switch information {
        case 20: return .boolean(false)
        case 21: return .boolean(true)
        case 22: return .null
        case 23: return .undefined
        case 0..<20: return .simple(information)
        case 24:
            guard argument >= 32 else { throw refusal("a simple value is not in its one form") }
            return .simple(UInt8(truncatingIfNeeded: argument))
        case 25: return .float(Self.half(UInt16(truncatingIfNeeded: argument)))
        case 26: return .float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: argument))))
        default: return .float(Double(bitPattern: argument))
        }
    }

    /// RFC 8949, appendix D.
    private static func half(_ bits: UInt16) -> Double {
        let exponent = Int(bits >> 10 & 0x1f)
        let fraction = Double(bits & 0x3ff)
        let magnitude: Double =
            switch exponent {
            case 0: fraction * 0x1p-24
            case 31: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 25, significand: fraction + 1024)
            }
        return bits & 0x8000 == 0 ? magnitude : -magnitude
    }

    private mutating func byte() throws(Refusal) -> UInt8 {
        guard let byte = try take(1).first else { throw refusal("it ends too early") }
        return byte
    }

    private mutating func take(_ count: Int) throws(Refusal) -> ArraySlice<UInt8> {
        guard count <= bytes.endIndex - position else { throw refusal("it ends too early") }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    private func refusal(_ reason: String) -> Refusal {
        Refusal(offset: position - bytes.startIndex, reason: reason)
    }
}
