import OffstageSchema
import Testing

/// `expand`: what relations point to comes along, as far as the caller may see it.
@Suite struct ExpandTests {
    private static let app = """
        collections:
          people:
            fields:
              name: {type: text, required: true}
              phone: {type: text, readable: user.role == "staff"}
              shown: {type: boolean, default: true}
            access: {read: 'shown || user.role == "staff"', create: true}
          courses:
            fields:
              title: {type: text, required: true}
              teacher: {type: relation, to: people}
            access: {read: true, create: true}
          lessons:
            fields:
              course: {type: relation, to: courses}
              guests: {type: relation, to: people, many: true}
              hidden: {type: relation, to: people, readable: false}
              room: {type: relation, to: rooms}
            access: {read: true, create: true}
          rooms:
            fields: {name: text}
            access: {}
        accounts: {fields: {role: text}}
        """

    private static func prepare(_ client: Client) async throws {
        let writes = [
            ("people", #"{"id": "\#(Apps.id(1))", "name": "Ada", "phone": "1"}"#),
            ("people", #"{"id": "\#(Apps.id(2))", "name": "Ben", "shown": false}"#),
            ("people", #"{"id": "\#(Apps.id(3))", "name": "Cem"}"#),
            ("courses", #"{"id": "\#(Apps.id(11))", "title": "A", "teacher": "\#(Apps.id(1))"}"#),
            ("courses", #"{"id": "\#(Apps.id(12))", "title": "B", "teacher": "\#(Apps.id(2))"}"#),
            (
                "lessons",
                #"{"id": "\#(Apps.id(21))", "course": "\#(Apps.id(11))", "guests": ["\#(Apps.id(3))", "\#(Apps.id(2))", "\#(Apps.id(1))"]}"#
            ),
            ("lessons", #"{"id": "\#(Apps.id(22))", "course": "\#(Apps.id(12))"}"#),
            ("lessons", #"{"id": "\#(Apps.id(23))"}"#),
        ]
        for (collection, body) in writes {
            let response = try await client.sendJSON(
                "POST",
                "/api/\(collection)",
                body,
                TestSessions.header(1, role: "staff")
            )
            try #require(response.status == 201, "\(response.text)")
        }
    }

    @Test func twoLevelsComeAlong() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let items = try await client.get("/api/lessons?expand=course.teacher,guests").items
            try #require(items.count == 3)
            #expect(items[0]["course"]?.string == Apps.id(11))
            let course = items[0]["expanded"]?["course"]
            #expect(course?["title"]?.string == "A")
            #expect(course?["expanded"]?["teacher"]?["name"]?.string == "Ada")
            #expect(course?["expanded"]?["teacher"]?["phone"] == nil)
            // In the order of the field, without the one that is hidden.
            #expect(items[0]["expanded"]?["guests"]?.elements.map { $0["name"]?.string } == ["Cem", "Ada"])
            #expect(items[1]["expanded"]?["course"]?["expanded"]?["teacher"] == .null)
            #expect(items[2]["expanded"]?["course"] == .null)
            #expect(items[2]["expanded"]?["guests"]?.elements.isEmpty == true)
        }
    }

    @Test func whoMaySeeMoreGetsMore() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let response = try await client.get(
                "/api/lessons/\(Apps.id(21))?expand=guests&fields=id",
                TestSessions.header(1, role: "staff")
            )
            #expect(response.json["expanded"]?["guests"]?.elements.map { $0["name"]?.string } == ["Cem", "Ben", "Ada"])
            #expect(response.json["expanded"]?["guests"]?.elements.last?["phone"]?.string == "1")
            #expect(response.json.names == ["id", "expanded"])
            // What comes along changes without the record, so its tag would lie.
            #expect(response["ETag"] == nil)
        }
    }

    @Test(arguments: [
        "title", "nosuch", "hidden", "room", "course.nosuch", "course.teacher.name", "course.teacher.name.x", "",
        "course,,guests",
        "id", "expanded", "course.", ".course", "guests.phone",
    ])
    func whatCannotBeFollowedIsRefused(expand: String) async throws {
        try await withApp(Self.app) { client in
            let response = try await client.get("/api/lessons?expand=\(escaped(expand))")
            #expect(response.outcome == "400 malformed")
            #expect(response.json["detail"]?.string?.hasPrefix("expand: ") == true)
        }
    }

    /// A relation to what is closed looks as a name that is nothing.
    @Test func aClosedTargetIsAsIfThereWereNone() async throws {
        try await withApp(Self.app) { client in
            let closed = try await client.get("/api/lessons?expand=room").json["detail"]?.string
            let unknown = try await client.get("/api/lessons?expand=moor").json["detail"]?.string
            #expect(closed?.replacing("room", with: "…") == unknown?.replacing("moor", with: "…"))
        }
    }

    @Test func aStreamDoesNotExpand() async throws {
        try await withApp(Self.app) { client in
            let response = try await client.get("/api/lessons?expand=course", ["Accept": "application/x-ndjson"])
            #expect(response.outcome == "400 malformed")
        }
    }

    /// A record counts wherever it is written: one large one that many point to is as much as many large ones.
    @Test func whatComesAlongIsBounded() async throws {
        let app = """
            collections:
              texts:
                fields: {text: {type: text, max: 400000}}
                access: {read: true, create: true}
              notes:
                fields: {of: {type: relation, to: texts}}
                access: {read: true, create: true}
            """
        try await withApp(app) { client in
            let long = String(repeating: "x", count: 400_000)
            let text = try await client.sendJSON("POST", "/api/texts", "{\"text\": \"\(long)\"}").id
            for _ in 1...60 {
                try #require(try await client.sendJSON("POST", "/api/notes", "{\"of\": \"\(text)\"}").status == 201)
            }
            #expect(try await client.get("/api/notes?expand=of&limit=10").items.count == 10)
            let all = try await client.get("/api/notes?expand=of&limit=60")
            #expect(all.outcome == "400 malformed")
            #expect(all.json["detail"]?.string?.contains("16 MiB") == true)
        }
    }
}
