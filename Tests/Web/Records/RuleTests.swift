import Foundation
import OffstageSchema
import Testing

/// Access rules as clients meet them.
@Suite struct RuleTests {
    static let app = """
        collections:
          courses:
            display: title
            fields:
              title: {type: text, required: true}
              teacher: {type: text}
            access: {read: true}
          orders:
            fields:
              customer: {type: text, assign: user.id}
              course: {type: relation, to: courses}
              status: {type: choice, of: [new, paid, shipped], default: new}
              total: {type: decimal, digits: 12, scale: 2, required: true, min: 0}
              cost: {type: decimal, digits: 12, scale: 2, readable: user.role == "staff", writable: user.role == "staff"}
              note: {type: text, readable: customer == user.id}
            checks:
              - {that: 'status != "shipped" || total > decimal("0")', message: An empty order cannot be shipped, field: status}
            access:
              read: customer == user.id || user.role == "staff"
              create: has(user.id)
              update: user.role == "staff" && new.customer == customer
              delete: status == "new" && customer == user.id
          secrets:
            fields: {word: text, course: {type: relation, to: courses}}
            access: {read: user.role == "staff"}
          drafts:
            fields: {owner: {type: text, required: true}, text: text}
            access:
              read: owner == user.id
              create: owner == user.id || user.role == "staff"
              update: owner == user.id
          sheets:
            fields: {owner: {type: text, required: true}, text: text}
            access:
              read: owner == user.id
              create: user.role == "staff"
              update: owner == user.id
        accounts: {fields: {role: text}}
        """

    static let anna = TestSessions.header(1, role: "customer")
    static let ben = TestSessions.header(2, role: "customer")
    static let staff = TestSessions.header(3, role: "staff")

    private static func prepare(_ client: Client) async throws {
        for (number, who) in [(1, anna), (2, anna), (3, ben)] {
            let body = #"{"id": "\#(Apps.id(number))", "total": "\#(number).50", "note": "n\#(number)"}"#
            let response = try await client.sendJSON("POST", "/api/orders", body, who)
            try #require(response.status == 201, "\(response.text)")
        }
    }

    @Test func everybodySeesTheirOwn() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let list = { (who: Headers) in
                try await client.get("/api/orders?count=true", who).json
            }
            #expect(
                try await list(Self.anna)["items"]?.elements.map { $0["id"] } == [
                    .string(Apps.id(1)), .string(Apps.id(2)),
                ]
            )
            #expect(try await list(Self.anna)["total"] == .number("2"))
            #expect(try await list(Self.ben)["total"] == .number("1"))
            #expect(try await list(Self.staff)["total"] == .number("3"))
            #expect(try await list([:])["items"]?.elements.isEmpty == true)
            #expect(try await list([:])["total"] == .number("0"))
        }
    }

    @Test func whatIsHiddenLooksLikeWhatIsNotThere() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            for method in ["GET", "PATCH", "DELETE"] {
                let body = method == "PATCH" ? Array(#"{"total": "1"}"#.utf8) : nil
                let headers = Self.ben.adding("Content-Type", "application/json")
                let hidden = try await client.send(method, "/api/orders/\(Apps.id(1))", headers, body: body)
                let absent = try await client.send(method, "/api/orders/\(Apps.id(99))", headers, body: body)
                #expect(hidden.outcome == "404 not_found")
                #expect(absent.outcome == hidden.outcome)
                #expect(Self.withoutRequest(hidden) == Self.withoutRequest(absent))
            }
        }
    }

    private static func withoutRequest(_ response: Response) -> [String] {
        response.json.members.filter { $0.name != "request" }.map { "\($0)" }
    }

    /// A PUT of what somebody can't see, and what comes of it whether it is there or not.
    struct BlindPut: Sendable, CustomTestStringConvertible {
        let collection: String
        let who: Headers
        let body: String
        /// Without a precondition, and with If-None-Match: *.
        let outcome: String
        /// With If-Match.
        let matched: String

        var testDescription: String { "\(collection) \(who.pairs) \(body)" }
    }

    private static let annas = "{\"owner\":\"\(TestSessions.id(1))\"}"

    static let blindPuts = [
        BlindPut(
            collection: "drafts",
            who: [:],
            body: annas,
            outcome: "401 unauthenticated",
            matched: "401 unauthenticated"
        ),
        // Nothing of the fields is told to who has no right to write.
        BlindPut(
            collection: "drafts",
            who: [:],
            body: #"{"nosuch":1,"owner":2}"#,
            outcome: "401 unauthenticated",
            matched: "401 unauthenticated"
        ),
        // The rule says no to this record.
        BlindPut(collection: "drafts", who: ben, body: annas, outcome: "403 forbidden", matched: "412 stale"),
        BlindPut(collection: "drafts", who: ben, body: "{}", outcome: "422 invalid", matched: "422 invalid"),
        // Ben may change what is his, and make nothing.
        BlindPut(collection: "sheets", who: ben, body: annas, outcome: "403 forbidden", matched: "403 forbidden"),
        BlindPut(
            collection: "secrets",
            who: ben,
            body: #"{"nosuch":1}"#,
            outcome: "403 forbidden",
            matched: "403 forbidden"
        ),
    ]

    @Test(arguments: blindPuts)
    func aPutDoesNotTellWhetherAHiddenRecordIsThere(put: BlindPut) async throws {
        try await withApp(Self.app) { client in
            let values: JSON = put.collection == "secrets" ? ["word": "x"] : ["owner": .string("\(TestSessions.id(1))")]
            try await client.createAsTeam(Apps.id(1), in: put.collection, values)
            let before = try await client.journal().count
            let conditions: [(name: String, tags: String)?] = [
                nil, ("If-None-Match", "*"), ("If-Match", "*"), ("If-Match", "\"1\""), ("If-Match", "\"7\""),
            ]
            for condition in conditions {
                let headers = condition.map { put.who.adding($0.name, $0.tags) } ?? put.who
                let path = "/api/\(put.collection)/"
                let hidden = try await client.sendJSON("PUT", path + Apps.id(1), put.body, headers)
                let absent = try await client.sendJSON("PUT", path + Apps.id(99), put.body, headers)
                let expected = condition?.name == "If-Match" ? put.matched : put.outcome
                #expect(hidden.outcome == expected, "\(condition.debugDescription): \(hidden.text)")
                #expect(Self.withoutRequest(hidden) == Self.withoutRequest(absent))
            }
            #expect(try await client.journal().count == before)
        }
    }

    /// Who may create meets an id that is taken, as with POST; nothing short of a creation that would succeed tells.
    @Test func aPutOfATakenHiddenIDIsWhatAPostOfItIs() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let before = try await client.journal().count
            let (hidden, absent) = ("/api/orders/\(Apps.id(1))", "/api/orders/\(Apps.id(99))")
            for tags in ["*", "\"1\"", "\"7\""] {
                let headers = Self.ben.adding("If-Match", tags)
                let first = try await client.sendJSON("PUT", hidden, #"{"total": "1"}"#, headers)
                let second = try await client.sendJSON("PUT", absent, #"{"total": "1"}"#, headers)
                #expect(first.outcome == "412 stale")
                #expect(Self.withoutRequest(first) == Self.withoutRequest(second))
            }
            for body in ["{}", #"{"total": "-1"}"#, #"{"total": "0", "status": "shipped"}"#] {
                let first = try await client.sendJSON("PUT", hidden, body, Self.ben)
                let second = try await client.sendJSON("PUT", absent, body, Self.ben)
                #expect(first.outcome == "422 invalid", "\(body): \(first.text)")
                #expect(Self.withoutRequest(first) == Self.withoutRequest(second))
            }
            let body = #"{"id": "\#(Apps.id(1))", "total": "1"}"#
            let posted = try await client.sendJSON("POST", "/api/orders", body, Self.ben)
            for headers in [Self.ben, Self.ben.adding("If-None-Match", "*")] {
                let put = try await client.sendJSON("PUT", hidden, #"{"total": "1"}"#, headers)
                #expect(put.outcome == "409 conflict")
                #expect(put.faults == ["/id unique"])
                #expect(Self.withoutRequest(put) == Self.withoutRequest(posted))
            }
            #expect(try await client.journal().count == before)
            #expect(try await client.sendJSON("PUT", absent, #"{"total": "1"}"#, Self.ben).status == 201)
        }
    }

    /// Even of a record that they see: the rules are asked before the body.
    @Test func whoMayNeitherCreateNorChangeIsToldBeforeTheirValuesAre() async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(Apps.id(1), in: "courses", ["title": "Art"])
            for number in [1, 99] {
                let path = "/api/courses/\(Apps.id(number))"
                for body in ["{}", #"{"nosuch": 1}"#, #"{"title": "Art"}"#] {
                    #expect(try await client.sendJSON("PUT", path, body).outcome == "401 unauthenticated")
                    #expect(try await client.sendJSON("PUT", path, body, Self.anna).outcome == "403 forbidden")
                }
            }
        }
    }

    @Test func theTagOfARecordSaysWhichMembersAreHidden() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let path = "/api/orders/\(Apps.id(1))"
            let promoted = TestSessions.header(1, role: "staff")
            #expect(try await client.get(path, promoted)["ETag"] == "\"1\"")
            #expect(try await client.get(path, Self.anna)["ETag"] == "\"1-10\"")
            #expect(try await client.get(path, Self.staff)["ETag"] == "\"1-20\"")
            // The copy of a customer is not the one of the staff that she belongs to now.
            let again = try await client.get(path, promoted.adding("If-None-Match", "\"1-10\""))
            #expect(again.status == 200)
            #expect(again.json["cost"] == .null)
            let same = try await client.get(path, Self.anna.adding("If-None-Match", "\"1-10\""))
            #expect(same.status == 304)
            #expect(same["Cache-Control"] == "private, no-cache")
            // A change asks for the version alone.
            for (version, tag) in ["\"1-20\"", "\"2\"", "\"3-10\""].enumerated() {
                let body = #"{"total": "1\#(version).00"}"#
                let changed = try await client.sendJSON("PATCH", path, body, Self.staff.adding("If-Match", tag))
                #expect(changed.status == 200)
                #expect(changed["ETag"] == "\"\(version + 2)-20\"")
            }
            for tag in ["\"3-20\"", "\"4-\"", "\"4-x\"", "\"-4\"", "\"4-2-0\"", "W/\"4-20\""] {
                let stale = try await client.sendJSON("PATCH", path, "{}", Self.staff.adding("If-Match", tag))
                #expect(stale.outcome == "412 stale", "\(tag)")
            }
        }
    }

    @Test func whoMayNotCreateIsTold() async throws {
        try await withApp(Self.app) { client in
            let visitor = try await client.sendJSON("POST", "/api/orders", #"{"total": "1"}"#)
            #expect(visitor.outcome == "401 unauthenticated")
            #expect(visitor["WWW-Authenticate"] != nil)
            let account = try await client.sendJSON("POST", "/api/secrets", #"{"word": "x"}"#, Self.anna)
            #expect(account.outcome == "403 forbidden")
        }
    }

    @Test func theServerSetsWhatIsAssigned() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let order = try await client.get("/api/orders/\(Apps.id(1))", Self.anna)
            #expect(order.json["customer"]?.string == TestSessions.id(1).description)
            let body = #"{"total": "1", "customer": "\#(TestSessions.id(2))"}"#
            let forged = try await client.sendJSON("POST", "/api/orders", body, Self.anna)
            #expect(forged.faults == ["/customer read_only"])
        }
    }

    @Test func fieldsAreShownAndTakenByTheirRules() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let path = "/api/orders/\(Apps.id(1))"
            #expect(try await client.sendJSON("PATCH", path, #"{"cost": "0.25"}"#, Self.staff).status == 200)
            let own = try await client.get(path, Self.anna).json
            #expect(own["note"]?.string == "n1")
            #expect(own["cost"] == nil)
            let staff = try await client.get(path, Self.staff).json
            #expect(staff["cost"]?.string == "0.25")
            #expect(staff["note"] == nil)
            let csv = try await client.get("/api/orders", Self.anna.adding("Accept", "text/csv")).text
            #expect(!csv.contains("cost") && !csv.contains("0.25"))
            let setting = try await client.sendJSON("POST", "/api/orders", #"{"total": "1", "cost": "1"}"#, Self.anna)
            #expect(setting.faults == ["/cost unknown"])
        }
    }

    /// A field that may not be read is one that does not exist, whatever it is asked for.
    @Test(arguments: [
        ("filter", "cost > decimal('0')", "filter", "nosuch > decimal('0')"),
        ("filter", "note == 'n1'", "filter", "nosuch == 'n1'"),
        ("filter", "records.secrets.exists(s, s.word == 'x')", "filter", "records.nosuch1.exists(s, s.word == 'x')"),
        ("sort", "cost", "sort", "nosuch"), ("sort", "note", "sort", "nosuch"),
        ("fields", "id,cost", "fields", "id,nosuch"), ("expand", "cost", "expand", "nosuch"),
    ])
    func aHiddenFieldIsAsIfThereWereNone(name: String, hidden: String, other: String, unknown: String) async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let first = try await client.get("/api/orders?\(name)=\(escaped(hidden))", Self.anna)
            let second = try await client.get("/api/orders?\(other)=\(escaped(unknown))", Self.anna)
            #expect(first.outcome == "400 malformed")
            #expect(second.outcome == "400 malformed")
            let secret = ["cost", "note", "secrets"].first { hidden.contains($0) } ?? ""
            let plain = { (response: Response, name: String) in
                response.json["detail"]?.string?.replacing(name, with: "…")
            }
            let invented = unknown.contains("nosuch1") ? "nosuch1" : "nosuch"
            #expect(plain(first, secret) == plain(second, invented))
        }
    }

    @Test func aChangeIsJudgedByBothStates() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let path = "/api/orders/\(Apps.id(1))"
            #expect(try await client.sendJSON("PATCH", path, #"{"status": "paid"}"#, Self.staff).status == 200)
            #expect(
                try await client.sendJSON("PATCH", path, #"{"status": "new"}"#, Self.anna).outcome == "404 not_found"
            )
            #expect(try await client.delete(path, Self.anna).outcome == "404 not_found")
            #expect(try await client.delete("/api/orders/\(Apps.id(2))", Self.ben).outcome == "404 not_found")
            #expect(try await client.delete("/api/orders/\(Apps.id(2))", Self.anna).status == 204)
        }
    }

    @Test func aCheckThatFailsIsAFaultOfItsField() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let body = #"{"status": "shipped", "total": "0"}"#
            let response = try await client.sendJSON("PATCH", "/api/orders/\(Apps.id(1))", body, Self.staff)
            #expect(response.outcome == "422 invalid")
            #expect(response.faults == ["/status check"])
            #expect(response.messages == ["An empty order cannot be shipped"])
            #expect(try await client.get("/api/orders/\(Apps.id(1))", Self.staff).json["version"] == .number("1"))
        }
    }

    @Test func aFilterTakesItsValuesApart() async throws {
        try await withApp(Self.app) { client in
            try await Self.prepare(client)
            let filter = escaped("total >= decimal(arg.least) && customer == arg.who")
            let who = escaped("\(TestSessions.id(1))")
            let found = try await client.get("/api/orders?filter=\(filter)&arg.least=2.00&arg.who=\(who)", Self.staff)
            #expect(found.items.map { $0["id"] } == [.string(Apps.id(2))])
            let injected = escaped("x' || true || '")
            let none = try await client.get("/api/orders?filter=\(filter)&arg.least=0&arg.who=\(injected)", Self.staff)
            #expect(none.status == 200)
            #expect(none.items.isEmpty)
            for query in [
                "filter=\(filter)&arg.least=2", "filter=true&arg.who=1", "arg.who=1", "filter=\(escaped("total >"))",
                "filter=\(escaped("total > 'x'"))", "filter=", "filter=\(filter)&arg.least=2&arg.who=a&arg.who=b",
                "filter=\(escaped("total > decimal(arg.least)"))&arg.least=abc",
            ] {
                let response = try await client.get("/api/orders?\(query)", Self.staff)
                #expect(response.outcome == "400 malformed", "\(query): \(response.text)")
            }
        }
    }

    @Test func aFaultOfAFilterNamesItsPlace() async throws {
        try await withApp(Self.app) { client in
            let response = try await client.get("/api/orders?filter=\(escaped("total > 1 &&"))", Self.staff)
            #expect(response.json["detail"]?.string?.contains("1:13") == true, "\(response.text)")
            let long = String(repeating: "a", count: 4097)
            #expect(try await client.get("/api/orders?filter=\(long)", Self.staff).outcome == "400 malformed")
            let deep = escaped(String(repeating: "(", count: 60) + "true" + String(repeating: ")", count: 60))
            #expect(try await client.get("/api/orders?filter=\(deep)", Self.staff).outcome == "400 malformed")
        }
    }

    @Test func pagesOfAFilteredListAreWhole() async throws {
        try await withApp(Self.app) { client in
            for number in 1...30 {
                let who = number.isMultiple(of: 3) ? Self.ben : Self.anna
                let body = #"{"id": "\#(Apps.id(number))", "total": "\#(number % 7)"}"#
                try #require(try await client.sendJSON("POST", "/api/orders", body, who).status == 201)
            }
            let query = "/api/orders?filter=\(escaped("total < decimal('5')"))&sort=-total&limit=4"
            var seen: [String] = []
            var next: String? = query
            while let path = next {
                let page = try await client.get(path, Self.anna)
                try #require(page.status == 200)
                seen += page.items.compactMap { $0["id"]?.string }
                next = page.json["next"]?.string.map { "\(query)&after=\($0)" }
            }
            let expected = (1...30).filter { !$0.isMultiple(of: 3) && $0 % 7 < 5 }.map(Apps.id)
            #expect(Set(seen) == Set(expected))
            #expect(seen.count == expected.count)
        }
    }
}

/// A text as the value of a parameter.
func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? text
}
