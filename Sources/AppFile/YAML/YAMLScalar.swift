/// A scalar by the core schema of YAML 1.2 (section 10.3.2): `yes`, `no`, `on` and `off` are texts.
enum YAMLScalar: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// `json` is the same number as JSON writes it, `source` what stands in the file.
    case number(json: String, source: String)
    /// `.inf` and `.nan`, which JSON and the field types do not have.
    case notFinite(source: String)
    /// `plain` when it stands without quotes.
    case text(String, plain: Bool)

    /// What a scalar without quotes and without a tag means.
    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE": self = .boolean(true)
        case "false", "False", "FALSE": self = .boolean(false)
        default: self = Self.number(text) ?? .text(text, plain: true)
        }
    }

    private static func number(_ source: String) -> YAMLScalar? {
        switch source.utf8.first {
        case .some(0x30...0x39), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"): break
        default: return nil
        }
        if let json = based(source) ?? PlainNumber.json(source) { return .number(json: json, source: source) }
        let unsigned = source.drop { $0 == "-" || $0 == "+" }
        switch unsigned {
        case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN": return .notFinite(source: source)
        default: return nil
        }
    }

    /// `0x1f` and `0o17`.
    private static func based(_ source: String) -> String? {
        let digits = source.dropFirst(2)
        guard digits.utf8.first != UInt8(ascii: "+"), digits.utf8.first != UInt8(ascii: "-") else { return nil }
        if source.hasPrefix("0x") { return UInt64(digits, radix: 16).map { String($0) } }
        if source.hasPrefix("0o") { return UInt64(digits, radix: 8).map { String($0) } }
        return nil
    }

    var inWords: String {
        switch self {
        case .null: "nothing"
        case .boolean(let boolean): "\(boolean)"
        case .number(_, let source), .notFinite(let source): "the number \(Excerpt.of(source))"
        case .text("", _): "an empty text"
        case .text(let text, _): "the text \(Excerpt.quoted(text))"
        }
    }
}

/// The decimal numbers of the core schema, `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, as JSON writes them.
private enum PlainNumber {
    /// `+007.` becomes `7`, `.5` becomes `0.5`; nil for what is no number.
    static func json(_ source: String) -> String? {
        var rest = source.utf8[...]
        var json = ""
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            if sign == UInt8(ascii: "-") { json = "-" }
            rest.removeFirst()
        }
        let whole = digits(&rest)
        var fraction = ""
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = digits(&rest)
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let significant = whole.drop { $0 == "0" }
        json += significant.isEmpty ? "0" : significant
        if !fraction.isEmpty { json += "." + fraction }
        guard let exponent = exponent(&rest), rest.isEmpty else { return nil }
        return json + exponent
    }

    private static func digits(_ rest: inout Substring.UTF8View) -> String {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return String(Substring(digits))
    }

    /// Empty when there is none; nil when it breaks off.
    private static func exponent(_ rest: inout Substring.UTF8View) -> String? {
        guard let letter = rest.first, letter == UInt8(ascii: "e") || letter == UInt8(ascii: "E") else { return "" }
        rest.removeFirst()
        var exponent = "e"
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            if sign == UInt8(ascii: "-") { exponent += "-" }
            rest.removeFirst()
        }
        let power = digits(&rest)
        return power.isEmpty ? nil : exponent + power
    }
}
