import OffstageSchema
import Testing

/// Many writes in one transaction: all or nothing, each under the rules of a single one.
@Suite struct BatchTests {
    static let app = """
        name: Batches
        collections:
          orders:
            access:
              read: customer == user.id || user.role == "staff"
              create: has(user.id)
              update: user.role == "staff" && new.customer == customer
              delete: user.role == "staff"
            checks:
              - {that: 'status != "shipped" || total > decimal("0")', message: An empty order cannot be shipped, field: status}
            fields:
              customer: {type: text, assign: user.id}
              status: {type: choice, of: [new, paid, shipped], default: new}
              total: {type: decimal, digits: 12, scale: 2, default: "0"}
              note: {type: text}
              cost: {type: integer, default: 7, readable: user.role == "staff"}
          lines:
            \(Apps.open)
            fields:
              order: {type: relation, to: orders, on_delete: restrict}
              others: {type: relation, to: lines, many: true, on_delete: clear}
              sku: {type: text, unique: true}
              price: {type: decimal, digits: 6, scale: 2, min: 0}
              words: {type: text, many: true}
              details: {type: json}
          closed:
            access: {}
            fields: {word: {type: text}}
        accounts: {fields: {role: text}}
        """

    static let ann = TestSessions.header(2, role: "customer")
    static let staff = TestSessions.header(1, role: "staff")

    static func send(_ client: Client, _ operations: JSON, _ headers: Headers = staff) async throws -> Response {
        try await client.post("/api/batch", ["operations": operations], headers)
    }

    @Test func laterOperationsUseEarlierResults() async throws {
        try await withApp(Self.app) { client in
            let response = try await Self.send(
                client,
                [
                    ["create": "orders", "as": "order", "values": ["note": "@@home"]],
                    ["create": "lines", "as": "first", "values": ["order": "@order.id", "price": "2.50", "sku": "a"]],
                    ["create": "lines", "values": ["price": "@first.price", "words": ["@@x", "@order.note", "y"]]],
                    ["create": "lines", "values": ["others": ["@first.id"], "details": ["@order.id"]]],
                    ["update": "orders/@order.id", "if_version": 1, "values": ["total": "2.50"]],
                    ["replace": .string("lines/\(Apps.id(5))"), "as": "put", "values": ["sku": "p"]],
                    ["delete": "lines/@put.id", "if_version": 1],
                ]
            )
            #expect(response.status == 200, "\(response.text)")
            #expect(response["Content-Type"] == "application/json")
            let results = response.json["results"]?.elements ?? []
            #expect(results.count == 7)
            guard results.count == 7 else { return }
            let order = results[0]["id"]?.string ?? ""
            #expect(results[0]["note"] == "@home")
            #expect(results[0]["cost"] == 7)
            #expect(results[1]["order"] == .string(order))
            #expect(results[2]["price"] == "2.50")
            #expect(results[2]["words"] == ["@x", "@home", "y"])
            #expect(results[3]["others"] == [results[1]["id"] ?? .null])
            // Inside of free JSON an @ is an @.
            #expect(results[3]["details"] == ["@order.id"])
            #expect(results[4]["version"] == 2)
            #expect(results[4]["total"] == "2.50")
            #expect(results[5]["sku"] == "p")
            #expect(results[6] == ["deleted": .string(Apps.id(5))])
            #expect(try await client.get("/api/orders/\(order)", Self.staff).json == results[4])
            let journal = try await client.journal()
            #expect(Set(journal.map(\.transaction)).count == 1)
            #expect(
                journal.map(\.summary) == [
                    "created orders 1", "created lines 1", "created lines 1", "created lines 1", "updated orders 2",
                    "created lines 1", "deleted lines 1",
                ]
            )
        }
    }

    /// What the failing operation is, and how the one problem looks.
    struct Refusal: Sendable, CustomTestStringConvertible {
        let operation: JSON
        let outcome: String
        let faults: [String]
        var asked = BatchTests.staff

        var testDescription: String { operation.text }
    }

    static let refusals = [
        Refusal(
            operation: ["create": "lines", "values": ["price": "-1", "colour": 1]],
            outcome: "422 invalid",
            faults: ["/operations/1/values/price min", "/operations/1/values/colour unknown"]
        ),
        Refusal(
            operation: ["create": "lines", "values": ["sku": "taken"]],
            outcome: "409 conflict",
            faults: ["/operations/1/values/sku unique"]
        ),
        Refusal(
            operation: ["create": "lines", "values": ["sku": "@one.sku"]],
            outcome: "409 conflict",
            faults: ["/operations/1/values/sku unique"]
        ),
        Refusal(
            operation: ["create": "lines", "values": ["order": .string(Apps.absentID)]],
            outcome: "422 invalid",
            faults: ["/operations/1/values/order relation"]
        ),
        Refusal(
            operation: ["update": .string("lines/\(Apps.id(1))"), "if_version": 2, "values": ["price": "1"]],
            outcome: "412 stale",
            faults: ["/operations/1 operation"]
        ),
        Refusal(
            operation: ["delete": .string("lines/\(Apps.id(1))"), "if_version": 9],
            outcome: "412 stale",
            faults: ["/operations/1 operation"]
        ),
        Refusal(
            operation: ["update": .string("lines/\(Apps.absentID)"), "values": [:]],
            outcome: "404 not_found",
            faults: ["/operations/1 operation"]
        ),
        Refusal(operation: ["delete": "lines/x"], outcome: "404 not_found", faults: ["/operations/1 operation"]),
        Refusal(
            operation: ["create": "nowhere", "values": [:]],
            outcome: "404 not_found",
            faults: ["/operations/1 operation"]
        ),
        Refusal(
            operation: ["create": "closed", "values": ["x": 1]],
            outcome: "404 not_found",
            faults: ["/operations/1 operation"]
        ),
        Refusal(
            operation: ["create": "orders", "values": [:]],
            outcome: "401 unauthenticated",
            faults: ["/operations/1 operation"],
            asked: [:]
        ),
        Refusal(
            operation: ["update": .string("orders/\(Apps.id(3))"), "values": ["note": "x"]],
            outcome: "404 not_found",
            faults: ["/operations/1 operation"],
            asked: BatchTests.ann
        ),
        Refusal(
            operation: ["update": .string("orders/\(Apps.id(3))"), "values": ["status": "shipped"]],
            outcome: "422 invalid",
            faults: ["/operations/1/values/status check"]
        ),
        Refusal(
            operation: ["create": "orders", "values": ["customer": "me"]],
            outcome: "422 invalid",
            faults: ["/operations/1/values/customer read_only"]
        ),
        Refusal(
            operation: ["delete": .string("orders/\(Apps.id(3))")],
            outcome: "409 conflict",
            faults: ["/operations/1 restricted"]
        ),
        Refusal(
            operation: [
                "create": "lines", "values": ["sku": "@two.id", "words": ["x", "@one.colour"], "price": "@"],
            ],
            outcome: "422 invalid",
            faults: [
                "/operations/1/values/sku reference", "/operations/1/values/words/1 reference",
                "/operations/1/values/price reference",
            ]
        ),
        Refusal(
            operation: ["update": "lines/@two.id", "values": [:]],
            outcome: "422 invalid",
            faults: ["/operations/1/update reference"]
        ),
        Refusal(
            operation: ["update": "lines/@one.sku", "values": [:]],
            outcome: "404 not_found",
            faults: ["/operations/1 operation"]
        ),
    ]

    @Test(arguments: refusals)
    func oneFaultAndNothingIsDone(refusal: Refusal) async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(Apps.id(3), in: "orders", ["note": "a"])
            try await client.createAsTeam(
                Apps.id(1),
                in: "lines",
                ["sku": "taken", "order": .string(Apps.id(3))]
            )
            let before = try await client.journal().count
            let response = try await Self.send(
                client,
                [["create": "lines", "as": "one", "values": ["sku": "new"]], refusal.operation],
                refusal.asked
            )
            #expect(response.outcome == refusal.outcome, "\(response.text)")
            #expect(response.faults == refusal.faults, "\(response.text)")
            #expect(response.json["detail"]?.string?.contains("Operation 1") == true, "\(response.text)")
            #expect(try await client.journal().count == before)
            #expect(try await client.all("lines").count == 1)
        }
    }

    @Test(arguments: [
        (#"{}"#, ["/operations required"]),
        (#"{"operations":{}}"#, ["/operations type"]),
        (#"{"operations":[],"more":1}"#, ["/more unknown"]),
        (#"{"operations":[1,{}]}"#, ["/operations/0 type", "/operations/1 required"]),
        (#"{"operations":[{"create":"lines"}]}"#, ["/operations/0/values required"]),
        (#"{"operations":[{"create":1,"values":[]}]}"#, ["/operations/0/create type", "/operations/0/values type"]),
        (#"{"operations":[{"create":"lines","values":{},"if_version":1}]}"#, ["/operations/0/if_version unknown"]),
        (#"{"operations":[{"update":"lines","values":{}}]}"#, ["/operations/0/update id"]),
        (
            #"{"operations":[{"update":"lines/1","delete":"lines/2","values":{},"colour":1}]}"#,
            ["/operations/0/delete duplicate", "/operations/0/colour unknown"]
        ),
        (
            #"{"operations":[{"delete":"lines/1","as":"x","values":{},"if_version":0}]}"#,
            ["/operations/0/as unknown", "/operations/0/values unknown", "/operations/0/if_version type"]
        ),
        (
            #"{"operations":[{"create":"lines","as":"a","values":{}},{"create":"lines","as":"a","values":{}}]}"#,
            ["/operations/1/as duplicate"]
        ),
        (#"{"operations":[{"create":"lines","as":"A b","values":{}}]}"#, ["/operations/0/as pattern"]),
    ])
    func theFormOfEveryOperationIsToldAtOnce(body: String, faults: [String]) async throws {
        try await withApp(Self.app) { client in
            let response = try await client.sendJSON("POST", "/api/batch", body, Self.staff)
            #expect(response.outcome == "422 invalid")
            #expect(response.faults == faults, "\(response.text)")
        }
    }

    @Test func theDoorIsNarrow() async throws {
        try await withApp(Self.app) { client in
            let hundred = [JSON](repeating: ["create": "lines", "values": [:]], count: 100)
            #expect(try await Self.send(client, .array(hundred)).json["results"]?.elements.count == 100)
            let more = try await Self.send(client, .array(hundred + hundred))
            #expect(more.outcome == "400 malformed")
            #expect(more.faults == ["/operations max"])
            #expect(more.json["detail"]?.string?.contains("at most 100 operations, not 200") == true)
            #expect(try await client.all("lines").count == 100)
            #expect(try await client.postForm("/api/batch", "operations=1").status == 415)
            #expect(try await client.sendJSON("POST", "/api/batch", "[]").outcome == "400 malformed")
            #expect(try await client.sendJSON("POST", "/api/batch", #"{"operations":[}"#).outcome == "400 malformed")
            let twice = #"{"operations":[{"create":"lines","create":"orders","values":{}}]}"#
            let contradiction = try await client.sendJSON("POST", "/api/batch", twice, Self.staff)
            #expect(contradiction.outcome == "400 malformed")
            #expect(contradiction.json["detail"]?.string?.contains("the name \"create\" stands twice") == true)
            #expect(try await client.get("/api/batch").outcome == "405 method_not_allowed")
            #expect(try await client.post("/api/batch?x=1", ["operations": []]).outcome == "400 malformed")
            #expect(try await client.post("/api/batch/x", ["operations": []]).status == 404)
            let large = JSON.string(String(repeating: "x", count: 1_100_000))
            #expect(try await Self.send(client, [["create": "lines", "values": ["sku": large]]]).status == 413)
        }
    }

    @Test func aHiddenFieldLooksLikeNoField() async throws {
        try await withApp(Self.app) { client in
            func answer(_ field: String, _ headers: Headers) async throws -> Response {
                try await Self.send(
                    client,
                    [
                        ["create": "orders", "as": "order", "values": [:]],
                        ["create": "lines", "values": ["details": .string("@order.\(field)")]],
                    ],
                    headers
                )
            }
            let (hidden, absent) = (try await answer("cost", Self.ann), try await answer("colour", Self.ann))
            #expect(hidden.faults == ["/operations/1/values/details reference"])
            #expect(hidden.messages.map { $0.replacing("cost", with: "colour") } == absent.messages)
            let seen = try await answer("cost", Self.staff)
            #expect(seen.json["results"]?.elements.last?["details"] == 7)
            #expect(try await answer("version", Self.ann).json["results"]?.elements.first?["cost"] == nil)
        }
    }

    @Test func referencesCannotMakeMuchOfLittle() async throws {
        try await withApp(Self.app) { client in
            let long = String(repeating: "x", count: 9000)
            let words = JSON.array([JSON](repeating: "@a.sku", count: 900))
            let response = try await Self.send(
                client,
                [
                    ["create": "lines", "as": "a", "values": ["sku": .string(long)]],
                    ["create": "lines", "values": ["words": words]],
                ]
            )
            #expect(response.faults == ["/operations/1/values/words/116 max"], "\(response.text)")
            #expect(try await client.all("lines").isEmpty)
        }
    }

    @Test func aRepeatIsTheFirstAnswerAndOneEffect() async throws {
        try await withApp(Self.app) { client in
            let key = Self.staff.adding("Idempotency-Key", "b1")
            let operations: JSON = [
                ["create": "orders", "as": "o", "values": [:]], ["create": "lines", "values": ["order": "@o.id"]],
            ]
            let first = try await Self.send(client, operations, key)
            let again = try await Self.send(client, operations, key)
            #expect(first.status == 200)
            #expect(again.body == first.body)
            #expect(again["Idempotent-Replayed"] == "true")
            #expect(try await Self.send(client, [], key).outcome == "422 key_reused")
            #expect(try await client.journal().count == 2)
            let other = Self.staff.adding("Idempotency-Key", "b2")
            let bad: JSON = [["create": "lines", "values": ["price": "-1"]]]
            #expect(try await Self.send(client, bad, other).status == 422)
            #expect(try await Self.send(client, operations, other)["Idempotent-Replayed"] == nil)
        }
    }

    /// Amounts move between accounts by many clients at once; none is made and none is lost.
    @Test(arguments: [true, false])
    func sumsHoldUnderConcurrency(giverFirst: Bool) async throws {
        let app = """
            collections:
              accounts:
                \(Apps.open)
                checks: [{that: amount >= 0, message: Nothing is lent}]
                fields: {amount: {type: integer, required: true}}
            """
        try await withApp(app) { client in
            for number in 1...6 {
                _ = try await client.put("/api/accounts/\(Apps.id(number))", ["amount": 100])
            }
            let moved = try await withThrowingTaskGroup(of: Int.self) { group in
                for mover in 0..<12 {
                    group.addTask { try await Self.move(client, mover, giverFirst: giverFirst) }
                }
                return try await group.reduce(0, +)
            }
            #expect(moved > 0)
            let sum = try await client.get("/api/accounts/summary?value=sum(amount),min(amount),sum(version)")
            #expect(sum.json["groups"]?.elements.first?["sum_amount"] == 600, "\(sum.text)")
            // Each move is two changes, and no other change was made.
            #expect(sum.json["groups"]?.elements.first?["sum_version"] == .number("\(6 + 2 * moved)"))
        }
    }

    /// Moves small amounts a few times, as far as others do not come in between.
    private static func move(_ client: Client, _ mover: Int, giverFirst: Bool) async throws -> Int {
        var moved = 0
        for round in 0..<10 {
            let (from, to) = (1 + (mover + round) % 6, 1 + (mover + 2 * round + 1) % 6)
            if from == to { continue }
            let amount = Int64(7 + mover * 3 + round)
            let giver = try await client.get("/api/accounts/\(Apps.id(from))").json
            let taker = try await client.get("/api/accounts/\(Apps.id(to))").json
            func change(_ id: Int, _ record: JSON, by difference: Int64) -> JSON {
                let amount = (Int64(record["amount"]?.text ?? "") ?? 0) + difference
                return [
                    "update": .string("accounts/\(Apps.id(id))"), "if_version": record["version"] ?? .null,
                    "values": ["amount": .number("\(amount)")],
                ]
            }
            let operations = [change(from, giver, by: -amount), change(to, taker, by: amount)]
            let response = try await client.post(
                "/api/batch",
                ["operations": .array(giverFirst ? operations : operations.reversed())]
            )
            #expect([200, 412, 422].contains(response.status), "\(response.text)")
            if response.status == 200 { moved += 1 }
        }
        return moved
    }
}
