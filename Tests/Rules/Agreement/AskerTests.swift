import EnginesUnderTest
import Foundation
import OffstageExpressions
import OffstageSchema
import OffstageStorage
import Testing

@testable import OffstageRules

/// What a rule says of who asks: fields of the account, what its relations lead to, and the age of its second factor.
@Suite struct AskerTests {
    private static let companies = Collection(
        name: "companies",
        fields: [
            Field("name", .text(TextKind())), Field("level", .integer(IntegerKind())),
            Field("parent", .relation(RelationKind(to: "companies"))),
        ]
    )
    private static let users = Collection.users(adding: [
        Field("company", .relation(RelationKind(to: "companies"))), Field("level", .integer(IntegerKind())),
    ])

    private static func things(_ rule: String) -> Collection {
        Collection(
            name: "things",
            fields: [
                Field("name", .text(TextKind())), Field("level", .integer(IntegerKind())),
                Field("company", .relation(RelationKind(to: "companies"))),
            ],
            access: Access(read: .expression(rule))
        )
    }

    private static func catalog(_ rule: String) -> Catalog {
        Catalog(name: "Askers", collections: [companies, things(rule), users])
    }

    private static let now = Timestamp(milliseconds: 1_795_000_000_000)

    private static func record(_ number: Int, _ values: [Value]) -> Record {
        Record(id: World.id(9, number), created: now, updated: now, version: 1, values: values)
    }

    /// The second has no name, the third leads to the first.
    private static let stored: [(collection: Collection, records: [Record])] = [
        (
            companies,
            [
                record(1, [.text("Acme"), .integer(1), .null]), record(2, [.null, .null, .null]),
                record(3, [.text("Bit"), .integer(3), .identifier(World.id(9, 1))]),
            ]
        ),
        (
            things("true"),
            [
                record(11, [.text("Acme"), .integer(1), .identifier(World.id(9, 1))]),
                record(12, [.text("Bit"), .integer(3), .identifier(World.id(9, 3))]),
                record(13, [.null, .null, .null]),
                record(14, [.text("other"), .integer(2), .identifier(World.id(9, 2))]),
            ]
        ),
    ]

    /// Of each company, of none, and a visitor. None is of a company that is gone: what an account points to is there.
    private static let askers: [Principal] =
        [1, 2, 3].map { number in
            .account(
                Account(
                    id: World.id(8, number),
                    address: "::1",
                    fields: ["company": .identifier(World.id(9, number)), "level": .integer(3)]
                )
            )
        } + [
            .account(Account(id: World.id(8, 50), address: "::1", fields: ["company": .null])),
            .visitor(address: "::1"),
        ]

    private static let rules = [
        "user.company.name == name", "user.company.name != name", "user.company == company", "user.company != company",
        "company.name == user.company.name", "has(user.company.name)", "has(user.company)", "user.company.level > 1",
        "user.company.level < level", "user.level == level", "user.company.parent.name == name",
        "has(user.company.parent)", "user.company.parent == company", "user.company.name == null",
        "user.company.parent.level == 1 || name == \"Acme\"", "user.company.name.startsWith(\"A\") && has(name)",
        "user.company.name in [\"Acme\", name]", "user.company.level + level > 3",
        "records.things.exists(t, t.company == user.company && t.level < level)",
        "records.companies.exists(c, c.id == user.company && c.name == name)",
        "records.companies.all(c, c.parent != user.company)",
        "cel.bind(c, user.company.name, c == name || c == \"Bit\")",
        "(has(user.company) ? user.company.level : 2) == level",
    ]

    /// Of every rule and its opposite, so that what fails is told from what is false.
    @Test(arguments: EngineUnderTest.all)
    func databaseAndEvaluatorAgreeOnEveryAsker(engine: EngineUnderTest) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = try await engine.place(in: folder.path).open(TableShape.shapes(of: Self.catalog("true")))
        try await database.write { connection throws(StorageFailure) in
            for (collection, records) in Self.stored {
                for record in records { try connection.run(Self.insert(record, collection)) }
            }
        }
        var answers: Set<Int> = []
        for rule in Self.rules.flatMap({ [$0, "!(\($0))"] }) {
            let rules = try Rules(Self.catalog(rule))
            let things = Self.things(rule)
            for principal in Self.askers {
                let asker = Asker(principal, at: Self.now)
                let permission = try View(things, for: asker, rules, dialect: database.dialect).permission(to: .read)
                let found = try await database.read(.scan) { connection throws(StorageFailure) in
                    let query: SQL = "SELECT \(SQL.Name("id")) FROM \(SQL.Name(things)) WHERE \(permission.sql)"
                    return Set(try connection.all(query) { row in Identifier(row.text(0)) }.compactMap(\.self))
                }
                let expected = try Self.evaluated(rule, for: asker)
                #expect(found == expected, "\(engine.rawValue): \(rule) for \(principal.actor)")
                answers.insert(expected.count)
            }
        }
        // Rules that are true of everything or of nothing would agree with anything.
        #expect(answers.isSuperset(of: [0, 1, 2, 4]))
        await database.close()
    }

    private static func insert(_ record: Record, _ collection: Collection) -> SQL {
        var names: [SQL] = [
            "\(SQL.Name("id"))", "\(SQL.Name("created"))", "\(SQL.Name("updated"))", "\(SQL.Name("version"))",
        ]
        var values: [SQL] = [
            "\(.identifier(record.id))", "\(.datetime(record.created))", "\(.datetime(record.updated))",
            "\(.integer(record.version))",
        ]
        for (field, value) in zip(collection.fields, record.values) {
            names.append("\(SQL.Name(field))")
            values.append("\(value)")
        }
        return "INSERT INTO \(SQL.Name(collection)) (\(names, separator: ", ")) VALUES (\(values, separator: ", "))"
    }

    /// The things for which the rule is true, by the evaluator.
    private static func evaluated(_ rule: String, for asker: Asker) throws -> Set<Identifier> {
        let things = things(rule)
        let checked = try Checked(rule, in: CatalogScope(catalog: catalog(rule)).scope(of: things), expecting: .bool)
        let maps = Dictionary(
            uniqueKeysWithValues: stored.map { collection, records in
                (collection.name, records.map { (id: $0.id.description, map: DatumMap($0, of: collection)) })
            }
        )
        var known = asker.known()
        known.record = { collection, id in maps[collection]?.first { $0.id == id }?.map }
        known.values["records"] = .map(DatumMap(maps.map { ($0.key, .list($0.value.map { .map($0.map) })) }))
        let allowed = stored[1].records.filter { record in
            var known = known
            let fields = DatumMap(record, of: things)
            for (key, value) in zip(fields.keys, fields.values) {
                if case .string(let name) = key { known.values[name] = value }
            }
            guard case .success(.bool(true)) = checked.evaluate(known) else { return false }
            return true
        }
        return Set(allowed.map(\.id))
    }

    /// A second factor ages while nothing else changes, so nothing of it may be kept.
    @Test func aFactorAgesFromOneMomentToTheNext() async throws {
        let fresh = try Rules(Self.catalog("user.factor_age < duration(\"5m\")"))
        let stale = try Rules(Self.catalog("!(user.factor_age < duration(\"5m\"))"))
        let has = try Rules(Self.catalog("has(user.factor_age)"))
        let folder = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let engine = try EngineUnderTest.sqlite.place(in: folder.path).open()
        let shown = Principal.account(Account(id: World.id(8, 1), address: "::1", factorAt: Self.now))
        let never = Principal.account(Account(id: World.id(8, 1), address: "::1"))
        func permission(_ rules: Rules, _ principal: Principal, after milliseconds: Int64) throws -> Permission {
            let asker = Asker(principal, at: Timestamp(milliseconds: Self.now.milliseconds + milliseconds))
            let things = try #require(rules.catalog.collection("things"))
            return try View(things, for: asker, rules, dialect: engine.dialect).permission(to: .read)
        }
        for _ in 0..<2 {
            for (moment, isFresh) in [(0, true), (299_999, true), (300_000, false), (86_400_000, false), (1_000, true)]
            {
                let (yes, no): (Permission, Permission) = isFresh ? (.always, .never) : (.never, .always)
                #expect(try permission(fresh, shown, after: Int64(moment)) == yes, "\(moment)")
                #expect(try permission(stale, shown, after: Int64(moment)) == no, "\(moment)")
            }
            // A clock that was set back makes nobody's factor older.
            #expect(try permission(fresh, shown, after: -10_000) == .always)
            // Without a factor neither is true.
            for rules in [fresh, stale, has] {
                #expect(try permission(rules, never, after: 0) == .never)
                #expect(try permission(rules, .visitor(address: "::1"), after: 0) == .never)
            }
            #expect(try permission(has, shown, after: 0) == .always)
        }
        await engine.close()
    }
}
