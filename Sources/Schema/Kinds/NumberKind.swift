/// A finite double-precision number.
package struct NumberKind: Hashable, Sendable, ValueReader {
    package var min: Double?
    package var max: Double?

    package init(min: Double? = nil, max: Double? = nil) {
        self.min = min
        self.max = max
    }

    package func read(_ json: JSON) throws(Fault) -> Value {
        guard case .number(let text) = json else { throw wrongType(json, expected: "a number") }
        return try read(text: text)
    }

    package func read(text: String) throws(Fault) -> Value {
        // Swift's reader takes "inf", "nan" and hexadecimal too, which are no numbers here.
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) || "+-.eE".utf8.contains($0) }),
            let number = Double(text)
        else { throw Fault("", .type, "must be a number") }
        guard number.isFinite else { throw Fault("", .type, "must be a number within the range of a double") }
        if let min, number < min { throw Fault("", .min, "must be at least \(min)") }
        if let max, number > max { throw Fault("", .max, "must be at most \(max)") }
        // One zero, so that equal values are equal bytes.
        return .number(number == 0 ? 0 : number)
    }
}
