import OffstageSchema
import Testing

/// What goes in comes out, to the last digit and code point; what can't be kept exactly is refused, never rounded.
@Suite struct ExactValueTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let type: String
        let sent: String
        /// The JSON that comes back; nil when it is what was sent.
        let kept: String

        init(_ type: String, _ sent: String, _ kept: String? = nil) {
            self.type = type
            self.sent = sent
            self.kept = kept ?? sent
        }

        var testDescription: String { "\(type) \(sent.prefix(60))" }
    }

    static let exact: [Case] = [
        Case("decimal, digits: 18, scale: 2", #""9999999999999999.99""#),
        Case("decimal, digits: 18, scale: 2", #""-9999999999999999.99""#),
        Case("decimal, digits: 18, scale: 2", "9999999999999999.99", #""9999999999999999.99""#),
        Case("decimal, digits: 18, scale: 18", #""0.123456789012345678""#),
        Case("decimal, digits: 18, scale: 18", "-0.999999999999999999", #""-0.999999999999999999""#),
        Case("decimal, digits: 18, scale: 0", #""999999999999999999""#),
        Case("decimal, digits: 10, scale: 2", "0.1", #""0.10""#),
        Case("decimal, digits: 10, scale: 2", "1e2", #""100.00""#),
        Case("decimal, digits: 10, scale: 2", "-0", #""0.00""#),
        Case("integer", "9007199254740991"), Case("integer", "-9007199254740991"), Case("integer", "-0", "0"),
        Case("integer", "5.0", "5"), Case("integer", "1e3", "1000"),
        Case("number", "0.1"), Case("number", "1e308", "1e+308"), Case("number", "5e-324"), Case("number", "-0.0", "0"),
        Case("number", "0.30000000000000004"),
        Case("date", #""0001-01-01""#), Case("date", #""9999-12-31""#), Case("date", #""2024-02-29""#),
        Case("date", #""1582-10-10""#),
        Case("datetime", #""0001-01-01T00:00:00.000Z""#), Case("datetime", #""9999-12-31T23:59:59.999Z""#),
        Case("datetime", #""1969-12-31T23:59:59.999Z""#),
        Case("datetime", #""2026-11-22T17:50:00.5+01:00""#, #""2026-11-22T16:50:00.500Z""#),
        Case("text", #""""#), Case("text", #"" ""#),
        Case("text", #""\u0001\u007f\u0085\u2028\ufeff""#, "\"\\u0001\u{7f}\u{85}\u{2028}\u{feff}\""),
        Case("text", "\"👩‍👩‍👧‍👦🇨🇭\u{1F3F3}\u{FE0F}\u{200D}\u{1F308}\""), Case("text", #""\ud83d\ude00""#, "\"😀\""),
        Case("text", #""cafe\u0301""#, "\"caf\u{e9}\""), Case("text", #""\u1e9b\u0323""#, "\"\u{1e9b}\u{323}\""),
        Case("text", #""\u212b""#, "\"\u{c5}\""), Case("text", "\"\u{1100}\u{1161}\"", "\"\u{ac00}\""),
        Case("text", #""\uffff\ufffe\ud800\udc00\udbff\udfff""#, "\"\u{ffff}\u{fffe}\u{10000}\u{10ffff}\""),
        Case("text", #""a\r\nb\rc\nd\te""#), Case("text", #""' OR 1=1; DROP TABLE things; --""#),
        Case("text", #""\"\\/""#, #""\"\\/""#), Case("text", #""%s %n \\u0000""#),
        Case("text, many: true", #"["b","a","","a"]"#), Case("text, many: true", "[]"),
        Case("integer, many: true", "[3,-1,9007199254740991,3]"),
        Case("choice, of: [b, a], many: true", #"["a","b"]"#),
        Case("boolean", "true"), Case("boolean", "false"),
        Case("json", #"{"b":1,"a":[1.10,1E400,-0,{"":null}]}"#), Case("json", #"" ""#), Case("json", "[]"),
        Case("json", "123456789012345678901234567890.12345678901234567890"), Case("json", "false"),
        Case("email", #""Ada.Lovelace@Example.COM""#), Case("url", #""https://example.com/a?b=c#d""#),
    ]

    @Test(arguments: exact)
    func valuesComeBackExactly(_ value: Case) async throws {
        try await withApp(Apps.things("value: {type: \(value.type)}")) { client in
            let expected = #""value":\#(value.kept),"created""#
            let made = try await client.sendJSON("POST", "/api/things", "{\"value\":\(value.sent)}")
            #expect(made.status == 201)
            #expect(made.text.contains(expected), "\(made.text)")
            let path = "/api/things/\(made.id)"
            #expect(try await client.get(path).body == made.body)
            let list = try await client.get("/api/things")
            #expect(list.text.contains(made.text))
            // What was read can be written back, and is then the same.
            let put = try await client.sendJSON("PUT", path, "{\"value\":\(value.kept)}")
            #expect(put.body == made.body)
            #expect(try #require(try await client.journal().first?.after) == made.json)
        }
    }

    static let refused: [(type: String, sent: String, code: String)] = [
        ("decimal, digits: 18, scale: 2", "10000000000000000", "digits"),
        ("decimal, digits: 18, scale: 2", "1e400", "digits"),
        ("decimal, digits: 18, scale: 2", "1e999999999999", "digits"),
        ("decimal, digits: 10, scale: 2", "0.001", "scale"), ("decimal, digits: 10, scale: 2", "1e-3", "scale"),
        ("decimal, digits: 10, scale: 2", #""1.500""#, "scale"), ("decimal, digits: 10, scale: 2", #""1,5""#, "type"),
        ("decimal, digits: 10, scale: 2", #""NaN""#, "type"), ("decimal, digits: 10, scale: 2", #""0x10""#, "type"),
        ("decimal, digits: 10, scale: 2", "true", "type"), ("decimal, digits: 10, scale: 2", #"" 1""#, "type"),
        ("decimal, digits: 10, scale: 2", #""""#, "type"),
        ("integer", "9007199254740992", "type"), ("integer", "-9007199254740992", "type"),
        ("integer", "9223372036854775808", "type"), ("integer", "1.5", "type"), ("integer", "1e400", "type"),
        ("integer", #""5""#, "type"), ("integer", "[]", "type"), ("integer, min: 2", "1", "min"),
        ("integer, max: 2", "3", "max"),
        ("number", "1e309", "type"), ("number", #""1""#, "type"), ("number, min: 0.5", "0.4", "min"),
        ("boolean", "1", "type"), ("boolean", #""true""#, "type"),
        ("date", #""0000-01-01""#, "type"), ("date", #""10000-01-01""#, "type"), ("date", #""2025-02-29""#, "type"),
        ("date", #""2026-1-1""#, "type"), ("date", #""2026-11-22T00:00:00Z""#, "type"), ("date", "20261122", "type"),
        ("datetime", #""2026-11-22T16:50:00""#, "type"), ("datetime", #""2026-11-22T24:00:00Z""#, "type"),
        ("datetime", #""2026-11-22T16:50:00.1234Z""#, "type"), ("datetime", #""0001-01-01T00:00:00+01:00""#, "type"),
        ("datetime", #""2026-11-22""#, "type"), ("datetime", #""2026-11-22T16:50:60Z""#, "type"),
        ("text", "1", "type"), ("text", "true", "type"), ("text", "{}", "type"), ("text", #""a\u0000b""#, "type"),
        ("text, max: 3", #""abcd""#, "max"), ("text, min: 2", #""a""#, "min"),
        ("text, pattern: \"a+\"", #""aab""#, "pattern"),
        ("text, many: true", #""a""#, "type"), ("text, many: true, max: 3", #"["abcd"]"#, "max"),
        ("choice, of: [a]", #""A""#, "choice"), ("choice, of: [a]", #""""#, "choice"),
        ("email", #""nobody""#, "email"), ("email", #""a@b@c""#, "email"), ("email", #""a b@c.d""#, "email"),
        ("url", #""javascript:alert(1)""#, "url"), ("url", #""//example.com""#, "url"),
        ("url", #""https://u@e.com""#, "url"),
        ("json", #"["\u0000"]"#, "type"), ("json, max_bytes: 10", #""0123456789""#, "max"),
    ]

    @Test(arguments: refused)
    func whatCantBeKeptExactlyIsRefused(type: String, sent: String, code: String) async throws {
        try await withApp(Apps.things("value: {type: \(type)}")) { client in
            let response = try await client.sendJSON("POST", "/api/things", "{\"value\":\(sent)}")
            #expect(response.outcome == "422 invalid", "\(response.text)")
            #expect(response.faults.count == 1)
            let fault = response.faults.first ?? ""
            #expect(fault == "/value \(code)" || fault == "/value/0 \(code)")
            #expect(try await client.all("things").isEmpty)
        }
    }

    @Test func lengthsAreCountedInCodePoints() async throws {
        try await withApp(Apps.things("value: {type: text, max: 4}")) { client in
            let family = "👩‍👩‍👧"
            let response = try await client.post("/api/things", ["value": "😀😀😀😀"])
            #expect(response.status == 201)
            #expect(try await client.post("/api/things", ["value": .string(family)]).faults == ["/value max"])
        }
    }

    @Test func aTextOfAMillionCodePointsIsKept() async throws {
        try await withApp(Apps.things("value: {type: text, max: 1000000}")) { client in
            let long = String(repeating: "a", count: 1_000_000)
            let made = try await client.post("/api/things", ["value": .string(long)])
            #expect(made.status == 201)
            #expect(try await client.get("/api/things/\(made.id)").json["value"]?.string?.utf8.count == 1_000_000)
        }
    }

    @Test func aListMayHaveAThousandElements() async throws {
        try await withApp(Apps.things("value: {type: integer, many: true}")) { client in
            let numbers = (0..<1001).map { JSON.number(String($0)) }
            #expect(try await client.post("/api/things", ["value": .array(numbers)]).faults == ["/value max"])
            let made = try await client.post("/api/things", ["value": .array(Array(numbers.prefix(1000)))])
            #expect(made.json["value"]?.elements.count == 1000)
        }
    }
}
