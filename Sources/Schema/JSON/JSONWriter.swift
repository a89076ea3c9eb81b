/// Writes JSON to bytes, without insignificant white space.
///
/// The bytes stand in memory of its own that grows: a page of records is some hundred pieces, and appending each to an array
/// costs more than writing it. It is not copied, so the memory has one owner.
package struct JSONWriter: ~Copyable {
    private var room: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes that were written.
    package private(set) var count = 0

    private static let bytesAtFirst = 64

    package init(capacity: Int = 0) {
        self.capacity = max(capacity, Self.bytesAtFirst)
        room = .allocate(capacity: self.capacity)
    }

    deinit { room.deallocate() }

    /// What was written.
    package var bytes: [UInt8] { Array(UnsafeBufferPointer(start: room, count: count)) }

    /// Forgets what was written and keeps the memory.
    package mutating func removeAll() {
        count = 0
    }

    /// Makes sure that so many bytes more have room.
    private mutating func reserve(_ more: Int) {
        guard count + more > capacity else { return }
        let larger = max(capacity * 2, count + more)
        let new = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        new.update(from: room, count: count)
        room.deallocate()
        room = new
        capacity = larger
    }

    private mutating func append(_ byte: UInt8) {
        reserve(1)
        room[count] = byte
        count += 1
    }

    private mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        (room + count).update(from: start, count: bytes.count)
        count += bytes.count
    }

    /// Bytes that are JSON already, or punctuation between values.
    package mutating func raw(_ text: StaticString) {
        append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// - Parameter first: how many bytes at the beginning are left out.
    package mutating func raw(_ other: [UInt8], from first: Int = 0) {
        other.withUnsafeBufferPointer { append(UnsafeBufferPointer(rebasing: $0.dropFirst(first))) }
    }

    package mutating func raw(_ text: String) {
        var text = text
        text.withUTF8 { append($0) }
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
        raw(String(integer))
    }

    /// A text in quotes. Only what RFC 8259 (section 7) demands is escaped, and U+2028/2029 and `<` are left alone:
    /// the bytes are served as JSON, never inside HTML.
    package mutating func write(_ text: String) {
        var text = text
        text.withUTF8 { buffer in
            // Room for a text without escapes, which most are.
            reserve(buffer.count + 2)
            append(UInt8(ascii: "\""))
            var start = 0
            for index in 0..<buffer.count {
                let byte = buffer[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                append(UnsafeBufferPointer(rebasing: buffer[start..<index]))
                escape(byte)
                start = index + 1
            }
            append(UnsafeBufferPointer(rebasing: buffer[start...]))
            append(UInt8(ascii: "\""))
        }
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
            append(digits.utf8Start[Int(byte >> 4)])
            append(digits.utf8Start[Int(byte & 0xf)])
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
            append(UInt8(ascii: "\""))
            decimal.withText { append($0) }
            append(UInt8(ascii: "\""))
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
        append(UInt8(ascii: "\""))
        raw(text)
        append(UInt8(ascii: "\""))
    }

    /// An id in quotes.
    package mutating func write(_ id: Identifier) {
        quoted(Identifier.characters) { id.write(to: $0) }
    }

    /// A moment in quotes.
    package mutating func write(_ moment: Timestamp) {
        quoted(Timestamp.characters) { moment.write(to: $0) }
    }

    /// What the body writes to so many bytes, in quotes.
    private mutating func quoted(_ length: Int, _ body: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        append(UInt8(ascii: "\""))
        reserve(length)
        body(UnsafeMutableBufferPointer(start: room + count, count: length))
        count += length
        append(UInt8(ascii: "\""))
    }
}
