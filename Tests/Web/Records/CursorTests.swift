import OffstageSchema
import Testing

/// Pages against a sort in memory: whatever the order, nothing is skipped and nothing comes twice.
@Suite struct CursorTests {
    private static let app = """
        name: Things
        collections:
          things:
            \(Apps.open)
            indexes: [[word, -amount], [-day]]
            fields:
              word: {type: text}
              amount: {type: decimal, digits: 18, scale: 2}
              number: {type: number}
              whole: {type: integer}
              day: {type: date}
              moment: {type: datetime}
              flag: {type: boolean}
              kind: {type: choice, of: [b, a, c]}
              email: {type: email}
              peer: {type: relation, to: things}
              must: {type: integer, required: true}
        """

    /// Values of each field, few enough for many ties, with the awkward ones among them. Of each the JSON, and a rank
    /// that says in which order they must come; nothing comes first.
    private static let values: [String: [(json: JSON, rank: Int)]] = [
        "word": [
            (.null, 0), ("", 1), ("A", 2), ("Z", 3), ("a", 4), ("a b", 5), ("aa", 6), ("é", 7), ("日", 8), ("😀", 9),
        ],
        "amount": [(.null, 0), ("-9999999999999999.99", 1), ("-0.01", 2), ("0", 3), ("0.10", 4), ("2", 5), ("10", 6)],
        "number": [
            (.null, 0), (.number("-1e300"), 1), (.number("-0.5"), 2), (0, 3), (.number("1e-300"), 4),
            (.number("0.1"), 5), (2, 6),
        ],
        "whole": [
            (.null, 0), (-9_007_199_254_740_991, 1), (-1, 2), (0, 3), (5, 4), (10, 5), (9_007_199_254_740_991, 6),
        ],
        "day": [(.null, 0), ("0001-01-01", 1), ("1969-12-31", 2), ("1970-01-01", 3), ("9999-12-31", 4)],
        "moment": [
            (.null, 0), ("0001-01-01T00:00:00Z", 1), ("1969-12-31T23:59:59.999Z", 2), ("2026-01-01T00:00:00Z", 3),
        ],
        "flag": [(.null, 0), (false, 1), (true, 2)],
        "must": [(1, 1), (2, 2), (3, 3)],
    ]

    private struct Row {
        let id: String
        let ranks: [String: Int]
    }

    private static func body(_ chance: inout Chance, _ id: String) -> (JSON, Row) {
        var members: [JSON.Member] = []
        var ranks: [String: Int] = [:]
        for (name, choices) in values.sorted(by: { $0.key < $1.key }) {
            let choice = chance.pick(choices)
            members.append(JSON.Member(name, choice.json))
            ranks[name] = choice.rank
        }
        return (.object(members), Row(id: id, ranks: ranks))
    }

    private static func precedes(_ left: Row, _ right: Row, _ sort: [(name: String, descending: Bool)]) -> Bool {
        for key in sort {
            let (a, b) = (left.ranks[key.name] ?? 0, right.ranks[key.name] ?? 0)
            if a != b { return (a < b) != key.descending }
        }
        // The last direction holds for the id.
        return (left.id < right.id) != (sort.last?.descending ?? false)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func pagesInAnyOrderHoldEveryRecordOnce(seed: UInt64) async throws {
        try await withApp(Self.app) { client in
            var chance = Chance(seed: seed)
            var rows: [Row] = []
            for number in 1...60 {
                let id = Apps.id(number * 7919 % 1000)
                let (body, row) = Self.body(&chance, id)
                #expect(try await client.put("/api/things/\(id)", body).status == 201)
                rows.append(row)
            }
            let names = Self.values.keys.sorted()
            for round in 0..<30 {
                var sort: [(name: String, descending: Bool)] = []
                for _ in 0...chance.upTo(3) {
                    let name = round < names.count && sort.isEmpty ? names[round] : chance.pick(names)
                    if !sort.contains(where: { $0.name == name }) { sort.append((name, chance.oneIn(2))) }
                }
                let text = sort.map { ($0.descending ? "-" : "") + $0.name }.joined(separator: ",")
                let limit = 1 + chance.upTo(25)
                let pages = try await Self.walk(client, "sort=\(text)&limit=\(limit)")
                let expected = rows.sorted { Self.precedes($0, $1, sort) }.map(\.id)
                #expect(pages == expected, "sort=\(text)&limit=\(limit)")
            }
        }
    }

    private static func walk(
        _ client: Client,
        _ query: String,
        between: (Int, String?) async throws -> Void = { _, _ in }
    ) async throws -> [String] {
        var ids: [String] = []
        var after = ""
        var page = 0
        while true {
            let response = try await client.get("/api/things?fields=id&\(query)\(after)")
            try #require(response.status == 200, "\(query): \(response.text)")
            ids += response.items.compactMap { $0["id"]?.string }
            guard let next = response.json["next"]?.string else { return ids }
            after = "&after=\(next)"
            page += 1
            try #require(page < 1000)
            try await between(page, ids.last)
        }
    }

    @Test(arguments: ["word", "-word", "amount,-whole", "-amount,word", "-day", "id", "-id", "-created", "flag,-must"])
    func whatIsAddedOrDeletedBetweenPagesMovesNothingElse(sort: String) async throws {
        try await withApp(Self.app) { client in
            var chance = Chance(seed: 42)
            var stable = Set<String>()
            for number in 1...40 {
                let (body, row) = Self.body(&chance, Apps.id(number * 10))
                _ = try await client.put("/api/things/\(row.id)", body)
                stable.insert(row.id)
            }
            var removed = Set<String>()
            var added = Set<String>()
            var changing = chance
            let walked = try await Self.walk(client, "sort=\(sort)&limit=3") { page, last in
                let (body, row) = Self.body(&changing, Apps.id(page * 10 + 1 + changing.upTo(8)))
                if try await client.put("/api/things/\(row.id)", body).status == 201 { added.insert(row.id) }
                // The very record that the cursor stands at may go.
                if page.isMultiple(of: 3), let last {
                    #expect(try await client.delete("/api/things/\(last)").status == 204)
                    removed.insert(last)
                }
            }
            #expect(Set(walked).count == walked.count)
            #expect(stable.isSubset(of: walked))
            #expect(Set(walked).subtracting(stable).isSubset(of: added))
            #expect(!removed.isEmpty)
        }
    }

    @Test func otherKindsSortByWhatIsStored() async throws {
        try await withApp(Self.app) { client in
            let kinds: [JSON] = ["b", "a", "c", .null]
            let mails: [JSON] = ["B@x.org", "a@x.org", "C@x.org", .null]
            var ids: [String] = []
            for (kind, mail) in zip(kinds, mails) {
                let peer = ids.last.map(JSON.string) ?? .null
                ids.append(
                    try await client.post("/api/things", ["kind": kind, "email": mail, "peer": peer, "must": 1]).id
                )
            }
            for field in ["kind", "email", "peer", "created", "updated", "version"] {
                for direction in ["", "-"] {
                    let whole = try await client.get("/api/things?sort=\(direction)\(field)").items.compactMap {
                        $0["id"]?.string
                    }
                    #expect(try await Self.walk(client, "sort=\(direction)\(field)&limit=1") == whole)
                    #expect(Set(whole) == Set(ids))
                }
            }
            let byMail = try await client.get("/api/things?sort=email").items.map { $0["email"] ?? .null }
            #expect(byMail == [.null, "a@x.org", "B@x.org", "C@x.org"])
        }
    }
}
