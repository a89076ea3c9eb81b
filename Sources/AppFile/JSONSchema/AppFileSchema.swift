import OffstageSchema

/// The JSON Schema (draft 2020-12) of the app file, so that editors complete it and check its shape as it is typed.
/// What needs the whole file, such as whether a collection exists, only `load` checks.
enum AppFileSchema {
    static var schema: JSON {
        guard case .object(let file) = JSON.mapping(AppReader.keys) else { return .null }
        return .object(
            [
                JSON.Member("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
                JSON.Member("title", .string("offstage.yaml")),
                JSON.Member("description", .string("What an app keeps, and who may do what with it.")),
            ] + file + [JSON.Member("$defs", definitions)]
        )
    }

    private static var definitions: JSON {
        .schema([
            "name": JSON.pattern(NameRule.pattern).with("maxLength", .number(String(NameRule.longest))),
            "rule": JSON.anyOf(.boolean, .anyText)
                .with("description", .string("true, false, or an expression (CEL).")),
            "expression": JSON.anyOf(.boolean, .type("number"), .anyText)
                .with("description", .string("An expression (CEL).")),
            "collections": JSON.mapping(from: .collection, to: .named("collection")).orNull,
            "collection": .mapping(CollectionReader.keys),
            "fields": .mapping(from: .field, to: .named("field"), atLeast: 0),
            "field": field,
            "options": optionsOfAnyType,
            "forms": JSON.mapping(from: .form, to: .mapping(FormReader.keys)).orNull,
        ])
    }

    /// A bare word, or a mapping whose options depend on its type.
    private static var field: JSON {
        let complete = FieldType.all.filter { !$0.options.contains(where: \.required) }
        return .schema([
            "if": .type("string"),
            "then": JSON.words(complete.map(\.word)).with("description", .string("A type alone, without options.")),
            "else": .named("options"),
        ])
    }

    private static var optionsOfAnyType: JSON {
        .schema([
            "type": .string("object"),
            "required": .array([.string(FieldKeys.type.name)]),
            "properties": .schema(["type": typeWords]),
            "allOf": .array(FieldType.all.map(options)),
        ])
    }

    /// The words with what they mean, one `const` each, which is how editors show a text beside a word.
    private static var typeWords: JSON {
        let words = FieldType.all.map { type in
            JSON.schema(["const": .string(type.word), "description": .string(type.summary)])
        }
        return .schema(["description": .string(FieldKeys.type.summary), "oneOf": .array(words)])
    }

    /// `if` the type is this one, `then` these are its options.
    private static func options(_ type: FieldType) -> JSON {
        let word = JSON.schema(["const": .string(type.word)])
        let keys = [FieldKeys.type] + type.options + FieldKeys.shared.map { shared($0, type) }
        var required: [JSON] = []
        for key in keys where key.required { required.append(.string(key.name)) }
        return .schema([
            "if": .schema([
                "properties": .schema(["type": word]),
                "required": .array([.string(FieldKeys.type.name)]),
            ]),
            "then": .schema([
                "properties": .properties(keys),
                "required": .array(required),
                "additionalProperties": .boolean(false),
            ]),
        ])
    }

    /// The shared options, as far as the type narrows them.
    private static func shared(_ key: Key, _ type: FieldType) -> Key {
        switch key.name {
        case "default":
            let value = type.valueShape
            return Key(
                key.name,
                key.summary,
                type.mayBeMany ? .anyOf(value, .list(of: value, atLeast: 0, unique: false)) : value
            )
        case "many" where !type.mayBeMany: return Key(key.name, key.summary, .schema(["const": .boolean(false)]))
        case "unique" where type.word == "json": return Key(key.name, key.summary, .schema(["const": .boolean(false)]))
        default: return key
        }
    }
}

extension AppFile {
    /// The JSON Schema of the app file, indented, with a line break at the end: what `offstage schema` prints.
    package static func jsonSchema() -> String {
        IndentedJSON.text(AppFileSchema.schema) + "\n"
    }
}
