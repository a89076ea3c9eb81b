import OffstageSchema
import Testing

/// Random operations over HTTP against a model in memory: after each, both say the same.
@Suite struct ModelTests {
    private static let app = Apps.things(
        "word: {type: text, max: 10}",
        "amount: {type: decimal, digits: 6, scale: 2}",
        "code: {type: integer, unique: true}",
        "tags: {type: text, many: true}",
        "state: {type: choice, of: [new, done], default: new}"
    )

    private struct Stored: Equatable {
        var version = 1
        var values: [String: JSON]
    }

    private struct Model {
        var records: [String: Stored] = [:]
        var writes = 0

        static let initial: [String: JSON] = [
            "word": .null, "amount": .null, "code": .null, "tags": [], "state": "new",
        ]

        /// Whether the values are valid, else the codes of their faults.
        static func faults(_ values: [String: JSON]) -> Set<String> {
            var faults = Set<String>()
            if values["word"] == "far too long for it" { faults.insert("/word max") }
            if values["amount"] == "1.234" { faults.insert("/amount scale") }
            return faults
        }

        func isTaken(_ code: JSON?, except id: String) -> Bool {
            guard let code, code != .null else { return false }
            return records.contains { $0.key != id && $0.value.values["code"] == code }
        }

        /// Applies a write and gives the status that the server must answer.
        mutating func write(_ id: String, _ values: [String: JSON], isWhole: Bool) -> Int {
            guard Self.faults(values).isEmpty else { return 422 }
            let current = records[id]
            guard isWhole || current != nil else { return 404 }
            var next = isWhole ? Self.initial : current?.values ?? Self.initial
            for (name, value) in values { next[name] = value == .null && name == "tags" ? [] : value }
            if next == current?.values { return 200 }
            if isTaken(next["code"], except: id) { return 409 }
            writes += 1
            records[id] = Stored(version: (current?.version ?? 0) + 1, values: next)
            return current == nil ? 201 : 200
        }

        mutating func delete(_ id: String) -> Int {
            guard records.removeValue(forKey: id) != nil else { return 404 }
            writes += 1
            return 204
        }
    }

    private static func values(_ chance: inout Chance) -> [String: JSON] {
        var values: [String: JSON] = [:]
        if chance.oneIn(2) { values["word"] = chance.pick([.null, "", "a", "é", "日本"]) }
        if chance.oneIn(25) { values["word"] = "far too long for it" }
        if chance.oneIn(2) { values["amount"] = chance.pick([.null, "0.00", "-9999.99", "12.50"]) }
        if chance.oneIn(25) { values["amount"] = "1.234" }
        if chance.oneIn(2) { values["code"] = chance.pick([.null, 1, 2, 3, 4, 5, 6]) }
        if chance.oneIn(3) { values["tags"] = chance.pick([.null, [], ["x"], ["y", "x"]]) }
        if chance.oneIn(4) { values["state"] = chance.pick(["new", "done"]) }
        return values
    }

    private static func json(_ values: [String: JSON]) -> JSON {
        .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) })
    }

    @Test(arguments: [11, 12, 13, 14] as [UInt64])
    func theServerAgreesWithTheModel(seed: UInt64) async throws {
        try await withApp(Self.app) { client in
            var chance = Chance(seed: seed)
            var model = Model()
            for step in 1...300 {
                let id = Apps.id(1 + chance.upTo(12))
                let path = "/api/things/\(id)"
                let values = Self.values(&chance)
                let stored = model.records[id]
                let expected: Int
                let response: Response
                switch chance.upTo(8) {
                case 0...2:
                    expected = model.write(id, values, isWhole: true)
                    response = try await client.put(path, Self.json(values))
                case 3...5:
                    // With the right version half the time, with a wrong one now and then.
                    let tag = chance.upTo(6)
                    let version = tag == 0 ? (stored?.version ?? 0) + 1 : stored?.version ?? 1
                    let headers: Headers = tag < 3 ? ["If-Match": "\"\(version)\""] : [:]
                    let isStale = tag == 0 && stored != nil && Model.faults(values).isEmpty
                    expected = isStale ? 412 : model.write(id, values, isWhole: false)
                    response = try await client.patch(path, Self.json(values), headers)
                case 6:
                    expected = model.delete(id)
                    response = try await client.delete(path)
                default:
                    expected = stored == nil ? 404 : 200
                    response = try await client.get(path)
                }
                try #require(response.status == expected, "step \(step): \(response.text)")
                if response.status < 204 { Self.compare(response.json, try #require(model.records[id])) }
                if step.isMultiple(of: 20) { try await compareAll(client, model) }
            }
            try await compareAll(client, model)
        }
    }

    private func compareAll(_ client: Client, _ model: Model) async throws {
        let list = try await client.get("/api/things?limit=500&count=true")
        #expect(list.json["total"] == .number(String(model.records.count)))
        #expect(list.items.compactMap { $0["id"]?.string } == model.records.keys.sorted())
        for item in list.items { Self.compare(item, try #require(model.records[item["id"]?.string ?? ""])) }
        #expect(try await client.journal().count == model.writes)
    }

    private static func compare(_ json: JSON, _ stored: Stored) {
        #expect(json["version"] == .number(String(stored.version)))
        for (name, value) in stored.values { #expect(json[name] == value, "\(name)") }
    }
}
