import OffstageAppFile
import OffstageSchema
import Testing

/// The JSON Schema that editors get.
@Suite struct JSONSchemaTests {
    private static func schema() throws -> JSON {
        try JSONParser.parse(AppFile.jsonSchema().utf8)
    }

    @Test func itSaysItsDraftAndWhatMustBeThere() throws {
        let schema = try Self.schema()
        #expect(schema["$schema"] == .string("https://json-schema.org/draft/2020-12/schema"))
        #expect(schema["required"] == .array([.string("offstage")]))
        #expect(schema["additionalProperties"] == .boolean(false))
    }

    /// Editors show the description beside the key.
    @Test func everyKeyIsDescribed() throws {
        var keys = 0
        try Self.schema().visit { schema in
            guard case .object(let properties)? = schema["properties"] else { return }
            // The condition of an `if` names a key without describing it.
            for property in properties where property.value["const"] == nil || property.name == "offstage" {
                keys += 1
                guard case .string(let text)? = property.value["description"], text.hasSuffix(".") else {
                    Issue.record("\(property.name) has no description")
                    continue
                }
            }
        }
        #expect(keys > 150)
    }

    @Test func everyReferenceHasItsDefinition() throws {
        let schema = try Self.schema()
        schema.visit { part in
            guard case .string(let reference)? = part["$ref"] else { return }
            #expect(reference.hasPrefix("#/$defs/"))
            #expect(schema["$defs"]?[String(reference.dropFirst(8))] != nil, "\(reference)")
        }
    }

    @Test(arguments: FieldKind.names)
    func everyTypeHasItsOptionsAndNoOthers(_ type: String) throws {
        let options = try Self.schema()["$defs"]?["options"]?["allOf"]
        guard case .array(let conditions)? = options else {
            Issue.record("the types have no conditions")
            return
        }
        let mine = conditions.filter { $0["if"]?["properties"]?["type"]?["const"] == .string(type) }
        #expect(mine.count == 1)
        let then = mine.first?["then"]
        #expect(then?["additionalProperties"] == .boolean(false))
        for key in [
            "type", "required", "unique", "default", "label", "help", "readable", "writable", "assign", "was", "many",
        ] {
            #expect(then?["properties"]?[key] != nil, "\(key)")
        }
        #expect((then?["properties"]?["pattern"] != nil) == (type == "text"))
        #expect((then?["properties"]?["digits"] != nil) == (type == "decimal"))
    }
}

extension JSON {
    fileprivate subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    fileprivate func visit(_ body: (JSON) -> Void) {
        body(self)
        switch self {
        case .object(let members): members.forEach { $0.value.visit(body) }
        case .array(let elements): elements.forEach { $0.visit(body) }
        default: break
        }
    }
}
