import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Testing

/// `search=words`: what is found, in which order, page by page, and for whom.
@Suite struct SearchTests {
    static let app = """
        name: Teas
        collections:
          teas:
            \(Apps.open)
            search: [name, sku, blurb, tags, maker, site, kind]
            indexes: [[price]]
            fields:
              name: {type: text, max: 200}
              sku: {type: text, unique: true}
              blurb: {type: text}
              tags: {type: text, many: true}
              maker: {type: email}
              site: {type: url}
              kind: {type: choice, of: [loose_leaf, bag]}
              price: {type: integer, required: true, default: 1}
              rank: {type: integer}
          plain:
            \(Apps.open)
            fields: {name: text}
        """

    /// Stores records with the numbers of their ids, from 1.
    static func store(_ records: [JSON], in name: String = "teas", _ client: Client) async throws {
        for (index, record) in records.enumerated() {
            let response = try await client.put("/api/\(name)/\(Apps.id(index + 1))", record)
            #expect(response.status == 201, "\(response.text)")
        }
    }

    /// The numbers of the records found, in their order; or the refusal.
    static func found(
        _ words: String,
        more: String = "",
        in name: String = "teas",
        _ client: Client,
        _ headers: Headers = [:]
    ) async throws -> String {
        let response = try await client.get("/api/\(name)?search=\(encoded(words))\(more)", headers)
        guard response.status == 200 else { return response.outcome }
        return numbers(response.items)
    }

    static func numbers(_ items: [JSON]) -> String {
        items.map { String(Int($0["id"]?.string?.suffix(12) ?? "") ?? 0) }.joined(separator: " ")
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let hex = String(byte, radix: 16)
            return "%" + (hex.utf8.count == 1 ? "0" : "") + hex
        }.joined()
    }

    private static let teas: [JSON] = [
        ["name": "Green tea", "sku": "GRN-0012", "tags": ["Zürich", "two words"]],
        ["name": "Greenhouse teapot", "blurb": "For a café, \"with a lid\"\nand a handle"],
        ["name": "Black tea", "maker": "Ada@leaves.example", "site": "https://teas.example/black"],
        ["name": "Tea, green", "kind": "loose_leaf", "tags": ["a\nnew line", "quote \"inside\""]],
        ["name": "日本 茶", "blurb": "naïve 🍵 STRASSE 42"],
        ["blurb": ""],
    ]

    @Test func wordsBeginningsAndPhrasesAreFound() async throws {
        try await withApp(Self.app) { client in
            try await Self.store(Self.teas, client)
            let cases = [
                // Each word is one or the beginning of one, in any order and any field.
                ("gre te", "1 2 4"), ("GREEN", "1 4 2"), ("tea green", "1 4 2"), ("green zurich", "1"),
                ("reen", ""), ("teapots", ""), ("tea nothing", ""),
                // Side by side, and whole.
                ("\"green tea\"", "1"), ("\"tea green\"", "4"), ("\"green te\"", ""),
                ("\u{201C}green tea\u{201D}", "1"),
                ("\"green tea", "1"), ("zur \"green tea\"", "1"),
                // Without.
                ("tea -black", "1 4 2"), ("tea -\"green tea\"", "3 4 2"), ("green -tea", "2"), ("-tea green", "2"),
                // Letters without their accents, by either form, and without case.
                ("cafe", "2"), ("café", "2"), ("cafe\u{301}", "2"), ("ZURICH", "1"), ("NAIVE", "5"), ("日本", "5"),
                // Marks part words, and are no words.
                ("GRN-0012", "1"), ("grn-00", "1"), ("0012", "1"), ("ada@leaves.example", "3"), ("leaves", "3"),
                ("https://teas.example", "3"), ("loose", "4"), ("tea & green", "1 4 2"), ("tea - green", "1 4 2"),
                ("strasse 42 🍵", "5"),
                // Lists are their elements, not the JSON that they are kept as.
                ("\"two words\"", "1"), ("new", "4"), ("nnew", ""), ("inside", "4"), ("lid and handle", "2"),
            ]
            for (words, expected) in cases {
                let found = try await Self.found(words, client)
                #expect(found == expected, "\(words)")
            }
        }
    }

    /// Nothing that is typed is syntax of an engine.
    @Test(arguments: [
        "tea AND green", "tea OR black", "NEAR(green tea, 2)", "name:tea", "{name} : tea", "tea*", "^tea", "tea)",
        "((tea",
        "tea' OR 1=1 --", "\"\"\"", "tea + green", "_name:tea", "rowid:1", "tea\u{1}green", "\u{1f}tea", "tea\\", "%",
        "?1", "tea;",
    ])
    func whatIsTypedIsText(words: String) async throws {
        try await withApp(Self.app) { client in
            try await Self.store(Self.teas, client)
            let hasWord = words.unicodeScalars.contains {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            }
            let response = try await client.get("/api/teas?search=\(Self.encoded(words))")
            #expect(response.outcome == (hasWord ? "200" : "400 malformed"), "\(response.text)")
        }
    }

    @Test func aSearchWithoutAWordIsRefused() async throws {
        try await withApp(Self.app) { client in
            for words in ["", " ", "-", "\"\"", "& …", "-tea", "-\"green tea\" -black", "🍵", "\u{301}"] {
                #expect(try await Self.found(words, client) == "400 malformed", "\(words)")
            }
            #expect(try await Self.found(String(repeating: "a", count: 256), client) == "")
            #expect(try await Self.found(String(repeating: "a", count: 257), client) == "400 malformed")
            #expect(try await Self.found(String(repeating: "a ", count: 16), client) == "")
            #expect(try await Self.found(String(repeating: "a ", count: 17), client) == "400 malformed")
            let none = try await client.get("/api/plain?search=tea")
            #expect(none.outcome == "400 malformed")
            #expect(none.json["detail"] == "search: plain has no search.")
            let single = try await client.get("/api/teas/\(Apps.id(1))?search=tea")
            #expect(single.outcome == "400 malformed")
        }
    }

    // MARK: Order

    @Test func theBestComesFirst() async throws {
        try await withApp(Self.app) { client in
            let long = String(repeating: "and so on ", count: 30)
            try await Self.store(
                [
                    ["name": "Pot", "blurb": .string("Mint \(long)")],  // in a long text of a later field
                    ["name": "Mints"],  // only its beginning
                    ["name": "Peppermint or mint"],
                    ["name": "Mint"],
                    ["name": "Tin", "blurb": "Mint"],
                ],
                client
            )
            #expect(try await Self.found("mint", client) == "4 3 5 2 1")
            #expect(try await Self.found("mint", more: "&sort=id", client) == "1 2 3 4 5")
            #expect(try await Self.found("mint", more: "&sort=-name", client) == "5 1 3 2 4")
        }
    }

    @Test func pagesNeitherSkipNorRepeatWhileOthersAreWritten() async throws {
        try await withApp(Self.app) { client in
            var records: [JSON] = []
            for number in 1...60 {
                let filling = String(repeating: "word ", count: number % 7)
                records.append(["name": .string("Tea \(filling)"), "price": .number("\(number % 5)")])
            }
            try await Self.store(records, client)
            for sort in ["", "&sort=price", "&sort=-price,id"] {
                let whole = try await Self.found("tea", more: "&limit=500\(sort)", client)
                var path: String? = "/api/teas?search=te&limit=7&count=true\(sort)"
                var pages: [JSON] = []
                var total: JSON?
                while let next = path {
                    let page = try await client.get(next)
                    #expect(page.status == 200)
                    pages += page.items
                    total = total ?? page.json["total"]
                    // Other records that are found come and go; the rank of those that stay is what it was.
                    let extra = Apps.id(1000 + pages.count)
                    let last = "and a very long text that has little to do with tea "
                    let body: JSON = ["name": .string(String(repeating: last, count: 3)), "price": 9]
                    #expect(try await client.put("/api/teas/\(extra)", body).status == 201)
                    #expect(try await client.delete("/api/teas/\(extra)").status == 204)
                    path = page["Link"].map { String($0.dropFirst().prefix { $0 != ">" }) }
                }
                #expect(total == 60)
                #expect(Self.numbers(pages).split(separator: " ").sorted() == whole.split(separator: " ").sorted())
            }
        }
    }

    @Test func aRankDoesNotDependOnOtherRecords() async throws {
        try await withApp(Self.app) { client in
            try await Self.store([["name": "red tea"], ["name": "tea"], ["name": "red red tea tin"]], client)
            let first = try await client.get("/api/teas?search=red%20tea&limit=1")
            let after = try #require(first.json["next"]?.string)
            // By the usual measure, which counts in how many records a word is, these would turn the order.
            for number in 100..<140 {
                _ = try await client.put("/api/teas/\(Apps.id(number))", ["blurb": .string("red \(number)")])
            }
            let again = try await client.get("/api/teas?search=red%20tea&limit=1")
            #expect(again.json["next"]?.string == after)
            let rest = try await client.get("/api/teas?search=red%20tea&after=\(after)")
            #expect(
                (Self.numbers(first.items) + " " + Self.numbers(rest.items)).split(separator: " ").sorted() == [
                    "1", "3",
                ]
            )
        }
    }

    @Test func aCursorBelongsToItsOrder() async throws {
        try await withApp(Self.app) { client in
            try await Self.store(Self.teas, client)
            let ranked = try #require(try await client.get("/api/teas?search=tea&limit=1").json["next"]?.string)
            let sorted = try #require(
                try await client.get("/api/teas?search=tea&sort=price&limit=1").json["next"]?.string
            )
            for query in [
                "after=\(ranked)", "sort=price&after=\(ranked)", "search=tea&after=\(sorted)", "sort=_rank",
                "sort=rank,_rank", "search=tea&sort=_rank",
            ] {
                #expect(try await client.get("/api/teas?\(query)").outcome == "400 malformed", "\(query)")
            }
            #expect(try await client.get("/api/teas?search=tea&after=\(ranked)").status == 200)
        }
    }

    // MARK: Together with the rest

    @Test func theOtherParametersGoWithIt() async throws {
        try await withApp(Self.app) { client in
            try await Self.store(Self.teas, client)
            #expect(
                try await Self.found("tea", more: "&filter=" + Self.encoded("name.startsWith(\"Green\")"), client)
                    == "1 2"
            )
            let page = try await client.get("/api/teas?search=tea&count=true&limit=2&fields=id,name")
            #expect(page.json["total"] == 4)
            #expect(page.items.map(\.names) == [["id", "name"], ["id", "name"]])
            let csv = try await client.get("/api/teas?search=tea&fields=name", ["Accept": "text/csv"])
            #expect(
                csv.text.split(separator: "\r\n").sorted() == [
                    "\"Tea, green\"", "Black tea", "Green tea", "Greenhouse teapot", "name",
                ]
            )
            let lines = try await client.get("/api/teas?search=green&sort=name", ["Accept": "application/x-ndjson"])
            #expect(lines.text.split(separator: "\n").count == 3)
            #expect(try await client.get("/api/teas?search=tea&search=green").outcome == "400 malformed")
        }
    }

    /// After creating, importing, changing, replacing and deleting, and after what failed.
    @Test func itKeepsInStepWithEveryWrite() async throws {
        try await withApp(Self.app) { client in
            try await Self.store([["name": "Green tea", "sku": "A"], ["name": "Black tea"]], client)
            let csv = "id,name,tags\n\(Apps.id(3)),White tea,\"[\"\"silver\"\"]\"\n"
            let headers: Headers = ["Content-Type": "text/csv"]
            #expect(try await client.send("POST", "/api/teas/import", headers, body: Array(csv.utf8)).status == 200)
            #expect(try await Self.found("silver tea", client) == "3")
            let dry = "name\nDry tea\n"
            #expect(
                try await client.send("POST", "/api/teas/import?dry_run=true", headers, body: Array(dry.utf8)).status
                    == 200
            )
            #expect(try await Self.found("dry", client) == "")
            #expect(try await client.put("/api/teas/\(Apps.id(9))", ["name": "Taken tea", "sku": "A"]).status == 409)
            #expect(try await Self.found("taken", client) == "")
            #expect(try await client.patch("/api/teas/\(Apps.id(1))", ["name": "Oolong"]).status == 200)
            #expect(try await Self.found("green", client) == "")
            #expect(try await Self.found("oolong", client) == "1")
            #expect(try await client.patch("/api/teas/\(Apps.id(2))", ["sku": "A", "name": "Failed"]).status == 409)
            #expect(try await Self.found("black", client) == "2")
            #expect(try await client.put("/api/teas/\(Apps.id(3))", ["blurb": "Replaced"]).status == 200)
            #expect(try await Self.found("silver", client) == "")
            #expect(try await Self.found("replaced", client) == "3")
            #expect(try await client.patch("/api/teas/\(Apps.id(3))", ["price": 7]).status == 200)
            #expect(try await Self.found("replaced", client) == "3")
            #expect(try await client.delete("/api/teas/\(Apps.id(3))").status == 204)
            #expect(try await Self.found("replaced", client) == "")
            try await Self.check("teas", client)
        }
    }

    @Test func itKeepsInStepWithWhatGoesAlong() async throws {
        let app = """
            name: Threads
            collections:
              threads:
                \(Apps.open)
                search: [title]
                fields: {title: text}
              replies:
                \(Apps.open)
                search: [text]
                fields: {text: text, thread: {type: relation, to: threads, on_delete: cascade}}
            """
        try await withApp(app) { client in
            try await Self.store([["title": "Tea"], ["title": "Tea too"]], in: "threads", client)
            try await Self.store(
                [
                    ["text": "goes", "thread": .string(Apps.id(1))],
                    ["text": "goes too", "thread": .string(Apps.id(1))],
                    ["text": "goes not", "thread": .string(Apps.id(2))],
                ],
                in: "replies",
                client
            )
            #expect(try await client.delete("/api/threads/\(Apps.id(1))").status == 204)
            #expect(try await Self.found("tea", in: "threads", client) == "2")
            #expect(try await Self.found("goes", in: "replies", client) == "3")
            try await Self.check("threads", client)
            try await Self.check("replies", client)
        }
    }

    /// That the search knows the texts that are there and no others: by FTS5's own check of itself, or by its own tables.
    private static func check(_ name: String, _ client: Client) async throws {
        let search = SQL.Name(stored: "_search(\(name))")
        guard EngineUnderTest.chosen == .sqlite else {
            let (records, words) = (SQL.Name(stored: name), SQL.Name(stored: "_words(\(name))"))
            let strangers = try await client.app.engine.read(.scan) { connection throws(StorageFailure) in
                try [search, words].map { table throws(StorageFailure) in
                    try connection.first(
                        "SELECT count(*) FROM \(table) WHERE \"record\" NOT IN (SELECT \"id\" FROM \(records))"
                    ) { $0.integer(0) }
                } + [
                    try connection.first(
                        "SELECT count(*) FROM \(records) WHERE \"id\" NOT IN (SELECT \"record\" FROM \(search))"
                    ) { $0.integer(0) }
                ]
            }
            #expect(strangers == [0, 0, 0])
            return
        }
        try await client.app.engine.write { connection throws(StorageFailure) in
            _ = try connection.run("INSERT INTO \(search) (\(search), \"rank\") VALUES ('integrity-check', 1)")
        }
    }
}
