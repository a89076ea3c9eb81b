import OffstageSchema
import Testing

/// Closed by default, and what is closed looks as if it were not there.
@Suite struct AccessTests {
    private static let app = """
        name: Access
        collections:
          closed:
            access: {}
            fields: {word: {type: text}}
          undeclared:
            fields: {word: {type: text}}
          shown:
            access: {read: true}
            fields: {word: {type: text}}
          dropbox:
            access: {create: true}
            fields: {word: {type: text}}
          unread:
            access: {update: true, delete: true, create: true}
            fields: {word: {type: text}}
        """

    private struct Attempt: Sendable {
        let method: String
        let suffix: String
        let type: String
        let body: String?
    }

    private static let attempts = [
        Attempt(method: "GET", suffix: "", type: "", body: nil),
        Attempt(method: "HEAD", suffix: "", type: "", body: nil),
        Attempt(method: "GET", suffix: "?sort=word&limit=0", type: "", body: nil),
        Attempt(method: "GET", suffix: "?after=x", type: "", body: nil),
        Attempt(method: "POST", suffix: "", type: "application/json", body: "{\"word\":\"x\"}"),
        Attempt(method: "POST", suffix: "", type: "application/json", body: "{"),
        Attempt(method: "POST", suffix: "", type: "text/plain", body: "x"),
        Attempt(method: "POST", suffix: "/import", type: "text/csv", body: "word\nx\n"),
        Attempt(method: "GET", suffix: "/import", type: "", body: nil),
        Attempt(method: "GET", suffix: "/summary?group=word", type: "", body: nil),
        Attempt(method: "GET", suffix: "/summary?group=nowhere&x=1", type: "", body: nil),
        Attempt(method: "POST", suffix: "/summary", type: "application/json", body: "{}"),
        Attempt(method: "GET", suffix: "/\(Apps.id(1))", type: "", body: nil),
        Attempt(method: "PUT", suffix: "/\(Apps.id(1))", type: "application/json", body: "{\"word\":\"x\"}"),
        Attempt(method: "PATCH", suffix: "/\(Apps.id(1))", type: "application/json", body: "{\"word\":1}"),
        Attempt(method: "DELETE", suffix: "/\(Apps.id(1))", type: "", body: nil),
        Attempt(method: "TRACE", suffix: "", type: "", body: nil),
        Attempt(method: "GET", suffix: "/a/b/c", type: "", body: nil),
    ]

    @Test(arguments: ["closed", "undeclared"])
    func aClosedCollectionLooksLikeAMissingOne(name: String) async throws {
        try await withApp(Self.app) { client in
            for attempt in Self.attempts {
                func answer(_ collection: String) async throws -> Response {
                    let headers: Headers = attempt.type.isEmpty ? [:] : ["Content-Type": attempt.type]
                    return try await client.send(
                        attempt.method,
                        "/api/\(collection)\(attempt.suffix)",
                        headers,
                        body: attempt.body.map { Array($0.utf8) }
                    )
                }
                let closed = try await answer(name)
                let missing = try await answer("missing")
                let what = "\(attempt.method) \(attempt.suffix)"
                #expect(closed.status == 404, "\(what)")
                #expect(closed.status == missing.status, "\(what)")
                #expect(Self.withoutRequestID(closed.json) == Self.withoutRequestID(missing.json), "\(what)")
                #expect(Self.comparable(closed) == Self.comparable(missing), "\(what)")
            }
            #expect(try await client.journal().isEmpty)
        }
    }

    private static func withoutRequestID(_ json: JSON) -> JSON {
        guard case .object(let members) = json else { return json }
        return .object(members.filter { $0.name != "request" })
    }

    private static func comparable(_ response: Response) -> [String] {
        response.headers.filter { $0.name.lowercased() != "date" }.map { "\($0.name): \($0.value)" }.sorted()
    }

    @Test func anAbsentVerbIsNobodys() async throws {
        try await withApp(Self.app) { client in
            let id = Apps.id(1)
            let response = try await client.get("/api/shown")
            #expect(response.status == 200)
            #expect(try await client.post("/api/shown", ["word": "x"]).outcome == "401 unauthenticated")
            #expect(try await client.post("/api/shown", ["word": "x"])["WWW-Authenticate"] == "Bearer")
            #expect(try await client.put("/api/shown/\(id)", ["word": "x"]).outcome == "401 unauthenticated")
            #expect(try await client.patch("/api/shown/\(id)", ["word": "x"]).status == 404)
            #expect(try await client.delete("/api/shown/\(id)").status == 404)
            #expect(try await client.post("/api/dropbox", ["word": "x", "id": .string(id)]).status == 201)
            #expect(try await client.get("/api/dropbox").status == 404)
            #expect(try await client.get("/api/dropbox/\(id)").status == 404)
            #expect(try await client.get("/api/dropbox", ["Accept": "text/csv"]).status == 404)
        }
    }

    /// A field that is there and one that is not are the same to who may read nothing.
    @Test(arguments: ["filter", "sort", "fields", "expand", "search"])
    func whatCantBeReadTellsNothingOfItsFields(parameter: String) async throws {
        try await withApp(Self.app) { client in
            for value in ["word", "nosuch", "word%20%3D%3D%20%22x%22", ""] {
                let query = "?\(parameter)=\(value)"
                var answers = [
                    try await client.get("/api/dropbox\(query)"),
                    try await client.get("/api/dropbox\(query)", ["Accept": "text/csv"]),
                ]
                if ["fields", "expand"].contains(parameter) {
                    answers.append(try await client.get("/api/dropbox/\(Apps.id(1))\(query)"))
                }
                for answer in answers { #expect(answer.outcome == "404 not_found", "\(query)") }
            }
        }
    }

    /// Who may not read a record can't find out about it by writing.
    @Test func whatCantBeReadCantBeProbedByWriting() async throws {
        try await withApp(Self.app) { client in
            let (there, absent) = (Apps.id(1), Apps.id(2))
            _ = try await client.post("/api/unread", ["word": "x", "id": .string(there)])
            for id in [there, absent] {
                #expect(try await client.patch("/api/unread/\(id)", ["word": "y"]).status == 404)
                #expect(try await client.delete("/api/unread/\(id)").status == 404)
                #expect(try await client.delete("/api/unread/\(id)", ["If-Match": "\"9\""]).status == 404)
            }
        }
    }
}
