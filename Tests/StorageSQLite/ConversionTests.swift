import OffstageSchema
import OffstageStorage
import Testing

/// A value of one column type, and what it becomes in another.
struct ConversionCase: CustomTestStringConvertible, Sendable {
    let old: ColumnShape
    let value: Value
    let new: ColumnShape
    let result: Value
    let loss: ValueConversion.Loss?

    init(_ old: ColumnType, _ value: Value, _ new: ColumnShape, _ result: Value, _ loss: ValueConversion.Loss? = nil) {
        self.old = column("f", old)
        self.value = value
        self.new = new
        self.result = result
        self.loss = loss
    }

    var testDescription: String { "\(old.type) \(value) to \(new.type)" }

    private static func decimal(_ unscaled: Int64, _ scale: Int) -> Value {
        .decimal(Decimal(unscaled: unscaled, scale: scale))
    }

    private static func date(_ text: String) -> Value { CalendarDate(text).map { .date($0) } ?? .null }
    private static func moment(_ text: String) -> Value { (try? Timestamp(text)).map { .datetime($0) } ?? .null }
    private static let money = column("f", .decimal(scale: 2), digits: 6)

    static let all: [ConversionCase] = [
        // Numbers
        ConversionCase(.integer, .integer(9_007_199_254_740_991), column("f", .number), .number(9_007_199_254_740_991)),
        ConversionCase(.integer, .integer(-12), money, decimal(-1200, 2)),
        ConversionCase(.integer, .integer(10_000), money, .null, .unreadable),
        ConversionCase(.integer, .integer(1), column("f", .boolean), .boolean(true)),
        ConversionCase(.integer, .integer(2), column("f", .boolean), .null, .unreadable),
        ConversionCase(.number, .number(3), column("f", .integer), .integer(3)),
        ConversionCase(.number, .number(3.5), column("f", .integer), .null, .unreadable),
        ConversionCase(.number, .number(0.1), money, decimal(10, 2)),
        ConversionCase(.number, .number(0.125), money, .null, .unreadable),
        ConversionCase(.decimal(scale: 2), decimal(1250, 2), column("f", .number), .number(12.5)),
        ConversionCase(
            .decimal(scale: 2),
            decimal(123_456_789_012_345_678, 2),
            column("f", .number),
            .number(1_234_567_890_123_456.78),
            .shortened
        ),
        ConversionCase(
            .decimal(scale: 2),
            decimal(1250, 2),
            column("f", .decimal(scale: 1), digits: 6),
            decimal(125, 1)
        ),
        ConversionCase(
            .decimal(scale: 2),
            decimal(1255, 2),
            column("f", .decimal(scale: 1), digits: 6),
            .null,
            .unreadable
        ),
        ConversionCase(
            .decimal(scale: 0),
            decimal(99_999, 0),
            column("f", .decimal(scale: 2), digits: 6),
            .null,
            .unreadable
        ),
        ConversionCase(.decimal(scale: 2), decimal(1200, 2), column("f", .integer), .integer(12)),
        // Texts
        ConversionCase(.integer, .integer(12), column("f", .text), .text("12")),
        ConversionCase(.number, .number(12.5), column("f", .text), .text("12.5")),
        ConversionCase(.decimal(scale: 2), decimal(-5, 2), column("f", .text), .text("-0.05")),
        ConversionCase(.boolean, .boolean(false), column("f", .text), .text("false")),
        ConversionCase(.date, date("2026-11-22"), column("f", .text), .text("2026-11-22")),
        ConversionCase(
            .datetime,
            moment("2026-11-22T16:50:00.123Z"),
            column("f", .text),
            .text("2026-11-22T16:50:00.123Z")
        ),
        ConversionCase(.identifier, .identifier(id(1)), column("f", .text), .text(id(1).description)),
        ConversionCase(.text, .text("12"), column("f", .integer), .integer(12)),
        ConversionCase(.text, .text("12.5"), column("f", .integer), .null, .unreadable),
        ConversionCase(.text, .text("12.5"), money, decimal(1250, 2)),
        ConversionCase(.text, .text("yes"), column("f", .boolean), .boolean(true)),
        ConversionCase(.text, .text("2026-02-30"), column("f", .date), .null, .unreadable),
        ConversionCase(.text, .text("2026-02-28"), column("f", .date), date("2026-02-28")),
        ConversionCase(
            .text,
            .text("2026-11-22T16:50:00+01:00"),
            column("f", .datetime),
            moment("2026-11-22T15:50:00Z")
        ),
        ConversionCase(.text, .text("2026-11-22T16:50:00"), column("f", .datetime), .null, .unreadable),
        ConversionCase(.text, .text("ada@example.com"), column("f", .email), .text("ada@example.com")),
        ConversionCase(.text, .text("not an address"), column("f", .email), .null, .unreadable),
        ConversionCase(.email, .text("Ada@example.com"), column("f", .text), .text("Ada@example.com")),
        ConversionCase(.text, .text("b"), column("f", .text, of: ["a", "b"]), .text("b")),
        ConversionCase(.text, .text("c"), column("f", .text, of: ["a", "b"]), .null, .unreadable),
        ConversionCase(
            .text,
            .text("c"),
            column("f", .text, of: ["a"], defaultValue: "\"a\""),
            .text("a"),
            .unreadable
        ),
        ConversionCase(.text, .text(""), column("f", .integer), .null),
        ConversionCase(.text, .text(id(4).description), column("f", .identifier), .identifier(id(4))),
        // Days and moments
        ConversionCase(.date, date("2026-11-22"), column("f", .datetime), moment("2026-11-22T00:00:00Z")),
        ConversionCase(.datetime, moment("2026-11-22T00:00:00Z"), column("f", .date), date("2026-11-22")),
        ConversionCase(.datetime, moment("1969-12-31T23:59:00Z"), column("f", .date), date("1969-12-31"), .shortened),
        ConversionCase(.date, date("2026-11-22"), column("f", .integer), .null, .unreadable),
        // Lists
        ConversionCase(.text, .text("a"), column("f", .list(.text)), .list([.text("a")])),
        ConversionCase(.text, .null, column("f", .list(.text)), .list([])),
        ConversionCase(.list(.text), .list([.text("a")]), column("f", .text), .text("a")),
        ConversionCase(.list(.text), .list([.text("a"), .text("b")]), column("f", .text), .text("a"), .shortened),
        ConversionCase(.list(.text), .list([]), column("f", .text), .null),
        ConversionCase(
            .list(.text),
            .list([.text("1"), .text("2")]),
            column("f", .list(.integer)),
            .list([.integer(1), .integer(2)])
        ),
        ConversionCase(
            .list(.text),
            .list([.text("1"), .text("x")]),
            column("f", .list(.integer)),
            .list([.integer(1)]),
            .shortened
        ),
        ConversionCase(.list(.text), .list([.text("x")]), column("f", .list(.integer)), .list([]), .unreadable),
        ConversionCase(
            .list(.text),
            .list([.text("a"), .text("z")]),
            column("f", .list(.text), of: ["a", "b"]),
            .list([.text("a")]),
            .shortened
        ),
        // JSON
        ConversionCase(.integer, .integer(3), column("f", .json), .json(.number("3"))),
        ConversionCase(.list(.text), .list([.text("a")]), column("f", .json), .json(.array([.string("a")]))),
        ConversionCase(.json, .json(.number("3")), column("f", .integer), .integer(3)),
        ConversionCase(.json, .json(.object([])), column("f", .integer), .null, .unreadable),
        ConversionCase(.json, .json(.array([.boolean(true)])), column("f", .text), .text("[true]")),
    ]
}

@Suite struct ConversionTests {
    @Test(arguments: ConversionCase.all)
    func aValueBecomes(_ test: ConversionCase) throws {
        let conversion = ValueConversion(from: test.old, to: test.new)
        let outcome = try conversion.convert(test.value) { _ throws(StorageFailure) in true }
        #expect(outcome.value == test.result)
        #expect(outcome.loss == test.loss)
        #expect(!outcome.isMissing)
    }

    @Test func idsOfRecordsThatAreNotThereAreTakenOut() throws {
        let conversion = ValueConversion(
            from: column("f", .list(.identifier)),
            to: column("f", .list(.identifier), to: "t")
        )
        let outcome = try conversion.convert(.list([.identifier(id(1)), .identifier(id(2))])) { id(2) == $0 }
        #expect(outcome.value == .list([.identifier(id(2))]))
        #expect(outcome.loss == .dangling)
    }

    @Test func aRequiredFieldWithoutADefaultMisses() throws {
        let conversion = ValueConversion(from: column("f", .text), to: column("f", .integer, required: true))
        for (value, loss) in [(Value.null, nil), (.text("x"), ValueConversion.Loss.unreadable)] {
            let outcome = try conversion.convert(value) { _ throws(StorageFailure) in true }
            #expect(outcome.value == .null)
            #expect(outcome.loss == loss)
            #expect(outcome.isMissing)
        }
    }
}
