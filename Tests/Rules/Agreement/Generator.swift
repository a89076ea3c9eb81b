import OffstageSchema

/// Makes expressions that fit the world's types, as texts.
struct Generator {
    enum Kind: CaseIterable {
        case bool, whole, double, decimal, text, date, moment, length, owner, texts, wholes
    }

    private struct Local {
        let name: String
        let kind: Local.Shape

        enum Shape { case owner, link, text, whole }
    }

    var chance: Chance
    private var locals: [Local] = []

    init(seed: UInt64) { chance = Chance(seed: seed) }

    mutating func expression() -> String { bool(Int.random(in: 1...4, using: &chance)) }

    private mutating func pick(_ makers: [(inout Generator) -> String]) -> String {
        makers[Int.random(in: 0..<makers.count, using: &chance)](&self)
    }

    // MARK: Conditions

    mutating func bool(_ depth: Int) -> String {
        guard depth > 0 else {
            return pick([
                {
                    $0.chance.one(of: [
                        "flag", "on", "true", "false", "user.on", "has(name)", "has(owner.boss)", "has(count)",
                    ])
                },
                { $0.comparison(0) }, { $0.comparison(0) }, { $0.comparison(0) },
            ])
        }
        return pick([
            { "(\($0.bool(depth - 1)) && \($0.bool(depth - 1)))" },
            { "(\($0.bool(depth - 1)) || \($0.bool(depth - 1)))" },
            { "!(\($0.bool(depth - 1)))" },
            { "(\($0.bool(depth - 1)) ? \($0.bool(depth - 1)) : \($0.bool(depth - 1)))" },
            { $0.comparison(depth) }, { $0.comparison(depth) }, { $0.comparison(depth) }, { $0.presence() },
            { $0.membership(depth) }, { $0.textTest(depth) }, { $0.quantity(depth) }, { $0.free() },
            { "((\($0.bool(depth - 1))) == (\($0.bool(depth - 1))))" },
        ])
    }

    private static let orders = ["==", "!=", "<", "<=", ">", ">="]

    private mutating func comparison(_ depth: Int) -> String {
        let kind = chance.one(of: [
            Kind.whole, .double, .decimal, .text, .date, .moment, .length, .owner, .texts, .wholes,
        ])
        let isList = kind == .texts || kind == .wholes
        let order = chance.one(of: isList ? Array(Self.orders.prefix(2)) : Self.orders)
        if chance.once(in: 10), !isList || order == "==" {
            return "\(value(kind, depth - 1)) \(chance.one(of: ["==", "!="])) null"
        }
        if kind == .decimal, chance.once(in: 4) { return "\(value(.decimal, depth - 1)) \(order) \(value(.whole, 0))" }
        if chance.once(in: 12) { return "\(value(kind, depth - 1)) \(chance.one(of: ["==", "!="])) \(unlike())" }
        return "\(value(kind, depth - 1)) \(order) \(value(kind, depth - 1))"
    }

    private mutating func unlike() -> String {
        chance.one(of: [
            "user.level", "user.role", "user.rate", "user.none", "user.missing", "user.whole", "user.id", "dyn(name)",
        ])
    }

    private mutating func presence() -> String {
        let path = chance.one(of: [
            "name", "owner", "owner.boss", "owner.boss.boss", "owner.level", "maker.boss.mail", "tags", "data",
            "data.a",
            "data.a.b", "user.role", "user.missing", "price",
        ])
        return "has(\(path))"
    }

    private mutating func membership(_ depth: Int) -> String {
        pick([
            { "\($0.value(.text, depth - 1)) in [\($0.value(.text, 0)), \($0.value(.text, 0))]" },
            { "\($0.value(.whole, depth - 1)) in [\($0.value(.whole, 0)), \($0.value(.whole, 0)), 3]" },
            { "\($0.value(.text, depth - 1)) in tags" }, { "\($0.value(.whole, depth - 1)) in marks" },
            { "\($0.value(.owner, depth - 1)) in team" }, { "\($0.value(.text, 0)) in owner.tags" },
            { "\($0.value(.text, depth - 1)) in user.tags" }, { "\($0.value(.text, 0)) in user.empty" },
            { "\($0.value(.whole, 0)) in user.levels" },
            { "\($0.value(.double, 0)) in [0.5, \($0.value(.double, 0))]" },
            { "\($0.value(.decimal, 0)) in [decimal(\"1.5\"), \($0.value(.decimal, 0))]" },
            { "\($0.value(.date, 0)) in [\($0.value(.date, 0)), date(\"2024-02-29\")]" },
            { "\($0.value(.moment, 0)) in [\($0.value(.moment, 0))]" },
        ])
    }

    private mutating func textTest(_ depth: Int) -> String {
        let function = chance.one(of: ["contains", "startsWith", "endsWith"])
        if chance.once(in: 4) {
            let pattern = chance.one(of: ["^a", "b$", ".", "[A-Z]+", "(?i)ss", "^$", "\\\\d", "ä|é", "^.{2}$"])
            return "\(value(.text, depth - 1)).matches(\"\(pattern)\")"
        }
        return "\(value(.text, depth - 1)).\(function)(\(value(.text, 0)))"
    }

    /// Comprehensions; variables differ by depth, so that inner ones may read outer ones.
    private mutating func quantity(_ depth: Int) -> String {
        let macro = chance.one(of: ["exists", "all", "exists", "exists_one"])
        let name = "v\(locals.count)"
        let (range, shape) = chance.one(of: [
            ("records.owners", Local.Shape.owner), ("records.links", .link), ("records.links", .link), ("tags", .text),
            ("marks", .whole), ("team", .owner), ("owner.tags", .text), ("user.tags", .text),
        ])
        // What is known is written out by folding, which knows no exists_one with a rest.
        let kind = range.hasPrefix("user") && macro == "exists_one" ? "exists" : macro
        locals.append(Local(name: name, kind: shape))
        let condition = bool(min(depth - 1, 1))
        locals.removeLast()
        if kind == "exists_one", chance.once(in: 2), !range.hasPrefix("user") {
            return "\(range).filter(\(name), \(condition)).size() \(chance.one(of: Self.orders)) \(value(.whole, 0))"
        }
        return "\(range).\(kind)(\(name), \(condition))"
    }

    private mutating func free() -> String {
        let path = chance.one(of: ["data", "data.a", "data.a", "data.a.b", "data.c"])
        let literal = chance.one(of: [
            "1", "3", "\"a\"", "true", "null", "0.5", "3.0", "\"ß\"", "user.level", "user.whole", "2",
        ])
        let isOrdered = !["true", "null"].contains(literal)
        return "\(path) \(chance.one(of: isOrdered ? Self.orders : Array(Self.orders.prefix(2)))) \(literal)"
    }

    // MARK: Values

    mutating func value(_ kind: Kind, _ depth: Int) -> String {
        if depth > 0, chance.once(in: 8) {
            return "(\(bool(0)) ? \(value(kind, depth - 1)) : \(value(kind, depth - 1)))"
        }
        return switch kind {
        case .bool: bool(depth)
        case .whole: whole(depth)
        case .double: double(depth)
        case .decimal: decimal(depth)
        case .text: text(depth)
        case .date: date(depth)
        case .moment: moment(depth)
        case .length: length(depth)
        case .owner: owner()
        case .texts:
            pick([{ _ in "tags" }, { _ in "owner.tags" }, { "[\($0.literal(Pool.texts))]" }, { _ in "[\"a\", \"ß\"]" }])
        case .wholes: pick([{ _ in "marks" }, { _ in "[1, 2]" }, { "[\($0.chance.one(of: Pool.wholes))]" }])
        }
    }

    private mutating func localPaths(_ shapes: [(Local.Shape, [String])]) -> [String] {
        locals.flatMap { local in
            shapes.filter { $0.0 == local.kind }.flatMap { $0.1 }.map {
                $0.isEmpty ? local.name : "\(local.name).\($0)"
            }
        }
    }

    private mutating func whole(_ depth: Int) -> String {
        let paths =
            ["count", "amount", "version", "owner.level", "maker.level", "maker.boss.level"]
            + localPaths([(.owner, ["level", "level"]), (.link, ["rank", "owner.level"]), (.whole, [""])])
        guard depth > 0 else {
            return pick([
                { $0.chance.one(of: paths) }, { $0.chance.one(of: paths) }, { "\($0.chance.one(of: Pool.wholes))" },
            ])
        }
        return pick([
            { $0.chance.one(of: paths) },
            { "(\($0.whole(depth - 1)) \($0.chance.one(of: ["+", "-", "*", "/", "%"])) \($0.whole(depth - 1)))" },
            { "-(\($0.whole(depth - 1)))" }, { "size(\($0.text(depth - 1)))" }, { "size(\($0.value(.texts, 0)))" },
            { _ in "size(records.links)" }, { "int(\($0.moment(depth - 1)))" }, { "int(\($0.length(depth - 1)))" },
            { generator in
                let part = generator.chance.one(of: [
                    "FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear", "Hours", "Minutes", "Seconds",
                    "Milliseconds",
                ])
                return "(\(generator.moment(depth - 1))).get\(part)()"
            },
            { "(\($0.length(depth - 1))).get\($0.chance.one(of: ["Hours", "Minutes", "Seconds", "Milliseconds"]))()" },
            { _ in "marks[0]" },
        ])
    }

    private mutating func double(_ depth: Int) -> String {
        guard depth > 0 else {
            return pick([
                { $0.chance.one(of: ["rate", "weight"]) }, { "\($0.chance.one(of: Pool.numbers))" },
                { "double(\($0.whole(0)))" },
            ])
        }
        return pick([
            { $0.double(0) },
            { "(\($0.double(depth - 1)) \($0.chance.one(of: ["+", "-", "*"])) \($0.double(depth - 1)))" },
            { "(\($0.double(depth - 1)) / \($0.chance.one(of: ["2.0", "0.1", "-3.0"])))" },
            { "-(\($0.double(depth - 1)))" },
        ])
    }

    private mutating func decimal(_ depth: Int) -> String {
        let literals = [
            "0", "0.5", "12.50", "-12.5", "1.005", "999999999999999999", "0.000000000000000001", "9999999999999999.99",
            "3",
        ]
        guard depth > 0 else {
            return pick([
                { $0.chance.one(of: ["price", "cost", "fee"]) }, { "decimal(\"\($0.chance.one(of: literals))\")" },
            ])
        }
        return pick([
            { $0.decimal(0) },
            { "(\($0.decimal(depth - 1)) \($0.chance.one(of: ["+", "-"])) \($0.decimal(depth - 1)))" },
            { "(\($0.decimal(depth - 1)) * \($0.whole(0)))" }, { "-(\($0.decimal(depth - 1)))" },
            { "decimal(\($0.whole(0)))" }, { "(\($0.decimal(depth - 1)) + \($0.whole(0)))" },
        ])
    }

    private mutating func text(_ depth: Int) -> String {
        let paths =
            [
                "name", "title", "mail", "owner.label", "owner.mail", "maker.label", "owner.boss.label",
                "maker.boss.boss.mail",
            ]
            + localPaths([
                (.owner, ["label", "mail", "boss.label"]), (.link, ["note", "thing.name", "owner.label"]),
                (.text, [""]),
            ])
        guard depth > 0 else {
            return pick([
                { $0.chance.one(of: paths) }, { $0.chance.one(of: paths) }, { $0.literal(Pool.texts + Pool.mails) },
            ])
        }
        return pick([
            { $0.chance.one(of: paths) }, { "(\($0.text(depth - 1)) + \($0.text(depth - 1)))" },
            { "\($0.chance.one(of: ["lower", "upper"]))(\($0.text(depth - 1)))" },
            { "(\($0.text(depth - 1))).\($0.chance.one(of: ["lowerAscii", "upperAscii"]))()" },
            { "string(\($0.value($0.chance.one(of: [.whole, .date, .bool]), 0)))" }, { _ in "tags[0]" },
        ])
    }

    private mutating func literal(_ texts: [String]) -> String {
        let escaped = chance.one(of: texts).map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "\"\(escaped)\""
    }

    private mutating func date(_ depth: Int) -> String {
        pick([
            { _ in "day" }, { _ in "born" }, { "date(\"\($0.chance.one(of: Pool.days))\")" },
            { "date(\($0.moment(depth - 1)))" },
        ])
    }

    private mutating func moment(_ depth: Int) -> String {
        guard depth > 0 else {
            return pick([
                { $0.chance.one(of: ["at", "seen", "created", "now", "at"]) },
                { "timestamp(\"\(Timestamp(milliseconds: $0.chance.one(of: Pool.moments)))\")" },
                { _ in "timestamp(\"1970-01-01T00:00:00.0005Z\")" },
            ])
        }
        return pick([
            { $0.moment(0) }, { "(\($0.moment(depth - 1)) \($0.chance.one(of: ["+", "-"])) \($0.length(0)))" },
        ])
    }

    private mutating func length(_ depth: Int) -> String {
        let literals = ["0s", "1ms", "24h", "-1.5s", "2562047h", "500us", "86400001ms"].map { "duration(\"\($0)\")" }
        guard depth > 0 else { return chance.one(of: literals + ["(seen - at)", "(now - created)"]) }
        return pick([
            { $0.length(0) }, { "(\($0.moment(depth - 1)) - \($0.moment(depth - 1)))" },
            { "(\($0.length(depth - 1)) \($0.chance.one(of: ["+", "-"])) \($0.length(0)))" }, { "-(\($0.length(0)))" },
        ])
    }

    private mutating func owner() -> String {
        let paths =
            ["owner", "maker", "owner.boss", "maker.boss.boss", "owner.id", "user.id"]
            + localPaths([(.owner, ["boss", "id"]), (.link, ["owner", "owner.boss"])])
        return chance.one(of: paths + ["\"\(World.id(1, 2))\""])
    }
}
