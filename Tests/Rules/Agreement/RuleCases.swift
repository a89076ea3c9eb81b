import EnginesUnderTest
import OffstageExpressions
import OffstageSchema
import OffstageStorage
import Testing

@testable import OffstageRules

/// Expressions at the edges between CEL and SQL. Whatever the generator finds is added here.
enum RuleCases {
    static let agreeing: [String] = [
        // null on both sides of a comparison, and behind a negation
        "name == null", "name != null", "name == mail", "!(name == mail)", "name != title", "!(name < title)",
        "owner == null",
        "owner == owner.boss", "!(owner == owner.boss)", "count == owner.level", "!(count != owner.level)",
        "null == null",
        "flag", "!flag", "flag == on", "flag != on", "flag || on", "flag && !on", "!(flag && on)", "flag ? on : !on",
        // an error on one side
        "owner.level > 1 || on", "!(owner.level > 1) && on", "user.missing == name || on", "has(owner.boss.boss)",
        "owner.boss.boss == null", "owner.boss.boss != null", "owner.boss.label == \"a\"",
        "!(owner.boss.label == \"a\")",
        "user.none == name", "!(user.none == name)", "user.level == name", "user.level != name", "user.level < count",
        // whole numbers
        "amount + 9223372036854775807 > 0", "amount * amount >= 0", "-amount < 0", "amount / count == 1",
        "amount % count == 0",
        "!(amount / count == 1)", "count - 9223372036854775807 < 0", "(0 - 9223372036854775807 - 1) / count == count",
        "user.whole == count", "user.rate < count", "user.rate >= amount",
        // doubles
        "weight * 1e308 > rate", "!(weight * 1e308 > rate)", "weight * 1e308 - weight * 1e308 == 0.0",
        "!(weight * 1e308 - weight * 1e308 == 0.0)", "!(weight * 1e308 - weight * 1e308 < 0.0)", "-rate < 0.0",
        "rate == -0.0",
        "rate / 0.5 > weight", "double(amount) == 9007199254740993.0", "rate != rate", "rate in [0.5, weight]",
        // decimals
        "price == cost", "price != cost", "!(price < cost)", "price == decimal(\"0.5\")", "price > decimal(\"1.005\")",
        "!(price <= decimal(\"1.005\"))", "fee == decimal(\"1.505\")", "fee != decimal(\"1.505\")",
        "fee < decimal(\"999999999999999999\")",
        "price + cost == fee", "price * 100 > fee", "-price == fee", "decimal(amount) == price", "amount == fee",
        "price == 3",
        "(on ? fee : decimal(\"0.5\")) > price",
        // texts
        "name == \"ä\"", "lower(name) == \"ss\"", "upper(name) == \"SS\"", "upper(title).contains(\"SS\")",
        "mail == \"ada@example.com\"",
        "lower(mail) == \"ada@example.com\"", "mail in [\"ada@example.com\", \"ADA@EXAMPLE.COM\"]", "mail < \"a\"",
        "mail == \"Ada@Example.com\"", "mail != \"ADA@EXAMPLE.COM\"", "mail.startsWith(\"ada\")",
        "mail.startsWith(\"A\")", "title.startsWith(\"\\U0010ffff\")", "name.startsWith(\"\\ud7ff\")",
        "title.startsWith(\"a\")",
        "!name.startsWith(\"a\")", "name.startsWith(\"\")", "name.startsWith(\"ä\") || title.startsWith(\"A\")",
        "size(name) == 1",
        "size(title) > 2", "name.contains(\"\")", "title.startsWith(name)", "title.endsWith(\"\")",
        "name.endsWith(title)",
        "name.contains(\"%\")", "name.startsWith(\"_\")", "name < \"\\U0010ffff\"", "title > \"\\ue000\"",
        "name + title == title + name",
        "title.matches(\"^.$\")", "!name.matches(\"^a\")", "name.matches(\"[[:alpha:]]+$\")", "tags[0] == \"a\"",
        "name in tags",
        // times
        "at == timestamp(\"1970-01-01T00:00:00.0005Z\")", "at != timestamp(\"1970-01-01T00:00:00.0005Z\")",
        "at < timestamp(\"1970-01-01T00:00:00.0005Z\")", "!(at >= timestamp(\"1969-12-31T23:59:59.9995Z\"))",
        "seen + duration(\"1ms\") > seen", "seen - duration(\"24h\") < now", "seen - at > duration(\"1h\")",
        "at - seen < duration(\"500us\")",
        "(seen - at).getHours() == 0", "(at - seen).getMilliseconds() < 0", "at.getFullYear() == 1",
        "seen.getDayOfWeek() == 4",
        "at.getDayOfYear() == 59", "seen.getMilliseconds() == 999", "at.getSeconds() == 59", "seen.getMonth() == 11",
        "at.getDate() == 29", "at.getDayOfMonth() == 28", "date(at) == date(\"1969-12-31\")", "date(seen) < day",
        "day >= date(\"2024-02-29\")",
        "int(at) == -1", "int(seen - at) > 0", "string(born) == \"2024-02-29\"", "string(amount) == \"-1\"",
        // lists and other records
        "tags == [\"a\"]", "tags != owner.tags", "size(tags) == 0", "marks == []", "2 in marks", "count in marks",
        "null in user.levels",
        "count in user.levels", "!(count in user.levels)", "name in user.tags", "owner in team", "user.id in team",
        "tags.all(t, t != \"\")", "marks.exists(m, 10 / m > 1)", "!marks.exists(m, 10 / m > 1)",
        "marks.all(m, 10 / m < 11)",
        "marks.exists_one(m, m > 0)", "!marks.exists_one(m, 10 / m > 0)", "owner.tags.exists(t, t == name)",
        "!owner.tags.exists(t, t == name)", "team.exists(o, o.level > 2)", "team.all(o, o.boss.level != 3)",
        "records.links.exists(l, l.thing == id)", "!records.links.exists(l, l.thing == id)",
        "records.links.all(l, l.owner != owner)",
        "records.links.filter(l, l.owner == owner).size() > 1",
        "records.links.filter(l, l.owner.level > 1).size() >= 0",
        "records.links.exists_one(l, l.thing.owner == owner)", "size(records.owners) == 6",
        "records.owners.exists(o, o.boss == owner && records.links.exists(l, l.owner == o.id))",
        "records.owners.all(o, o.level < 100)",
        // free data
        "data == null", "data != null", "data.a == 1", "data.a != 1", "!(data.a == null)", "data.a == null",
        "has(data.a)", "!has(data.a)",
        "has(data.a.b)", "!has(data.a.b)", "data.a.b == 2", "data.a < 3", "!(data.a < 3)", "data.a >= \"a\"",
        "data.a == true", "data == 3",
        "data.a == 3.0", "data.a == user.whole", "!(data.a == user.level)",
        // bindings and choices
        "cel.bind(x, owner.level, x > 1 || on)", "cel.bind(x, name, has(owner) ? x == title : x == null)",
        "(has(name) ? name : title) == \"a\"", "!((flag ? name : mail) == null)", "(owner.level > 1) == flag",
        "(flag ? 1 : count) + 1 > 1",
    ]

    /// What no database is asked, with the place and the part.
    static let refused: [(text: String, fault: String)] = [
        ("data.map(x, x)[0] == 1", "1:6: \"map\" outside of size() cannot be asked of the database here"),
        (
            "name.replace(\"a\", \"b\") == title",
            "1:6: \"replace\" of what the record holds cannot be asked of the database here"
        ),
        (
            "on && rate / weight > 1.0",
            "1:12: a division by a double that may be zero cannot be asked of the database here"
        ),
        ("title.matches(name)", "1:7: a pattern that depends on the record cannot be asked of the database here"),
        ("data.a == name", "1:8: free data beside another field cannot be asked of the database here"),
        (
            "at.getHours(\"Europe/Berlin\") == 1",
            "1:4: a part of a time in another zone than UTC cannot be asked of the database here"
        ),
        ("tags.exists(i, t, i == 0)", "1:6: \"exists\" with two variables cannot be asked of the database here"),
    ]
}

@Suite struct RuleCaseTests {
    @Test(arguments: EngineUnderTest.all)
    func evaluatorAndDatabaseAgreeOnEveryCase(engine: EngineUnderTest) async throws {
        var tally = Tally()
        for seed in [7, 8] as [UInt64] {
            let stored = try await StoredWorld(World(things: 100, seed: seed), engine)
            for text in RuleCases.agreeing {
                let found = try await stored.disagreements(on: text, &tally)
                #expect(found?.isEmpty == true, "\(found?.first ?? "\(text) is not translated")")
            }
            await stored.engine.close()
        }
    }

    /// Told when the app file is read, with the place, before anybody asks.
    @Test(arguments: RuleCases.refused.indices)
    func whatNoDatabaseCanAnswerIsRefused(index: Int) throws {
        let (text, fault) = RuleCases.refused[index]
        var collections = World.catalog.collections
        let things = collections[0]
        collections[0] = Collection(name: things.name, fields: things.fields, access: Access(read: .expression(text)))
        do throws(RuleFaults) {
            _ = try Rules(Catalog(name: "x", collections: collections))
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.faults.map { "\($0.fault)" } == [fault])
        }
    }

    /// However an expression is made, it is refused or answered: never too deep for the database's parser.
    @Test(arguments: [
        String(repeating: "(count + ", count: 30) + "1" + String(repeating: ")", count: 30) + " > 0",
        (0..<150).map { _ in "count" }.joined(separator: " + ") + " > 0",
        (0..<700).map { "count == \($0)" }.joined(separator: " || "),
        "count in [" + (0..<1500).map { "\($0)" }.joined(separator: ", ") + "]",
        String(repeating: "!", count: 30) + "on",
        String(repeating: "(on ? flag : ", count: 25) + "on" + String(repeating: ")", count: 25),
        String(repeating: "(flag == ", count: 20) + "on" + String(repeating: ")", count: 20),
        // Values that stand twice in what is made of them.
        "created" + String(repeating: " + duration('1s')", count: 150) + " > now",
        String(repeating: "string(", count: 14) + "name.contains('a')"
            + String(repeating: ").contains('t')", count: 14),
        String(repeating: "(on ? created + duration('1s') : ", count: 12) + "created"
            + String(repeating: ")", count: 12) + " > now",
        String(repeating: "records.owners.exists(o, ", count: 10) + "o.level > 1" + String(repeating: ")", count: 10),
    ])
    func largeExpressionsAreAnsweredOrRefused(text: String) async throws {
        for engine in EngineUnderTest.all {
            let stored = try await StoredWorld(World(seed: 1), engine)
            var tally = Tally()
            let found = try await stored.disagreements(on: text, &tally)
            #expect(found?.isEmpty ?? true)
            await stored.engine.close()
        }
    }
}
