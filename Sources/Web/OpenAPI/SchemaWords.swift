import OffstageSchema

/// A schema in a few words, for people: "text, at most 120", "one of draft, published".
enum SchemaWords {
    /// Of a choice; what follows is told by the sentence beside it, or by a refusal.
    private static let wordsAtMost = 24

    static func of(_ schema: OpenAPI.Value) -> String {
        if case .array(let words)? = schema["enum"]?.json, !words.isEmpty {
            let all = words.map(word)
            // What stands with a minus too, as in a sort, is named once.
            let once = all.filter { !$0.hasPrefix("-") || !all.contains(String($0.dropFirst())) }
            let shown = once.prefix(wordsAtMost) + (once.count > wordsAtMost ? ["and more"] : [])
            return "one of " + shown.joined(separator: ", ")
        }
        let (type, mayBeNull) = type(of: schema)
        var words = [kind(type, schema)]
        if let limits = limits(type, schema) { words.append(limits) }
        if mayBeNull { words.append("or null") }
        return words.joined(separator: ", ")
    }

    private static func type(of schema: OpenAPI.Value) -> (String, mayBeNull: Bool) {
        switch schema["type"]?.json {
        case .string(let type)?: (type, false)
        case .array(let types)?:
            (types.count == 2 ? word(types[0]) : "any", types.contains(.string("null")))
        default: ("any", false)
        }
    }

    private static func kind(_ type: String, _ schema: OpenAPI.Value) -> String {
        switch (type, text(schema["format"])) {
        case ("string", "uuid"?): return "id"
        case ("string", "date-time"?): return "date and time"
        case ("string", let format?): return format
        case ("string", nil): return "text"
        case ("integer", _): return "whole number"
        case ("boolean", _): return "true or false"
        case ("any", _): return "any JSON"
        case ("array", _):
            guard let items = schema["items"], items["$ref"] == nil else { return "list" }
            return "list of " + of(items).replacing("one of ", with: "")
        default: return type
        }
    }

    private static func limits(_ type: String, _ schema: OpenAPI.Value) -> String? {
        let names = type == "string" ? ("minLength", "maxLength") : ("minimum", "maximum")
        guard type == "string" || type == "integer" || type == "number" else { return nil }
        let largest = String(IntegerKind.largest)
        let least = number(schema[names.0]).flatMap { $0 == "-" + largest ? nil : $0 }
        let most = number(schema[names.1]).flatMap { $0 == largest ? nil : $0 }
        return switch (least, most) {
        case (let least?, let most?): "\(least)–\(most)"
        case (let least?, nil): "at least \(least)"
        case (nil, let most?): "at most \(most)"
        case (nil, nil): nil
        }
    }

    private static func word(_ json: JSON) -> String {
        switch json {
        case .string(let text): text
        case .null: "null"
        default: ""
        }
    }

    private static func text(_ value: OpenAPI.Value?) -> String? {
        if case .string(let text)? = value?.json { text } else { nil }
    }

    private static func number(_ value: OpenAPI.Value?) -> String? {
        if case .number(let text)? = value?.json { text } else { nil }
    }
}
