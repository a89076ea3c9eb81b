import OffstageSchema

/// The description of the running app for programs (OpenAPI 3.1.1) and, from the same operations, for people (/docs).
///
/// One file an aspect: `Operation` is what a document says of one request, the files named `…Operations` make them from
/// the catalog, `FieldSchema` and `RecordSchemas` say what values look like, `Document` puts everything together.
enum OpenAPI {
    /// A piece of the document, written as Swift writes its values; members keep their order.
    struct Value: Hashable, Sendable {
        var json: JSON

        init(_ json: JSON) {
            self.json = json
        }

        static let null = Value(JSON.null)

        static func text(_ text: String) -> Value { Value(.string(text)) }
        static func number(_ number: Int) -> Value { Value(.number(String(number))) }
        static func texts(_ texts: [String]) -> Value { Value(.array(texts.map { .string($0) })) }
        static func list(_ values: [Value]) -> Value { Value(.array(values.map(\.json))) }
        static func object(_ members: [(String, Value)]) -> Value {
            Value(.object(members.map { JSON.Member($0.0, $0.1.json) }))
        }

        /// A reference to a component of the document.
        static func reference(_ kind: String, _ name: String) -> Value {
            ["$ref": .text("#/components/\(kind)/\(name)")]
        }

        static func schema(_ name: String) -> Value { reference("schemas", name) }

        subscript(name: String) -> Value? {
            get {
                guard case .object(let members) = json else { return nil }
                return members.first { $0.name == name }.map { Value($0.value) }
            }
            set {
                guard case .object(var members) = json else { return }
                let index = members.firstIndex { $0.name == name }
                switch (index, newValue) {
                case (let index?, let value?): members[index] = JSON.Member(name, value.json)
                case (let index?, nil): members.remove(at: index)
                case (nil, let value?): members.append(JSON.Member(name, value.json))
                case (nil, nil): break
                }
                json = .object(members)
            }
        }

        /// The same object with one more member; without it when the value is nil.
        func with(_ name: String, _ value: Value?) -> Value {
            var copy = self
            if let value { copy[name] = value }
            return copy
        }
    }
}

extension OpenAPI.Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .text(value) }
    init(integerLiteral value: Int) { self = .number(value) }
    init(booleanLiteral value: Bool) { self.init(.boolean(value)) }
    init(arrayLiteral elements: OpenAPI.Value...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, OpenAPI.Value)...) { self = .object(elements) }
}
