import OffstageSchema
import Testing

/// Groups, counts and sums, exact and under the rules of who asks.
@Suite struct SummaryTests {
    static let app = """
        name: Sums
        collections:
          categories:
            \(Apps.open)
            fields: {name: {type: text}}
          closed:
            access: {create: true}
            fields: {price: {type: integer}}
          products:
            access: {read: 'state == "published" || user.role == "staff"', create: true, delete: true}
            fields:
              state: {type: choice, of: [draft, published]}
              category: {type: relation, to: categories}
              price: {type: decimal, digits: 18, scale: 2}
              rate: {type: decimal, digits: 18, scale: 18}
              stock: {type: integer}
              weight: {type: number}
              fresh: {type: boolean}
              released: {type: date}
              sold: {type: datetime}
              mail: {type: email}
              tags: {type: text, many: true}
              details: {type: json}
              cost: {type: decimal, digits: 9, scale: 2, readable: user.role == "staff"}
              margin: {type: integer, readable: fresh == true}
              secret: {type: integer, readable: false}
        accounts: {fields: {role: text}}
        """

    private static let staff = TestSessions.header(1, role: "staff")

    private static func add(_ client: Client, _ values: JSON...) async throws {
        for value in values {
            guard case .object(let members) = value else { continue }
            let state = value["state"] == nil ? [JSON.Member("state", "published")] : []
            let response = try await client.post("/api/products", .object(members + state))
            #expect(response.status == 201, "\(response.text)")
        }
    }

    private static func groups(_ client: Client, _ query: String, _ headers: Headers = [:]) async throws -> String {
        let response = try await client.get("/api/products/summary\(query)", headers)
        guard response.status == 200 else { return "\(response.outcome): \(response.json["detail"]?.string ?? "")" }
        return response.json["groups"]?.text ?? ""
    }

    @Test func withoutAGroupEverythingIsOne() async throws {
        try await withApp(Self.app) { client in
            let query = "?value=count(),sum(price),avg(price),min(price),max(sold),sum(weight),sum(stock),avg(stock)"
            let empty = """
                [{"count":0,"sum_price":null,"avg_price":null,"min_price":null,"max_sold":null,"sum_weight":null,\
                "sum_stock":null,"avg_stock":null}]
                """
            #expect(try await Self.groups(client, query) == empty)
            #expect(try await Self.groups(client, "") == #"[{"count":0}]"#)
            #expect(try await Self.groups(client, "?group=state") == "[]")
            try await Self.add(
                client,
                ["price": "12.50", "stock": 1, "weight": .number("0.5")],
                ["price": "47.20", "stock": 2],
                [:]
            )
            let full = """
                [{"count":3,"sum_price":"59.70","avg_price":"29.850000","min_price":"12.50","max_sold":null,"sum_weight":0.5,\
                "sum_stock":3,"avg_stock":1.5}]
                """
            #expect(try await Self.groups(client, query) == full)
        }
    }

    @Test func groupsComeInTheOrderOfTheirKeysNothingFirst() async throws {
        try await withApp(Self.app) { client in
            try await client.createAsTeam(Apps.id(7), in: "categories", ["name": "Tea"])
            try await Self.add(
                client,
                ["category": .string(Apps.id(7)), "stock": 2, "price": "1"],
                ["category": .string(Apps.id(7)), "stock": 1, "price": "2"],
                ["category": .string(Apps.id(7)), "stock": 2, "price": "3"],
                ["stock": 5, "fresh": true],
                ["fresh": false]
            )
            let tea = Apps.id(7)
            #expect(
                try await Self.groups(client, "?group=category,stock&value=count(),sum(price)") == """
                    [{"category":null,"stock":null,"count":1,"sum_price":null},\
                    {"category":null,"stock":5,"count":1,"sum_price":null},\
                    {"category":"\(tea)","stock":1,"count":1,"sum_price":"2.00"},\
                    {"category":"\(tea)","stock":2,"count":2,"sum_price":"4.00"}]
                    """
            )
            #expect(
                try await Self.groups(client, "?group=fresh")
                    == #"[{"fresh":null,"count":3},{"fresh":false,"count":1},{"fresh":true,"count":1}]"#
            )
        }
    }

    @Test func yearsMonthsAndDaysAreThoseOfUTC() async throws {
        try await withApp(Self.app) { client in
            try await Self.add(
                client,
                ["released": "2026-11-22", "sold": "2027-01-01T00:30:00+01:00"],
                ["released": "0001-01-01", "sold": "1969-12-31T23:59:59.999Z"],
                ["released": "9999-12-31"]
            )
            #expect(
                try await Self.groups(client, "?group=year(released)")
                    == #"[{"year_released":1,"count":1},{"year_released":2026,"count":1},{"year_released":9999,"count":1}]"#
            )
            #expect(
                try await Self.groups(client, "?group=month(released),day(released)&value=max(released)") == """
                    [{"month_released":"0001-01","day_released":"0001-01-01","max_released":"0001-01-01"},\
                    {"month_released":"2026-11","day_released":"2026-11-22","max_released":"2026-11-22"},\
                    {"month_released":"9999-12","day_released":"9999-12-31","max_released":"9999-12-31"}]
                    """
            )
            #expect(
                try await Self.groups(client, "?group=day(sold),year(sold)") == """
                    [{"day_sold":null,"year_sold":null,"count":1},{"day_sold":"1969-12-31","year_sold":1969,"count":1},\
                    {"day_sold":"2026-12-31","year_sold":2026,"count":1}]
                    """
            )
            #expect(
                try await Self.groups(client, "?group=month(created)") == #"[{"month_created":"2026-11","count":3}]"#
            )
        }
    }

    @Test func mailAddressesAreGroupedWithoutCase() async throws {
        try await withApp(Self.app) { client in
            try await Self.add(client, ["mail": "b@x.org"], ["mail": "a@x.org"], ["mail": "B@x.org"])
            #expect(
                try await Self.groups(client, "?group=mail")
                    == #"[{"mail":"a@x.org","count":1},{"mail":"B@x.org","count":2}]"#
            )
        }
    }

    @Test func noSumIsWrongForBeingLarge() async throws {
        try await withApp(Self.app) { client in
            let rows = (1...12).map { _ in
                #"{"state":"published","price":"9999999999999999.99","rate":"-0.999999999999999999","stock":-1}"#
            }
            let body = Array((rows + [#"{"state":"published","price":"-0.01"}"#]).joined(separator: "\n").utf8)
            let type: Headers = ["Content-Type": "application/x-ndjson"]
            let imported = try await client.send("POST", "/api/products/import", type, body: body)
            #expect(imported.json == ["imported": 13])
            #expect(
                try await Self.groups(
                    client,
                    "?value=sum(price),avg(price),sum(rate),avg(rate),min(rate),max(price),sum(stock)"
                )
                    == """
                    [{"sum_price":"119999999999999999.87","avg_price":"9230769230769230.759231",\
                    "sum_rate":"-11.999999999999999988","avg_rate":"-0.9999999999999999990000","min_rate":"-0.999999999999999999",\
                    "max_price":"9999999999999999.99","sum_stock":-12}]
                    """
            )
        }
    }

    @Test func aMeanIsRoundedHalfAwayFromZero() async throws {
        try await withApp(Self.app) { client in
            try await Self.add(
                client,
                ["price": "0.01", "stock": 1],
                ["price": "0.00", "stock": 2],
                ["price": "0.00"]
            )
            #expect(try await Self.groups(client, "?value=avg(price)") == #"[{"avg_price":"0.003333"}]"#)
            try await Self.add(client, ["price": "-0.03"])
            #expect(
                try await Self.groups(client, "?value=avg(price),avg(stock)&filter=price%20%3C%20decimal(%220%22)")
                    == #"[{"avg_price":"-0.030000","avg_stock":null}]"#
            )
            let body = (1...32).map { #"{"state":"published","mail":"m@x.org","price":"\#($0 == 1 ? "-0.01" : "0")"}"# }
            let type: Headers = ["Content-Type": "application/x-ndjson"]
            _ = try await client.send(
                "POST",
                "/api/products/import",
                type,
                body: Array(body.joined(separator: "\n").utf8)
            )
            // -0.01 / 32 is -0.0003125.
            let filter = "filter=mail%20%3D%3D%20%22m@x.org%22"
            #expect(try await Self.groups(client, "?value=avg(price)&\(filter)") == #"[{"avg_price":"-0.000313"}]"#)
        }
    }

    @Test func wholeNumbersAreExactWithin64BitsAndRefusedBeyond() async throws {
        try await withApp(Self.app) { client in
            func store(_ count: Int) async throws {
                let rows = [String](repeating: #"{"state":"published","stock":9007199254740991}"#, count: count)
                let type: Headers = ["Content-Type": "application/x-ndjson"]
                let body = Array(rows.joined(separator: "\n").utf8)
                #expect(try await client.send("POST", "/api/products/import", type, body: body).status == 200)
            }
            try await store(1024)
            #expect(try await Self.groups(client, "?value=sum(stock)") == #"[{"sum_stock":9223372036854774784}]"#)
            try await store(1)
            let beyond = try await Self.groups(client, "?value=sum(stock)")
            #expect(beyond.hasPrefix("422 invalid: sum(stock) is beyond"), "\(beyond)")
            #expect(try await Self.groups(client, "?value=avg(stock)") == #"[{"avg_stock":9007199254740991}]"#)
        }
    }

    @Test func doublesBeyondTheirRangeAreRefused() async throws {
        try await withApp(Self.app) { client in
            try await Self.add(client, ["weight": .number("1e308")], ["weight": .number("1e308")])
            #expect(try await Self.groups(client, "?value=sum(weight)").hasPrefix("422 invalid: sum(weight)"))
            #expect(try await Self.groups(client, "?value=max(weight)") == #"[{"max_weight":1e+308}]"#)
        }
    }

    @Test func onlyWhatTheReaderMaySeeIsCounted() async throws {
        try await withApp(Self.app) { client in
            try await Self.add(client, ["price": "1"], ["price": "2", "state": "draft"], ["price": "4"])
            #expect(try await Self.groups(client, "?value=sum(price),count()") == #"[{"sum_price":"5.00","count":2}]"#)
            #expect(
                try await Self.groups(client, "?group=state&value=sum(price)", Self.staff)
                    == #"[{"state":"draft","sum_price":"2.00"},{"state":"published","sum_price":"5.00"}]"#
            )
            let filter = "filter=price%20%3E%20decimal(arg.least)"
            #expect(
                try await Self.groups(client, "?\(filter)&arg.least=1.50&value=sum(price)")
                    == #"[{"sum_price":"4.00"}]"#
            )
            #expect(try await client.get("/api/closed/summary").status == 404)
            #expect(try await client.get("/api/closed/summary?value=sum(price)").status == 404)
            #expect(try await client.get("/api/missing/summary").status == 404)
        }
    }

    @Test(arguments: ["?group=FIELD", "?group=year(FIELD)", "?value=sum(FIELD)", "?value=count(),max(FIELD)"])
    func aHiddenFieldIsOneThatDoesNotExist(query: String) async throws {
        try await withApp(Self.app) { client in
            func answer(_ field: String, _ headers: Headers = [:]) async throws -> String {
                let text = query.replacing("FIELD", with: field)
                return try await Self.groups(client, text, headers).replacing(field, with: "FIELD")
            }
            let absent = try await answer("nowhere")
            #expect(absent.hasPrefix("400 malformed"))
            for field in ["cost", "margin", "secret"] { #expect(try await answer(field) == absent) }
            for field in ["margin", "secret"] { #expect(try await answer(field, Self.staff) == absent) }
            #expect(try await answer("cost", Self.staff) != absent)
        }
    }

    @Test(arguments: [
        ("?group=tags", "tags, which is a list"), ("?group=details", "details, which is a json"),
        ("?value=sum(state)", "Possible are: version, price, rate, stock, weight."),
        ("?value=max(fresh)", "fresh, which is a boolean"), ("?value=min(tags)", "tags, which is a list"),
        ("?value=min(category)", "category, which is a relation"), ("?value=sum(details)", "details, which is a json"),
        ("?group=year(price)", "Possible are: created, updated, released, sold."),
        ("?group=week(released)", "year(), month() or day()"), ("?group=", "\"\" is not a field"),
        ("?group=state,,stock", "\"\" is not a field"), ("?value=", "\"\" is not known"),
        ("?value=count", "can be count()"), ("?value=count(price)", "takes no field"),
        ("?value=median(price)", "\"median(price)\" is not known"), ("?value=sum(price", "is not known"),
        ("?group=state,state", "called state"), ("?value=count(),count()", "called count"),
        ("?grupe=state", "\"grupe\" is not known"), ("?sort=state", "\"sort\" is not known"),
        ("?arg.x=1", "needs a filter"), ("?filter=prise%20%3D%3D%201", "filter:"),
        ("?group=state,stock,weight,fresh,released,sold,mail,id,price", "at most 8"),
        ("?value=" + [String](repeating: "count()", count: 17).joined(separator: ","), "at most 16"),
        ("?group=sum(price);DROP%20TABLE%20products", "is not"),
    ])
    func whatCannotBeToldIsNamed(query: String, words: String) async throws {
        try await withApp(Self.app) { client in
            let answer = try await Self.groups(client, query)
            #expect(answer.hasPrefix("400 malformed"), "\(answer)")
            #expect(answer.contains(words), "\(answer)")
        }
    }

    @Test func groupsAreBounded() async throws {
        try await withApp(Self.app) { client in
            let rows = (1...1000).map { #"{"state":"published","stock":\#($0)}"# }.joined(separator: "\n")
            let type: Headers = ["Content-Type": "application/x-ndjson"]
            _ = try await client.send("POST", "/api/products/import", type, body: Array(rows.utf8))
            let all = try await client.get("/api/products/summary?group=stock&value=max(stock)")
            #expect(all.json["groups"]?.elements.map { $0["max_stock"]?.text } == (1...1000).map { "\($0)" })
            try await Self.add(client, ["stock": 0])
            #expect(
                try await Self.groups(client, "?group=stock").hasPrefix("422 invalid: There are more than 1000 groups")
            )
            #expect(try await Self.groups(client, "?group=state") == #"[{"state":"published","count":1001}]"#)
        }
    }

    @Test func longTextsAreBoundedToo() async throws {
        try await withApp(Apps.things("word: {type: text, max: 1000000}")) { client in
            for letter in ["a", "b", "c", "d", "e"] {
                let word = JSON.string(String(repeating: letter, count: 900_000))
                #expect(try await client.post("/api/things", ["word": word]).status == 201)
            }
            let response = try await client.get("/api/things/summary?group=word")
            #expect(response.outcome == "422 invalid")
            #expect(response.json["detail"]?.string?.contains("4194304 bytes") == true)
        }
    }

    @Test func itIsReadAndNothingElse() async throws {
        try await withApp(Self.app) { client in
            #expect(try await client.head("/api/products/summary").status == 200)
            let post = try await client.post("/api/products/summary", [:])
            #expect(post.outcome == "405 method_not_allowed")
            #expect(post["Allow"] == "GET, HEAD")
            #expect(try await client.get("/api/products/summary", ["Accept": "text/csv"]).status == 406)
            #expect(
                try await client.get("/api/products/summary", ["Accept": "*/*"])["Content-Type"] == "application/json"
            )
        }
    }
}
