import OffstageSchema
import Testing

/// What each kind reads and refuses, through a field as the doors use it.
@Suite struct FieldKindTests {
    /// What a field makes of a content: its JSON, or the fault's code and message.
    private func outcome(_ field: Field, _ content: Input.Content) -> String {
        do throws(Fault) {
            var writer = JSONWriter()
            writer.write(try field.read(content))
            return String(decoding: writer.bytes, as: UTF8.self)
        } catch {
            return (error.pointer.isEmpty ? "" : error.pointer + " ") + "\(error.code.rawValue): \(error.message)"
        }
    }

    private func fromJSON(_ kind: FieldKind, _ json: String) throws -> String {
        outcome(Field("f", kind), .json(try JSONParser.parse(json.utf8)))
    }

    private func fromText(_ kind: FieldKind, _ text: String) -> String {
        outcome(Field("f", kind), .texts([text]))
    }

    @Test(arguments: [
        ("1", "1"), ("-0", "0"), ("5.0", "5"), ("1e3", "1000"), ("1.0e1", "10"),
        ("9007199254740991", "9007199254740991"),
        ("-9007199254740991", "-9007199254740991"), ("1.5", "type: must be a whole number"),
        ("1e-1", "type: must be a whole number"),
        ("9007199254740992", "type: must be between -9007199254740991 and 9007199254740991"),
        ("1e400", "type: must be between -9007199254740991 and 9007199254740991"),
        ("123456789012345678901234567890", "type: must be between -9007199254740991 and 9007199254740991"),
        ("\"1\"", "type: must be a whole number, not a string"),
        ("true", "type: must be a whole number, not true or false"), ("null", "null"),
    ])
    func readsIntegers(json: String, expected: String) throws {
        #expect(try fromJSON(.integer(IntegerKind()), json) == expected)
    }

    @Test(arguments: [
        ("5", "5"), ("+5", "5"), ("5.00", "5"), ("", "null"), ("5.", "type: must be a whole number"),
        (".0", "type: must be a whole number"),
        ("1,000", "type: must be a whole number"), (" 5", "type: must be a whole number"),
        ("0x5", "type: must be a whole number"), ("٥", "type: must be a whole number"),
        ("-1", "min: must be at least 0"), ("11", "max: must be at most 10"),
    ])
    func readsIntegersFromTexts(text: String, expected: String) {
        #expect(fromText(.integer(IntegerKind(min: 0, max: 10)), text) == expected)
    }

    @Test(arguments: [
        ("1", "1"), ("-0.0", "0"), ("1.5e3", "1500"), ("0.1", "0.1"), ("1e-400", "0"),
        ("1e400", "type: must be a number within the range of a double"),
        ("\"1\"", "type: must be a number, not a string"), ("[]", "type: must be a number, not an array"),
    ])
    func readsNumbers(json: String, expected: String) throws {
        #expect(try fromJSON(.number(NumberKind()), json) == expected)
    }

    @Test(arguments: [
        ("1.25", "1.25"), ("inf", "type: must be a number"), ("nan", "type: must be a number"),
        ("0x1p3", "type: must be a number"), ("1 ", "type: must be a number"),
        ("+", "type: must be a number"), ("1e", "type: must be a number"), ("1e5", "max: must be at most 2.0"),
        ("-1", "min: must be at least -0.5"),
    ])
    func readsNumbersFromTexts(text: String, expected: String) {
        #expect(fromText(.number(NumberKind(min: -0.5, max: 2)), text) == expected)
    }

    @Test(arguments: [
        ("12.5", "\"12.50\""), ("\"12.50\"", "\"12.50\""),
        ("12.505", "scale: must have at most 2 digits after the point; nothing is rounded"),
        ("1000", "digits: must have at most 3 digits before the point"),
        ("\"x\"", "type: must be a decimal, such as 12.55"),
        ("true", "type: must be a decimal in a string, such as \"12.55\", not true or false"),
        ("-1", "min: must be at least 0.00"),
        ("999.99", "max: must be at most 500.00"),
    ])
    func readsDecimals(json: String, expected: String) throws {
        let kind = DecimalKind(
            digits: 5,
            scale: 2,
            min: Decimal(unscaled: 0, scale: 2),
            max: Decimal(unscaled: 50_000, scale: 2)
        )
        #expect(try fromJSON(.decimal(kind), json) == expected)
    }

    @Test(arguments: [
        ("true", "true"), ("on", "true"), ("1", "true"), ("yes", "true"), ("false", "false"), ("off", "false"),
        ("0", "false"), ("no", "false"), ("TRUE", "true"),
        ("2", "type: must be true or false"), ("ja", "type: must be true or false"),
    ])
    func readsBooleansFromTexts(text: String, expected: String) {
        #expect(fromText(.boolean(BooleanKind()), text) == expected)
    }

    @Test(arguments: [
        ("true", "true"), ("false", "false"), ("\"true\"", "type: must be true or false, not a string"),
        ("1", "type: must be true or false, not a number"),
    ])
    func readsBooleans(json: String, expected: String) throws {
        #expect(try fromJSON(.boolean(BooleanKind()), json) == expected)
    }

    @Test(arguments: [
        ("\"2026-11-22\"", "\"2026-11-22\""), ("\"2026-02-30\"", "type: must be a date, such as 2026-11-22"),
        ("20261122", "type: must be a string, not a number"),
        ("\"1999-12-31\"", "min: must not be before 2000-01-01"),
        ("\"2100-01-01\"", "max: must not be after 2099-12-31"),
    ])
    func readsDates(json: String, expected: String) throws {
        #expect(
            try fromJSON(.date(DateKind(min: CalendarDate("2000-01-01"), max: CalendarDate("2099-12-31"))), json)
                == expected
        )
    }

    @Test(arguments: [
        ("\"2026-11-22T16:50:00+01:00\"", "\"2026-11-22T15:50:00.000Z\""),
        ("\"2026-11-22T16:50:00\"", "type: must end with Z or an offset such as +01:00"),
        (
            "\"2026-11-22T16:50:00.1234Z\"",
            "type: must have at most 3 digits after the second: milliseconds are what is kept"
        ),
        ("\"yesterday\"", "type: must be a date and time, such as 2026-11-22T16:50:00Z"),
        ("1", "type: must be a string, not a number"),
        ("\"1969-01-01T00:00:00Z\"", "min: must not be before 1970-01-01T00:00:00.000Z"),
        ("\"2100-01-01T00:00:00Z\"", "max: must not be after 2099-12-31T23:59:59.000Z"),
    ])
    func readsMoments(json: String, expected: String) throws {
        let kind = DateTimeKind(min: Timestamp(milliseconds: 0), max: try Timestamp("2099-12-31T23:59:59Z"))
        #expect(try fromJSON(.datetime(kind), json) == expected)
    }

    @Test(arguments: [
        ("draft", "\"draft\""), ("Draft", "choice: must be one of: draft, caf\u{e9}"),
        ("draft ", "choice: must be one of: draft, caf\u{e9}"),
        ("caf\u{e9}", "\"caf\u{e9}\""), ("cafe\u{301}", "\"caf\u{e9}\""),
    ])
    func readsChoicesAsTheFileWritesThem(text: String, expected: String) {
        #expect(Array(fromText(.choice(ChoiceKind(of: ["draft", "caf\u{e9}"])), text).utf8) == Array(expected.utf8))
    }

    @Test(arguments: [
        ("\"0190A3B4-0000-7000-8000-000000000001\"", "\"0190a3b4-0000-7000-8000-000000000001\""),
        ("\"7\"", "type: must be the id of a record of users"),
        ("7", "type: must be a string, not a number"),
    ])
    func readsRelations(json: String, expected: String) throws {
        #expect(try fromJSON(.relation(RelationKind(to: "users")), json) == expected)
    }

    @Test(arguments: [
        ("{\"a\":[1.0,\"x\"]}", "{\"a\":[1.0,\"x\"]}"), (" [ 1 ] ", "[1]"), ("null", "null"), ("", "null"),
        ("x", "type: must be JSON: a value cannot start here at byte 1"),
        ("\"\\u0000\"", "type: must not contain the character NUL (U+0000)"),
        ("{\"\\u0000\":1}", "type: must not contain the character NUL (U+0000)"),
        ("\"12345678901234567890\"", "max: must be at most 20 bytes of JSON, not 22"),
    ])
    func readsJSONFromTexts(text: String, expected: String) {
        #expect(fromText(.json(JSONKind(maximumBytes: 20)), text) == expected)
    }

    @Test func jsonNullIsNothingThroughEveryDoor() throws {
        let field = Field("f", .json(JSONKind()), required: true)
        #expect(outcome(field, .texts(["null"])) == "required: is required")
        #expect(outcome(field, .json(.null)) == "required: is required")
    }

    @Test func readsTexts() throws {
        let kind = FieldKind.text(TextKind(min: 2, max: 3, pattern: try Pattern("[a-zé]+")))
        let cases = [
            ("ab", "\"ab\""), ("abé", "\"abé\""), ("a", "min: must have at least 2 characters, not 1"),
            ("abcd", "max: must have at most 3 characters, not 4"),
            ("AB", "pattern: must match the pattern [a-zé]+"),
            ("a\0", "type: must not contain the character NUL (U+0000)"),
            // Three characters once they are composed.
            ("abe\u{301}", "\"ab\u{e9}\""), ("", "null"),
        ]
        for (text, expected) in cases { #expect(Array(fromText(kind, text).utf8) == Array(expected.utf8), "\(text)") }
        #expect(try fromJSON(kind, "5") == "type: must be a string, not a number")
        #expect(try fromJSON(kind, "\"\"") == "min: must have at least 2 characters, not 0")
        #expect(try fromJSON(.text(TextKind()), "\"\"") == "\"\"")
    }

    @Test func everyKindHasItsNameInTheList() {
        let named = ImportSamples.collection.fields.filter { !$0.many }.map(\.kind.name)
        #expect(Set(named) == Set(FieldKind.names))
        #expect(Set(FieldKind.namesThatMayBeMany).isSubset(of: FieldKind.names))
    }
}
