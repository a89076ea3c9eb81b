import OffstageSchema
import Testing

@Suite struct MalformedJSONTests {
    static let bodies: [(what: String, body: [UInt8])] = [
        ("empty", []), ("white space", Array(" \n".utf8)), ("cut", Array("{\"name\":\"x\"".utf8)),
        ("cut text", Array("{\"name\":\"x".utf8)), ("single quotes", Array("{'name':'x'}".utf8)),
        ("no quotes", Array("{name:\"x\"}".utf8)), ("comma at the end", Array("{\"name\":\"x\",}".utf8)),
        ("two values", Array("{\"name\":\"x\"}{}".utf8)), ("comment", Array("{\"name\":\"x\"/**/}".utf8)),
        ("byte order mark", [0xef, 0xbb, 0xbf] + Array("{\"name\":\"x\"}".utf8)),
        ("raw line break", Array("{\"name\":\"a\nb\"}".utf8)), ("raw NUL", Array("{\"name\":\"a\0b\"}".utf8)),
        ("NUL behind", Array("{\"name\":\"a\"}\0".utf8)), ("NaN", Array("{\"stock\":NaN}".utf8)),
        ("leading zero", Array("{\"stock\":01}".utf8)), ("plus", Array("{\"stock\":+1}".utf8)),
        ("bare point", Array("{\"stock\":.5}".utf8)), ("hexadecimal", Array("{\"stock\":0x1}".utf8)),
        ("not UTF-8", Array("{\"name\":\"".utf8) + [0xff] + Array("\"}".utf8)),
        ("overlong", Array("{\"name\":\"".utf8) + [0xc0, 0xaf] + Array("\"}".utf8)),
        ("surrogate in UTF-8", Array("{\"name\":\"".utf8) + [0xed, 0xa0, 0x80] + Array("\"}".utf8)),
        ("UTF-16", Array("{".utf16).flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }),
        ("lone high surrogate", Array(#"{"name":"\ud800"}"#.utf8)), ("lone low", Array(#"{"name":"\udc00"}"#.utf8)),
        ("surrogates reversed", Array(#"{"name":"\udc00\ud800"}"#.utf8)),
        ("two high", Array(#"{"name":"\ud800\ud800"}"#.utf8)),
        ("surrogate in a name", Array(#"{"\ud800":1}"#.utf8)), ("bad escape", Array(#"{"name":"\x41"}"#.utf8)),
        ("short escape", Array(#"{"name":"\u12"}"#.utf8)),
        ("duplicate names", Array(#"{"name":"a","name":"b"}"#.utf8)),
        ("duplicate by escape", Array(#"{"name":"a","\u006eame":"b"}"#.utf8)),
        ("duplicate deep", Array(#"{"name":"a","details":{"x":{"y":1,"y":2}}}"#.utf8)),
        (
            "depth 65",
            Array((#"{"details":"# + String(repeating: "[", count: 64) + String(repeating: "]", count: 64) + "}").utf8)
        ),
        ("depth 100,000", Array((#"{"details":"# + String(repeating: "[", count: 100_000)).utf8)),
        ("depth of objects", Array(String(repeating: #"{"a":"#, count: 100_000).utf8)),
        ("array", Array("[]".utf8)), ("array of records", Array(#"[{"name":"x"}]"#.utf8)),
        ("text", Array("\"x\"".utf8)),
        ("number", Array("1".utf8)), ("null", Array("null".utf8)), ("true", Array("true".utf8)),
        ("urlencoded", Array("name=x".utf8)),
    ]

    @Test func whatIsNoJSONObjectIsMalformedAndNothingHappens() async throws {
        try await withApp(Apps.shop) { client in
            let path = "/api/products/\(Apps.id(1))"
            let made = try await client.put(path, ["name": "kept"])
            for (what, body) in Self.bodies {
                for (method, target) in [("POST", "/api/products"), ("PATCH", path), ("PUT", path)] {
                    let response = try await client.send(
                        method,
                        target,
                        ["Content-Type": "application/json"],
                        body: body
                    )
                    #expect(response.outcome == "400 malformed", "\(what), \(method)")
                    #expect(response.json["detail"]?.string?.isEmpty == false)
                }
            }
            #expect(try await client.all("products") == [made.json])
        }
    }

    @Test func theDetailSaysWhere() async throws {
        try await withApp(Apps.shop) { client in
            let response = try await client.sendJSON("POST", "/api/products", #"{"name":"x",}"#)
            #expect(response.json["detail"]?.string?.contains("byte 13") == true)
        }
    }

    @Test func depth64IsReadAndHugeNumbersAreKeptAsText() async throws {
        try await withApp(Apps.shop) { client in
            let deep = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
            let response = try await client.sendJSON("POST", "/api/products", #"{"name":"x","details":\#(deep)}"#)
            #expect(response.json["details"]?.text == deep)
            let huge = "1" + String(repeating: "0", count: 50_000)
            let kept = try await client.sendJSON("POST", "/api/products", #"{"name":"x","details":\#(huge)}"#)
            #expect(kept.json["details"]?.text == huge)
            let stock = try await client.sendJSON(
                "POST",
                "/api/products",
                #"{"name":"x","stock":\#(huge),"price":1e\#(huge)}"#
            )
            #expect(stock.faults.sorted() == ["/price digits", "/stock type"])
        }
    }
}
