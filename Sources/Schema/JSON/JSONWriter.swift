/// Writes JSON to bytes, without insignificant white space.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []

    package init(capacity: Int = 0) {
        if capacity > 0 { bytes.reserveCapacity(capacity) }
    }

    /// Bytes that are JSON already, or punctuation between values.
    package mutating func raw(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func raw(_ other: [UInt8]) {
        bytes.append(contentsOf: other)
    }

    package mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    package mutating func write(_ json: JSON) {
        switch json {
        case .null: raw("null")
        case .boolean(let boolean): write(boolean)
        case .number(let text): raw(text)
        case .string(let text): write(text)
        case .array(let elements):
            raw("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { raw(",") }
                write(element)
            }
            raw("]")
        case .object(let members):
            raw("{")
            for (index, member) in members.enumerated() {
                if index > 0 { raw(",") }
                write(member.name)
                raw(":")
                write(member.value)
            }
            raw("}")
        }
    }

    package mutating func write(_ boolean: Bool) {
        if boolean { raw("true") } else { raw("false") }
    }

    package mutating func write(_ integer: Int64) {
        var text = String(integer)
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// A text in quotes. Only what RFC 8259 (section 7) demands is escaped, and U+2028/2029 and `<` are left alone:
    /// the bytes are served as JSON, never inside HTML.
    package mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { buffer in
            var start = 0
            for index in 0..<buffer.count {
                let byte = buffer[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                bytes.append(contentsOf: buffer[start..<index])
                escape(byte)
                start = index + 1
            }
            bytes.append(contentsOf: buffer[start..<buffer.count])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): raw("\\\"")
        case UInt8(ascii: "\\"): raw("\\\\")
        case 0x0a: raw("\\n")
        case 0x0d: raw("\\r")
        case 0x09: raw("\\t")
        case 0x08: raw("\\b")
        case 0x0c: raw("\\f")
        default:
            let digits: StaticString = "0123456789abcdef"
            raw("\\u00")
            bytes.append(digits.utf8Start[Int(byte >> 4)])
            bytes.append(digits.utf8Start[Int(byte & 0xf)])
        }
    }
}

extension JSONWriter {
    /// A record's value as the interface shows it (the table of field types).
    package mutating func write(_ value: Value) {
        switch value {
        case .null: raw("null")
        case .boolean(let boolean): write(boolean)
        case .integer(let integer): write(integer)
        case .number(let number): write(number)
        case .decimal(let decimal):
            bytes.append(UInt8(ascii: "\""))
            decimal.write(to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        case .text(let text): write(text)
        case .date(let date): quoted(date.description)
        case .datetime(let moment): write(moment)
        case .identifier(let id): write(id)
        case .json(let json): write(json)
        case .list(let elements):
            raw("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { raw(",") }
                write(element)
            }
            raw("]")
        }
    }

    /// The shortest text that reads back as the same double; whole numbers without ".0".
    private mutating func write(_ number: Double) {
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53 {
            write(whole)
        } else {
            raw(number.description)
        }
    }

    /// A text that needs no escaping.
    package mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        raw(text)
        bytes.append(UInt8(ascii: "\""))
    }

    /// An id in quotes.
    package mutating func write(_ id: Identifier) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Identifier.characters + 2) { buffer in
            buffer[0] = UInt8(ascii: "\"")
            id.write(to: UnsafeMutableBufferPointer(rebasing: buffer[1...]))
            buffer[Identifier.characters + 1] = UInt8(ascii: "\"")
            bytes.append(contentsOf: buffer)
        }
    }

    /// A moment in quotes.
    package mutating func write(_ moment: Timestamp) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.characters + 2) { buffer in
            buffer[0] = UInt8(ascii: "\"")
            moment.write(to: UnsafeMutableBufferPointer(rebasing: buffer[1...]))
            buffer[Timestamp.characters + 1] = UInt8(ascii: "\"")
            bytes.append(contentsOf: buffer)
        }
    }
}
