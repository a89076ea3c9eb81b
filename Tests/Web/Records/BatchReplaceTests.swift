import OffstageSchema
import Testing

/// What a batch tells of a hidden record by replacing it: what a PUT does.
@Suite struct BatchReplaceTests {
    private static func replace(
        _ client: Client,
        _ number: Int,
        _ version: Int?,
        _ values: JSON,
        _ who: Headers
    ) async throws -> Response {
        var members = [JSON.Member("replace", .string("orders/\(Apps.id(number))")), JSON.Member("values", values)]
        if let version { members.append(JSON.Member("if_version", .number("\(version)"))) }
        return try await BatchTests.send(client, [.object(members)], who)
    }

    /// Order 3 is there, and hidden from Ann; order 99 is not there.
    private static func withHiddenOrder(_ body: @escaping @Sendable (Client) async throws -> Void) async throws {
        try await withApp(BatchTests.app) { client in
            try await client.createAsTeam(Apps.id(3), in: "orders", ["note": "a"])
            let before = try await client.journal().count
            try await body(client)
            #expect(try await client.journal().count == before)
        }
    }

    @Test(arguments: [nil, 1, 7])
    func whoMayNotCreateIsToldNothing(version: Int?) async throws {
        try await Self.withHiddenOrder { client in
            for values in [[:], ["nosuch": 1], ["note": "x"]] as [JSON] {
                let hidden = try await Self.replace(client, 3, version, values, [:])
                let absent = try await Self.replace(client, 99, version, values, [:])
                #expect(hidden.outcome == "401 unauthenticated")
                #expect(absent.outcome == hidden.outcome)
                #expect(hidden.json["detail"] == absent.json["detail"])
                #expect(hidden.json["errors"] == absent.json["errors"])
            }
        }
    }

    @Test(arguments: [1, 7])
    func aVersionOfAHiddenRecordIsOneOfNone(version: Int) async throws {
        try await Self.withHiddenOrder { client in
            let hidden = try await Self.replace(client, 3, version, [:], BatchTests.ann)
            let absent = try await Self.replace(client, 99, version, [:], BatchTests.ann)
            #expect(hidden.outcome == "412 stale")
            #expect(absent.outcome == hidden.outcome)
            #expect(hidden.json["detail"] == absent.json["detail"])
        }
    }

    @Test func aTakenIDIsTakenWhereCreatingWouldSucceed() async throws {
        try await Self.withHiddenOrder { client in
            let taken = try await Self.replace(client, 3, nil, [:], BatchTests.ann)
            #expect(taken.outcome == "409 conflict")
            #expect(taken.faults == ["/operations/0/values/id unique"])
            let wrong = try await Self.replace(client, 3, nil, ["status": "shipped"], BatchTests.ann)
            #expect(wrong.faults == ["/operations/0/values/status check"])
        }
    }
}
