import OffstageExpressions
import OffstageSchema
import OffstageStorage

@testable import OffstageRules

/// The catalog and the records that evaluator and databases are compared on: every kind of field, with and without value,
/// and the values at the edges of each.
struct World: Sendable {
    static let catalog = Catalog(
        name: "World",
        collections: [
            Collection(
                name: "things",
                fields: [
                    Field("flag", .boolean(BooleanKind())),
                    Field("on", .boolean(BooleanKind()), required: true),
                    Field("count", .integer(IntegerKind())),
                    Field("amount", .integer(IntegerKind()), required: true),
                    Field("rate", .number(NumberKind())),
                    Field("weight", .number(NumberKind()), required: true),
                    Field("price", .decimal(DecimalKind(digits: 18, scale: 2))),
                    Field("cost", .decimal(DecimalKind(digits: 18, scale: 4))),
                    Field("fee", .decimal(DecimalKind(digits: 18, scale: 2)), required: true),
                    Field("name", .text(TextKind())),
                    Field("title", .text(TextKind()), required: true),
                    Field("mail", .email(EmailKind())),
                    Field("day", .date(DateKind())),
                    Field("born", .date(DateKind()), required: true),
                    Field("at", .datetime(DateTimeKind())),
                    Field("seen", .datetime(DateTimeKind()), required: true),
                    Field("owner", .relation(RelationKind(to: "owners"))),
                    Field("maker", .relation(RelationKind(to: "owners")), required: true),
                    Field("tags", .text(TextKind()), many: true),
                    Field("marks", .integer(IntegerKind()), many: true),
                    Field("team", .relation(RelationKind(to: "owners")), many: true),
                    Field("data", .json(JSONKind())),
                ]
            ),
            Collection(
                name: "owners",
                fields: [
                    Field("label", .text(TextKind()), required: true),
                    Field("level", .integer(IntegerKind())),
                    Field("mail", .email(EmailKind())),
                    Field("boss", .relation(RelationKind(to: "owners"))),
                    Field("tags", .text(TextKind()), many: true),
                ]
            ),
            Collection(
                name: "links",
                fields: [
                    Field("thing", .relation(RelationKind(to: "things"))),
                    Field("owner", .relation(RelationKind(to: "owners"))),
                    Field("note", .text(TextKind())),
                    Field("rank", .integer(IntegerKind()), required: true),
                ]
            ),
        ]
    )

    static var things: Collection { catalog.collections[0] }

    /// By collection, in the order of the catalog.
    let records: [(collection: Collection, records: [Record])]
    let known: Known

    static let now = Timestamp(milliseconds: 1_795_000_000_123)

    static func id(_ collection: Int, _ number: Int) -> Identifier {
        Identifier(high: 0x0193_0000_0000_7000 | UInt64(collection), low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    init(things: Int = 40, seed: UInt64) {
        var chance = Chance(seed: seed)
        let collections = Self.catalog.collections
        let counts = [things, 6, 10]
        var records: [(collection: Collection, records: [Record])] = []
        for (place, collection) in collections.enumerated() {
            let made = (1...counts[place]).map { number in
                Record(
                    id: Self.id(place, number),
                    created: Timestamp(milliseconds: Pool.moments[number % Pool.moments.count]),
                    updated: Self.now,
                    version: Int64(number),
                    values: collection.fields.map { Pool.value(of: $0, counts, &chance) }
                )
            }
            records.append((collection, made))
        }
        self.records = records
        known = Self.known(records)
    }

    /// What is known with every request, and how the evaluator finds records.
    private static func known(_ records: [(collection: Collection, records: [Record])]) -> Known {
        var maps: [String: [String: DatumMap]] = [:]
        var lists: [(key: String, value: Datum)] = []
        for (collection, records) in records {
            let all = records.map { (id: $0.id.description, map: DatumMap($0, of: collection)) }
            maps[collection.name] = Dictionary(all.map { ($0.id, $0.map) }, uniquingKeysWith: { first, _ in first })
            lists.append((collection.name, .list(all.map { .map($0.map) })))
        }
        let user = DatumMap([
            ("id", Datum.string(id(1, 1).description)), ("role", .string("staff")), ("level", .int(3)),
            ("rate", .double(0.5)),
            ("tags", .list([.string("a"), .string("ß")])), ("empty", .list([])), ("none", .null), ("on", .bool(true)),
            ("whole", .double(3)), ("levels", .list([.int(0), .int(3), .null])),
        ])
        let frozen = maps
        return Known(
            [
                "user": .map(user), "now": .timestamp(Moment(now)),
                "request": .map(DatumMap([("ip", Datum.string("::1"))])), "records": .map(DatumMap(lists)),
            ],
            record: { collection, id in frozen[collection]?[id] }
        )
    }

    /// What the evaluator says of a record.
    func outcome(_ checked: Checked, on record: Record) -> Bool? {
        var known = known
        let fields = DatumMap(record, of: Self.things)
        for (key, value) in zip(fields.keys, fields.values) {
            if case .string(let name) = key { known.values[name] = value }
        }
        guard case .success(.bool(let value)) = checked.evaluate(known) else { return nil }
        return value
    }

    /// Known to a request: everything but the records.
    var asked: Known {
        var known = known
        known.values["records"] = nil
        return known
    }
}
