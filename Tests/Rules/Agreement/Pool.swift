import OffstageSchema

/// The same numbers from the same seed, everywhere (SplitMix64).
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// True once in so many times.
    mutating func once(in count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func one<T>(of values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }
}

/// The values of records and literals: few enough that equal ones meet, and the edges of each kind.
enum Pool {
    static let wholes: [Int64] = [0, 1, -1, 2, 3, 7, 10, 100, -5, 9_007_199_254_740_991, -9_007_199_254_740_991]
    static let numbers: [Double] = [
        0, -0.0, 1, -1, 0.5, 0.1, 3, 2.5, 1e308, -1e308, 5e-324, 1e15, 9_007_199_254_740_993,
    ]
    static let unscaled: [Int64] = [
        0, 1, -1, 50, 100, 150, 300, 1250, -1250, 999_999_999_999_999_999, -999_999_999_999_999_999,
        500_000_000_000_000_000,
    ]
    static let texts = [
        "", "a", "A", "b", "ab", "abc", "ß", "SS", "ss", "ä", "Ä", "é", "İ", "ı", "Σ", "ς", "日本", "😀", "👩‍👩‍👧", "a b", "%",
        "_", "'",
        "\"", "\\", "staff", "z\u{10ffff}", "\u{e000}", "\u{fb01}", "0", "true",
    ]
    static let mails = ["ada@example.com", "Ada@example.com", "ADA@EXAMPLE.COM", "bob@example.org"]
    static let days = [
        "0001-01-01", "9999-12-31", "1970-01-01", "1969-12-31", "2024-02-29", "2026-11-22", "2026-11-18",
    ]
    static let moments: [Int64] = [
        0, -1, 1, 999, -999, 1_795_000_000_123, 1_795_000_000_000, 1_709_164_799_999, -62_135_596_800_000,
        253_402_300_799_999, 951_782_400_000, 86_400_000, -86_400_001,
    ]

    static func value(of field: Field, _ counts: [Int], _ chance: inout Chance) -> Value {
        if field.many {
            let count = chance.once(in: 3) ? 0 : Int.random(in: 1...3, using: &chance)
            return .list((0..<count).map { _ in single(field, counts, &chance) })
        }
        if !field.required, chance.once(in: 4) { return .null }
        return single(field, counts, &chance)
    }

    private static func single(_ field: Field, _ counts: [Int], _ chance: inout Chance) -> Value {
        switch field.kind {
        case .boolean: .boolean(chance.once(in: 2))
        case .integer: .integer(chance.one(of: wholes))
        case .number: .number(chance.one(of: numbers))
        case .decimal(let kind): .decimal(Decimal(unscaled: chance.one(of: unscaled), scale: kind.scale))
        case .text, .choice, .url: .text(chance.one(of: texts))
        case .email: .text(chance.one(of: mails))
        case .date: CalendarDate(chance.one(of: days)).map(Value.date) ?? .null
        case .datetime: .datetime(Timestamp(milliseconds: chance.one(of: moments)))
        case .relation(let kind):
            kind.collection == "things"
                ? .identifier(World.id(0, Int.random(in: 1...counts[0], using: &chance)))
                : .identifier(World.id(1, Int.random(in: 1...counts[1], using: &chance)))
        case .json: .json(json(&chance))
        }
    }

    private static let jsons = [
        "{}", "{\"a\":1}", "{\"a\":\"a\"}", "{\"a\":null}", "{\"a\":true}", "{\"a\":{\"b\":2}}",
        "{\"a\":{\"b\":\"ß\"}}", "{\"a\":0.5}",
        "{\"a\":[1]}", "[1,2]", "\"a\"", "3", "true", "{\"b\":1,\"a\":3.0}",
    ]

    private static func json(_ chance: inout Chance) -> JSON {
        (try? JSONParser.parse(chance.one(of: jsons).utf8)) ?? .null
    }
}
