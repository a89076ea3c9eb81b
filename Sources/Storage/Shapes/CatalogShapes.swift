package import OffstageSchema

extension TableShape {
    /// The tables that a catalog needs, in its order.
    package static func shapes(of catalog: Catalog) -> [TableShape] {
        catalog.collections.map(TableShape.init)
    }

    package init(_ collection: Collection) {
        self.init(
            name: collection.name,
            columns: collection.fields.map(ColumnShape.init),
            indexes: collection.indexes.map { index in
                IndexShape(index.keys.map { IndexShape.Key($0.field, descending: $0.descending) })
            },
            search: collection.search.isEmpty ? nil : collection.search,
            was: collection.was
        )
    }
}

extension ColumnShape {
    package init(_ field: Field) {
        var words: [String]?
        var digits: Int?
        var reference: String?
        switch field.kind {
        case .choice(let kind): words = kind.words
        case .decimal(let kind): digits = kind.digits
        case .relation(let kind): reference = kind.collection
        default: break
        }
        var writer = JSONWriter()
        if let value = field.defaultValue { writer.write(value) }
        self.init(
            name: field.name,
            type: ColumnType(field),
            required: field.required,
            unique: field.unique,
            reference: reference,
            words: words,
            digits: digits,
            defaultValue: field.defaultValue == nil ? nil : String(decoding: writer.bytes, as: UTF8.self),
            was: field.was
        )
    }
}

extension ColumnType {
    package init(_ field: Field) {
        switch field.kind {
        case .text, .choice, .url: self = field.many ? .list(.text) : .text
        case .email: self = .email
        case .integer: self = field.many ? .list(.integer) : .integer
        case .number: self = .number
        case .decimal(let kind): self = .decimal(scale: kind.scale)
        case .boolean: self = .boolean
        case .date: self = .date
        case .datetime: self = .datetime
        case .relation: self = field.many ? .list(.identifier) : .identifier
        case .json: self = .json
        }
    }
}
