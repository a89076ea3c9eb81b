import OffstageSchema
import Testing

/// Clients at the same time, on whatever engine: what one read, another does not change unnoticed.
@Suite struct TransferTests {
    private static let accounts = """
        name: Bank
        collections:
          accounts:
            \(Apps.open)
            fields: {amount: {type: integer, required: true, min: 0}}
        """

    /// Twelve clients move amounts between six records, by batches that name the versions they read.
    @Test func conditionalBatchesKeepTheSum() async throws {
        try await withApp(Self.accounts) { client in
            for number in 1...6 {
                let response = try await client.put("/api/accounts/\(Apps.id(number))", ["amount": 100])
                try #require(response.status == 201)
            }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<120 {
                    group.addTask { try await Self.move(number % 12 * 31 + number / 12 * 7, client) }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1, default: 0] += 1 }
            }
            let amounts = try await client.all("accounts").compactMap { record in
                if case .number(let text)? = record["amount"] { Int(text) } else { nil }
            }
            #expect(amounts.count == 6 && amounts.reduce(0, +) == 600 && amounts.allSatisfy { $0 >= 0 })
            // Done, met another one, or too little there; never an error of the database.
            #expect(Set(statuses.keys).isSubset(of: [200, 412, 422]), "\(statuses)")
            #expect(statuses[200] ?? 0 > 0)
            // Each that was done changed two records once.
            #expect(try await client.journal().count == 6 + 2 * (statuses[200] ?? 0))
        }
    }

    private static func move(_ chance: Int, _ client: Client) async throws -> Int {
        let (from, to) = (1 + chance % 6, 1 + (chance + 1 + chance / 6 % 5) % 6)
        guard from != to else { return 412 }
        let giver = try await client.get("/api/accounts/\(Apps.id(from))").json
        let taker = try await client.get("/api/accounts/\(Apps.id(to))").json
        guard case .number(let has)? = giver["amount"], case .number(let gets)? = taker["amount"],
            let version = giver["version"], let other = taker["version"], let has = Int(has), let gets = Int(gets)
        else { return 500 }
        let amount = 1 + chance % 40
        return try await client.post(
            "/api/batch",
            [
                "operations": [
                    [
                        "update": .string("accounts/\(Apps.id(from))"), "if_version": version,
                        "values": ["amount": .number("\(has - amount)")],
                    ],
                    [
                        "update": .string("accounts/\(Apps.id(to))"), "if_version": other,
                        "values": ["amount": .number("\(gets + amount)")],
                    ],
                ]
            ]
        ).status
    }

    /// Changes without a condition all happen, one after the other.
    @Test func patchesOfOneRecordAllHappen() async throws {
        try await withApp(Self.accounts) { client in
            try #require(try await client.put("/api/accounts/\(Apps.id(1))", ["amount": 0]).status == 201)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 1...30 {
                    group.addTask {
                        try await client.patch("/api/accounts/\(Apps.id(1))", ["amount": .number("\(number)")]).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
            #expect(try await client.get("/api/accounts/\(Apps.id(1))").json["version"] == .number("31"))
        }
    }

    private static let seats = """
        name: Seats
        collections:
          courses:
            \(Apps.open)
            fields: {open: {type: boolean, default: true}}
          bookings:
            access:
              read: true
              create: course.open && !records.bookings.exists(b, b.seat == seat)
            fields:
              course: {type: relation, to: courses, required: true}
              seat: {type: integer, required: true}
        """

    /// A rule that looks at other records holds until the write is done: no seat is taken twice.
    @Test func aRuleThatLooksAtOtherRecordsHolds() async throws {
        try await withApp(Self.seats) { client in
            try #require(try await client.put("/api/courses/\(Apps.id(1))", [:]).status == 201)
            let found = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        try await client.post(
                            "/api/bookings",
                            ["course": .string(Apps.id(1)), "seat": .number("\(number % 3)")]
                        ).status
                    }
                }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(found.filter { $0 == 201 }.count == 3, "\(found)")
            #expect(found.filter { $0 == 401 }.count == 21, "\(found)")
            #expect(try await client.all("bookings").count == 3)
        }
    }
}
