package import OffstageExpressions
package import OffstageSchema

/// Stored values as expressions see them.
extension Datum {
    package init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .boolean(let boolean): self = .bool(boolean)
        case .integer(let integer): self = .int(integer)
        case .number(let number): self = .double(number)
        case .decimal(let decimal): self = .decimal(decimal)
        case .text(let text): self = .string(text)
        case .date(let date): self = .date(date)
        case .datetime(let moment): self = .timestamp(Moment(moment))
        case .identifier(let id): self = .string(id.description)
        case .json(let json): self = Datum(json)
        case .list(let elements): self = .list(elements.map(Datum.init))
        }
    }

    /// JSON: a number that is written whole is an int, any other a double.
    package init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .boolean(let boolean): self = .bool(boolean)
        case .number(let text):
            if let integer = Int64(text) { self = .int(integer) } else { self = .double(Double(text) ?? .nan) }
        case .string(let text): self = .string(text)
        case .array(let elements): self = .list(elements.map { Datum($0) })
        case .object(let members): self = .map(DatumMap(members.map { ($0.name, Datum($0.value)) }))
        }
    }
}

extension JSON {
    /// A value as clients send values to fields. What has no place in JSON is null.
    init(_ datum: Datum) {
        switch datum {
        case .bool(let boolean): self = .boolean(boolean)
        case .int(let integer): self = .number(String(integer))
        case .uint(let unsigned): self = .number(String(unsigned))
        case .double(let number): self = number.isFinite ? .number("\(number)") : .null
        case .string(let text): self = .string(text)
        case .timestamp(let moment): self = .string(moment.timestamp.description)
        case .decimal(let decimal): self = .string(decimal.description)
        case .date(let date): self = .string(date.description)
        case .list(let elements): self = .array(elements.map { JSON($0) })
        case .map(let map):
            self = .object(
                zip(map.keys, map.values).compactMap { key, value in
                    if case .string(let name) = key { JSON.Member(name, JSON(value)) } else { nil }
                }
            )
        case .null, .bytes, .duration, .type: self = .null
        }
    }
}

extension DatumMap {
    /// A record by the names of its fields.
    package init(_ record: Record, of collection: Collection) {
        let own: [(key: String, value: Datum)] = [
            ("id", .string(record.id.description)), ("created", .timestamp(Moment(record.created))),
            ("updated", .timestamp(Moment(record.updated))), ("version", .int(record.version)),
        ]
        self.init(own + zip(collection.fields, record.values).map { ($0.name, Datum($1)) })
    }
}
