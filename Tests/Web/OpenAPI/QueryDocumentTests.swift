import OffstageSchema
import Testing

/// What the document says of filters, searches, expansions, summaries, batches and rules.
@Suite struct QueryDocumentTests {
    private static let app = """
        name: Queried
        collections:
          racks:
            \(Apps.open)
            fields: {name: {type: text}, room: {type: relation, to: rooms}}
          rooms:
            access: {read: true}
            fields: {name: {type: text}}
          vaults:
            access: {}
            fields: {word: {type: text}}
          goods:
            search: [name, hush]
            access: {read: state == "open", create: true, update: user.role == "staff"}
            checks: [{that: price > decimal("0"), message: must cost something, field: price}]
            fields:
              name: {type: text, required: true}
              price: {type: decimal, digits: 10, scale: 2}
              state: {type: choice, of: [open, closed]}
              sold: {type: date}
              tags: {type: text, many: true}
              shelf: {type: relation, to: racks}
              others: {type: relation, to: goods, many: true}
              vault: {type: relation, to: vaults}
              hush: {type: text, readable: false}
              cost: {type: integer, required: true, readable: user.role == "staff", writable: user.role == "staff"}
              maker: {type: text, assign: user.id}
        accounts:
          fields: {role: {type: choice, of: [customer, staff], writable: false}}
        """

    private static func parameter(_ name: String, of operation: JSON?) -> JSON? {
        operation?["parameters"]?.elements.first { $0["name"]?.string == name }
    }

    @Test func parametersNameWhatTheyTake() async throws {
        try await withApp(Self.app) { client in
            let paths = try #require(try await client.get("/openapi.json").json["paths"])
            let list = paths["/api/goods"]?["get"]
            #expect(Self.parameter("filter", of: list)?["schema"]?["maxLength"] == 4096)
            #expect(Self.parameter("arguments", of: list)?["schema"]?["type"] == "object")
            #expect(Self.parameter("search", of: list)?["schema"]?["maxLength"] == 256)
            #expect(Self.parameter("search", of: list)?["description"]?.string?.contains("hush") == false)
            #expect(Self.parameter("search", of: paths["/api/rooms"]?["get"]) == nil)
            for operation in [list, paths["/api/goods/{id}"]?["get"]] {
                let expand = Self.parameter("expand", of: operation)?["schema"]?["items"]?["enum"]
                #expect(expand == ["shelf", "shelf.room", "others", "others.shelf", "others.others"])
            }
            #expect(Self.parameter("expand", of: paths["/api/rooms"]?["get"]) == nil)
            let summary = paths["/api/goods/summary"]?["get"]
            let group = Self.parameter("group", of: summary)?["schema"]?["items"]?["enum"]?.elements ?? []
            #expect(group.contains("state") && group.contains("month(sold)") && group.contains("year(created)"))
            #expect(!group.contains("tags") && !group.contains("hush") && !group.contains("year(state)"))
            let value = Self.parameter("value", of: summary)?["schema"]?["items"]?["enum"]?.elements ?? []
            #expect(value.contains("count()") && value.contains("sum(price)") && value.contains("max(sold)"))
            #expect(!value.contains("sum(sold)") && !value.contains("max(shelf)"))
            #expect(summary?["responses"]?["422"] != nil)
        }
    }

    /// What the document offers is what the server takes, all of it.
    @Test func everyOfferIsTaken() async throws {
        try await withApp(Self.app) { client in
            let document = try await client.get("/openapi.json").json
            let paths = try #require(document["paths"])
            let hidden = { (text: String) in text.contains("cost") }
            for (path, name) in [
                ("/api/goods", "expand"), ("/api/goods", "sort"), ("/api/goods", "fields"),
                ("/api/goods/summary", "group"), ("/api/goods/summary", "value"),
            ] {
                let offers = Self.parameter(name, of: paths[path]?["get"])?["schema"]?["items"]?["enum"]?.elements ?? []
                #expect(offers.count > 3, "\(path) \(name)")
                for offer in offers.compactMap(\.string) {
                    // What only some may read is unknown to a visitor.
                    let expected = hidden(offer) ? 400 : 200
                    let asked = "\(path)?\(name)=\(offer)"
                    #expect(try await client.get(asked).status == expected, "\(asked)")
                }
            }
        }
    }

    @Test func recordsSayWhatRulesAndRelationsMakeOfThem() async throws {
        try await withApp(Self.app) { client in
            let schemas = try #require(try await client.get("/openapi.json").json["components"]?["schemas"])
            let good = schemas["Good"]?["properties"]
            #expect(good?["expanded"]?["$ref"] == "#/components/schemas/GoodExpanded")
            let expanded = schemas["GoodExpanded"]?["properties"]
            #expect(expanded?.names == ["shelf", "others"])
            #expect(expanded?["shelf"]?["anyOf"]?.elements.first?["$ref"] == "#/components/schemas/Rack")
            #expect(expanded?["others"]?["items"]?["$ref"] == "#/components/schemas/Good")
            #expect(good?["cost"]?["description"]?.string?.contains("may not read") == true)
            #expect(good?["maker"]?["readOnly"] == true)
            #expect(schemas["GoodCreate"]?["properties"]?["maker"] == nil)
            #expect(schemas["GoodCreate"]?["required"] == ["name"])
            #expect(schemas["GoodCreate"]?["description"]?.string?.contains("must cost something") == true)
            let groups = schemas["GoodSummary"]?["properties"]?["groups"]?["items"]?["properties"]
            #expect(groups?["avg_price"]?["pattern"] == #"^-?[0-9]+\.[0-9]{6}$"#)
            #expect(groups?["month_sold"] != nil && groups?["count"]?["type"] == "integer")
        }
    }

    @Test func aBatchNamesTheWritesThatThereAre() async throws {
        try await withApp(Self.app) { client in
            let document = try await client.get("/openapi.json").json
            let schemas = try #require(document["components"]?["schemas"])
            #expect(schemas["BatchOperation"]?["oneOf"]?.elements.count == 4)
            #expect(schemas["BatchCreate"]?["properties"]?["create"]?["enum"] == ["racks", "goods"])
            let target = try #require(schemas["BatchDelete"]?["properties"]?["delete"]?["pattern"]?.string)
            #expect(target.hasPrefix("^(?:racks)/"))
            let batch = document["paths"]?["/api/batch"]?["post"]
            // Rooms can be created by nobody.
            let statuses = batch?["responses"]?.names ?? []
            for status in ["200", "401", "403", "404", "409", "412", "413", "422"] {
                #expect(statuses.contains(status), "\(status)")
            }
            let create = document["paths"]?["/api/goods"]?["post"]?["responses"]?["401"]
            #expect(create != nil, "creating is everybody's, and a token may be wrong")
        }
    }
}
