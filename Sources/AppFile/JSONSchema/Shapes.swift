import OffstageSchema

/// Pieces of JSON Schema (draft 2020-12), by what they say.
extension JSON {
    static let anyText = schema(["type": .string("string"), "minLength": .number("1")])
    static let boolean = schema(["type": .string("boolean")])

    static func schema(_ members: KeyValuePairs<String, JSON>) -> JSON {
        .object(members.map { JSON.Member($0.key, $0.value) })
    }

    static func whole(_ range: ClosedRange<Int>) -> JSON {
        schema([
            "type": .string("integer"),
            "minimum": .number(String(range.lowerBound)),
            "maximum": .number(String(range.upperBound)),
        ])
    }

    static func type(_ types: String...) -> JSON {
        if types.count == 1, let type = types.first { return schema(["type": .string(type)]) }
        return schema(["type": .array(types.map { .string($0) })])
    }

    static func words(_ words: [String]) -> JSON {
        schema(["enum": .array(words.map { .string($0) })])
    }

    static func list(of element: JSON, atLeast: Int = 1, unique: Bool = true) -> JSON {
        schema([
            "type": .string("array"), "items": element, "minItems": .number(String(atLeast)),
            "uniqueItems": .boolean(unique),
        ])
    }

    static func pattern(_ pattern: String) -> JSON {
        schema(["type": .string("string"), "pattern": .string(pattern)])
    }

    static func anyOf(_ shapes: JSON...) -> JSON {
        schema(["anyOf": .array(shapes)])
    }

    /// A shape that `$defs` gives a name.
    static func named(_ name: String) -> JSON {
        schema(["$ref": .string("#/$defs/\(name)")])
    }

    /// A mapping that may also be nothing: with all below it commented out, a key has the value null.
    var orNull: JSON {
        guard case .object(let members) = self else { return self }
        let types = JSON.array([.string("object"), .string("null")])
        return .object(members.map { $0.name == "type" ? Member("type", types) : $0 })
    }

    /// The same shape with more said of it.
    func with(_ name: String, _ value: JSON) -> JSON {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(name, value)])
    }

    /// A mapping with these keys and no others.
    static func mapping(_ keys: [Key]) -> JSON {
        var shape = schema(["type": .string("object"), "properties": properties(keys)])
        let required = keys.filter(\.required).map { JSON.string($0.name) }
        if !required.isEmpty { shape = shape.with("required", .array(required)) }
        return shape.with("additionalProperties", .boolean(false))
    }

    static func properties(_ keys: [Key]) -> JSON {
        .object(keys.map { Member($0.name, $0.shape.with("description", .string($0.summary))) })
    }

    /// A mapping from names that people choose to values of one shape.
    static func mapping(from rule: NameRule, to value: JSON, atLeast: Int = 0) -> JSON {
        var names = pattern(NameRule.pattern).with("maxLength", .number(String(NameRule.longest)))
        if !rule.reserved.isEmpty { names = names.with("not", words(rule.reserved.sorted())) }
        return schema([
            "type": .string("object"), "propertyNames": names, "additionalProperties": value,
            "minProperties": .number(String(atLeast)),
        ])
    }
}
