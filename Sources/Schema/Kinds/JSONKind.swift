/// Any JSON, kept without insignificant white space, numbers as they were written.
package struct JSONKind: Hashable, Sendable, ValueReader {
    package static let defaultMaximum = 65_536
    package static let largestMaximum = 1_048_576

    package var maximumBytes: Int

    package init(maximumBytes: Int = Self.defaultMaximum) {
        self.maximumBytes = maximumBytes
    }

    package func read(_ json: JSON) throws(Fault) -> Value {
        var writer = JSONWriter()
        writer.write(json)
        guard writer.bytes.count <= maximumBytes else {
            throw Fault("", .max, "must be at most \(maximumBytes) bytes of JSON, not \(writer.bytes.count)")
        }
        if Self.holdsNUL(json) { throw Fault("", .type, "must not contain the character NUL (U+0000)") }
        return .json(json)
    }

    package func read(text: String) throws(Fault) -> Value {
        let json: JSON
        do throws(JSONParser.Refusal) {
            json = try JSONParser.parse(text.utf8)
        } catch {
            throw Fault("", .type, "must be JSON: \(error.reason) at byte \(error.offset + 1)")
        }
        // JSON's null is nothing, as it is in a body.
        if case .null = json { return .null }
        return try read(json)
    }

    /// Not every database keeps NUL in JSON, so none does.
    private static func holdsNUL(_ json: JSON) -> Bool {
        switch json {
        case .string(let text): text.utf8.contains(0)
        case .array(let elements): elements.contains(where: holdsNUL)
        case .object(let members): members.contains { $0.name.utf8.contains(0) || holdsNUL($0.value) }
        default: false
        }
    }
}
