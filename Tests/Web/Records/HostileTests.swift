import OffstageSchema
import Testing

/// What somebody may try who means no good, and what only looks alike.
@Suite struct HostileTests {
    /// What one visitor asks must not decide what another's filter means: letters that only look alike are others.
    @Test func textsThatLookAlikeAreKeptApart() async throws {
        try await withApp(Apps.things("name: text", "data: json")) { client in
            let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
            _ = try await client.post("/api/things", ["name": .string(composed)])
            for (text, count) in [(decomposed, 0), (composed, 1), (decomposed, 0)] {
                let literal = try await client.get("/api/things?count=true&filter=\(escaped("name == \"\(text)\""))")
                #expect(literal.items.count == count)
                #expect(literal.json["total"] == .number("\(count)"))
                let filter = escaped("name == arg.s")
                let argument = try await client.get("/api/things?count=true&filter=\(filter)&arg.s=\(escaped(text))")
                #expect(argument.json["total"] == .number("\(count)"))
            }
        }
    }

    @Test func freeDataKeepsEveryTextAsItIs() async throws {
        try await withApp(Apps.things("data: json")) { client in
            let (composed, decomposed) = ("\u{e9}", "e\u{301}")
            let thing = try await client.post("/api/things", ["data": ["a": .string(composed)]])
            let path = "/api/things/\(thing.id)"
            let changed = try await client.patch(path, ["data": ["a": .string(decomposed)]])
            #expect(changed.json["version"] == .number("2"))
            #expect(changed.json["data"]?["a"]?.string?.utf8.count == 3)
            let both = try await client.sendJSON(
                "PATCH",
                path,
                "{\"data\": {\"\(composed)\": 1, \"\(decomposed)\": 2}}"
            )
            #expect(both.json["data"]?.names.count == 3)
        }
    }

    /// Letters with accents without end take a time that grows with the square of their number.
    @Test func aLetterHasNoMoreMarksThanLettersHave() async throws {
        try await withApp(Apps.things("name: {type: text, max: 100000}")) { client in
            let many = "a" + String(repeating: "\u{301}\u{323}", count: 60_000)
            let refused = try await client.post("/api/things", ["name": .string(many)])
            #expect(refused.faults == ["/name type"])
            let few = "a" + String(repeating: "\u{301}\u{323}", count: 10)
            let taken = try await client.post("/api/things", ["name": .string(few)])
            #expect(taken.status == 201)
        }
    }

    /// A value that may be set and not be read is not guessed by setting it: the same value is a change too.
    @Test func aHiddenValueIsNotFoundByGuessing() async throws {
        try await withApp(Apps.things("pin: {type: text, readable: false}", "word: text")) { client in
            let thing = try await client.post("/api/things", ["pin": "1234", "word": "a"])
            let path = "/api/things/\(thing.id)"
            for (pin, version) in [("0000", "2"), ("0000", "3"), ("1234", "4")] {
                #expect(try await client.patch(path, ["pin": .string(pin)]).json["version"] == .number(version))
            }
            #expect(try await client.patch(path, ["word": "a"]).json["version"] == .number("4"))
        }
    }

    /// A filter that grows when it is written for the database is refused before it has grown.
    @Test func aFilterThatGrowsIsRefused() async throws {
        try await withApp(Apps.things("n: integer")) { client in
            let bind = (0..<28).map { "cel.bind(v\($0 + 1), v\($0) + v\($0), " }.joined()
            let doubled = "cel.bind(v0, n + n, \(bind)v28 > 0\(String(repeating: ")", count: 29))"
            #expect(try await client.get("/api/things?filter=\(escaped(doubled))").outcome == "400 malformed")
            let chain = "created" + String(repeating: " + duration('1s')", count: 40) + " > now"
            let answer = try await client.get("/api/things?filter=\(escaped(chain))")
            #expect([200, 400].contains(answer.status))
        }
    }

    /// How much hidden data there is does not show by a fault before the precondition is asked.
    @Test func theSizeOfHiddenDataDoesNotShow() async throws {
        let field = "hidden: {type: json, readable: false, max_bytes: 200}"
        try await withApp(Apps.things(field)) { client in
            let thing = try await client.post(
                "/api/things",
                ["hidden": ["a": .string(String(repeating: "x", count: 150))]]
            )
            for length in [10, 100] {
                let patch: JSON = ["hidden": ["b": .string(String(repeating: "y", count: length))]]
                let answer = try await client.patch("/api/things/\(thing.id)", patch, ["If-Match": "\"99\""])
                #expect(answer.outcome == "412 stale")
            }
        }
    }
}
