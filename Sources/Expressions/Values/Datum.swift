package import OffstageSchema

/// A value while an expression runs (CEL langdef, "Values"), with exact decimals and calendar dates of our own.
///
/// Ids and relations are strings here. Two strings are equal when their code points are: Unicode's canonical equivalence
/// never decides who may see what.
package enum Datum: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case timestamp(Moment)
    case duration(Span)
    case decimal(Decimal)
    case date(CalendarDate)
    case list([Datum])
    case map(DatumMap)
    /// A type, by its CEL name.
    case type(String)

    /// CEL's name of its type.
    package var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .decimal: "decimal"
        case .date: "date"
        case .list: "list"
        case .map: "map"
        case .type: "type"
        }
    }

    /// The static type of the value.
    package var valueType: ValueType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .decimal: .decimal
        case .date: .date
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .type: .type
        }
    }

    /// Names that mean a type when no variable has them.
    static let typeNames: Set<String> = [
        "null_type", "bool", "int", "uint", "double", "string", "bytes", "google.protobuf.Timestamp",
        "google.protobuf.Duration", "decimal", "date", "list", "map", "type",
    ]

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

/// A map that keeps the order of its entries. `1`, `1u` and `1.0` are the same key.
package struct DatumMap: Sendable {
    package private(set) var keys: [Datum] = []
    package private(set) var values: [Datum] = []
    private var places: [DatumKey: Int] = [:]

    package init() {}

    /// A map with string keys; a later entry of the same name replaces an earlier one.
    package init(_ entries: some Sequence<(key: String, value: Datum)>) {
        for entry in entries {
            let key = DatumKey.text(StrictText(entry.key))
            if let place = places[key] {
                values[place] = entry.value
            } else {
                append(.string(entry.key), key, entry.value)
            }
        }
    }

    package var count: Int { keys.count }

    /// The value of a key; nil when there is none, or when the key is of a type that no key has.
    package subscript(_ key: Datum) -> Datum? {
        guard let key = DatumKey(key), let place = places[key] else { return nil }
        return values[place]
    }

    package subscript(name name: String) -> Datum? {
        guard let place = places[.text(StrictText(name))] else { return nil }
        return values[place]
    }

    enum Insertion { case done, repeatedKey, unsupportedKey }

    /// Adds an entry of a map literal (CEL langdef: keys are bool, int, uint or string, and none comes twice).
    mutating func insert(_ key: Datum, _ value: Datum) -> Insertion {
        switch key {
        case .bool, .int, .uint, .string: break
        default: return .unsupportedKey
        }
        guard let stored = DatumKey(key) else { return .unsupportedKey }
        if places[stored] != nil { return .repeatedKey }
        append(key, stored, value)
        return .done
    }

    private mutating func append(_ key: Datum, _ stored: DatumKey, _ value: Datum) {
        places[stored] = keys.count
        keys.append(key)
        values.append(value)
    }
}

/// A key as the map compares it: numbers by value whatever their type.
private enum DatumKey: Hashable {
    case bool(Bool)
    case int(Int64)
    /// Only above the largest int.
    case large(UInt64)
    case text(StrictText)

    init?(_ datum: Datum) {
        switch datum {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = Int64(exactly: value).map { .int($0) } ?? .large(value)
        case .double(let value):
            if let exact = Int64(exactly: value) {
                self = .int(exact)
            } else if let exact = UInt64(exactly: value) {
                self = .large(exact)
            } else {
                return nil
            }
        case .string(let value): self = .text(StrictText(value))
        default: return nil
        }
    }
}

/// A string that is equal and hashed by its bytes.
private struct StrictText: Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: StrictText, right: StrictText) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }
}
