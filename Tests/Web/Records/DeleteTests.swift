import OffstageSchema
import Testing

@Suite struct DeleteTests {
    @Test func aDeletedRecordIsGone() async throws {
        try await withApp(Apps.shop) { client in
            let made = try await client.post("/api/categories", ["name": "Tea"])
            let path = "/api/categories/\(made.id)"
            let response = try await client.delete(path)
            #expect(response.status == 204)
            #expect(response.body.isEmpty)
            #expect(response["Content-Length"] == nil)
            #expect(try await client.get(path).status == 404)
            #expect(try await client.delete(path).outcome == "404 not_found")
            #expect(try await client.journalSummary() == ["created categories 1", "deleted categories 1"])
            let entry = try #require(try await client.journal().last)
            #expect(entry.before == made.json)
            #expect(entry.after == nil)
        }
    }

    /// A child collection with one relation to `parents`.
    private func family(_ relation: String) -> String {
        """
        name: Family
        collections:
          parents:
            \(Apps.open)
            fields:
              name: {type: text}
          children:
            \(Apps.open)
            fields:
              name: {type: text}
              parent: {type: relation, to: parents, \(relation)}
        """
    }

    @Test(arguments: ["on_delete: restrict", "label: Parent"])
    func restrictKeepsWhatIsPointedTo(relation: String) async throws {
        try await withApp(family(relation)) { client in
            let parent = try await client.post("/api/parents", ["name": "p"]).id
            let child = try await client.post("/api/children", ["parent": .string(parent)]).id
            let entries = try await client.journal().count
            let refused = try await client.delete("/api/parents/\(parent)")
            #expect(refused.outcome == "409 conflict")
            #expect(refused.faults == [" restricted"])
            #expect(refused.json["detail"]?.string?.contains("children/\(child)") == true)
            #expect(try await client.journal().count == entries)
            #expect(try await client.delete("/api/children/\(child)").status == 204)
            #expect(try await client.delete("/api/parents/\(parent)").status == 204)
        }
    }

    @Test func cascadeTakesTheOthersAlongEachWithItsEntry() async throws {
        try await withApp(family("on_delete: cascade")) { client in
            let parent = try await client.post("/api/parents", ["name": "p"]).id
            let other = try await client.post("/api/parents", ["name": "q"]).id
            for _ in 1...3 { _ = try await client.post("/api/children", ["parent": .string(parent)]) }
            let kept = try await client.post("/api/children", ["parent": .string(other)]).id
            #expect(try await client.delete("/api/parents/\(parent)").status == 204)
            #expect(try await client.all("children").map { $0["id"] } == [.string(kept)])
            let entries = try await client.journal().suffix(4)
            #expect(entries.map(\.kind) == ["deleted", "deleted", "deleted", "deleted"])
            #expect(entries.last?.collection == "parents")
            #expect(Set(entries.map(\.transaction)).count == 1)
        }
    }

    @Test func clearEmptiesTheFieldAndRaisesTheVersion() async throws {
        try await withApp(family("on_delete: clear")) { client in
            let parent = try await client.post("/api/parents", ["name": "p"]).id
            let child = try await client.post("/api/children", ["name": "c", "parent": .string(parent)]).id
            #expect(try await client.delete("/api/parents/\(parent)").status == 204)
            let left = try await client.get("/api/children/\(child)")
            #expect(left.json["parent"] == .null)
            #expect(left.json["name"] == "c")
            #expect(left.json["version"] == 2)
            #expect(
                try await client.journalSummary().suffix(2) == ["updated children 2", "deleted parents 1"]
            )
        }
    }

    @Test func manyRelationsAreClearedElementByElement() async throws {
        try await withApp(family("many: true, on_delete: clear")) { client in
            var ids: [String] = []
            for _ in 1...3 { ids.append(try await client.post("/api/parents", [:]).id) }
            let list = JSON.array(ids.map(JSON.string))
            let child = try await client.post("/api/children", ["parent": list]).id
            #expect(try await client.delete("/api/parents/\(ids[1])").status == 204)
            let left = try await client.get("/api/children/\(child)")
            #expect(left.json["parent"] == [.string(ids[0]), .string(ids[2])])
            #expect(left.json["version"] == 2)
        }
    }

    @Test(arguments: [("restrict", 409, 1), ("cascade", 204, 0)])
    func manyRelationsRestrictAndCascade(onDelete: String, status: Int, left: Int) async throws {
        try await withApp(family("many: true, on_delete: \(onDelete)")) { client in
            let first = try await client.post("/api/parents", [:]).id
            let second = try await client.post("/api/parents", [:]).id
            _ = try await client.post("/api/children", ["parent": [.string(first), .string(second)]])
            #expect(try await client.delete("/api/parents/\(second)").status == status)
            #expect(try await client.all("children").count == left)
        }
    }

    @Test(arguments: ["restrict", "cascade", "clear"])
    func whatPointsToItselfCanBeDeleted(onDelete: String) async throws {
        let one = "parent: {type: relation, to: things, on_delete: \(onDelete)}"
        let several = "peers: {type: relation, to: things, many: true, on_delete: \(onDelete)}"
        try await withApp(Apps.things(one, several)) { client in
            let id = Apps.id(1)
            let made = try await client.put("/api/things/\(id)", ["parent": .string(id), "peers": [.string(id)]])
            #expect(made.status == 201)
            #expect(try await client.delete("/api/things/\(id)").status == 204)
            #expect(try await client.journalSummary() == ["created things 1", "deleted things 1"])
        }
    }

    @Test func aCircleOfCascadesGoesAsAWhole() async throws {
        try await withApp(Apps.things("next: {type: relation, to: things, on_delete: cascade}")) { client in
            // 1 points to itself first, so that the others have something to point to.
            _ = try await client.put("/api/things/\(Apps.id(1))", ["next": .string(Apps.id(1))])
            _ = try await client.put("/api/things/\(Apps.id(2))", ["next": .string(Apps.id(1))])
            _ = try await client.put("/api/things/\(Apps.id(3))", ["next": .string(Apps.id(2))])
            _ = try await client.put("/api/things/\(Apps.id(1))", ["next": .string(Apps.id(3))])
            let response = try await client.delete("/api/things/\(Apps.id(2))")
            #expect(response.status == 204)
            #expect(try await client.all("things").isEmpty)
            #expect(try await client.journal().filter { $0.kind == "deleted" }.count == 3)
        }
    }

    @Test func aRestrictedRecordDeepInACascadeKeepsEverything() async throws {
        let app = """
            name: Deep
            collections:
              a: {\(Apps.open), fields: {name: {type: text}}}
              b: {\(Apps.open), fields: {a: {type: relation, to: a, on_delete: cascade}}}
              c: {\(Apps.open), fields: {b: {type: relation, to: b, on_delete: restrict}}}
            """
        try await withApp(app) { client in
            let top = try await client.post("/api/a", [:]).id
            let middle = try await client.post("/api/b", ["a": .string(top)]).id
            _ = try await client.post("/api/c", ["b": .string(middle)])
            #expect(try await client.delete("/api/a/\(top)").outcome == "409 conflict")
            #expect(try await client.all("a").count == 1)
            #expect(try await client.all("b").count == 1)
            #expect(try await client.journal().count == 3)
        }
    }

    /// A line belongs to an order and to a customer, and so does the order: whichever is found first, all go.
    @Test(arguments: [["lines", "orders"], ["orders", "lines"]])
    func aDiamondOfRequiredCascadesGoesAsAWhole(order: [String]) async throws {
        let definitions = [
            "orders": "customer: {type: relation, to: customers, on_delete: cascade, required: true}",
            "lines": """
            customer: {type: relation, to: customers, on_delete: cascade, required: true}, \
            order: {type: relation, to: orders, on_delete: cascade, required: true}
            """,
        ]
        let collections = order.map { "  \($0): {\(Apps.open), fields: {\(definitions[$0] ?? "")}}\n" }.joined()
        let app = "name: D\ncollections:\n  customers: {\(Apps.open), fields: {name: {type: text}}}\n" + collections
        try await withApp(app) { client in
            let customer = try await client.post("/api/customers", [:]).id
            let order = try await client.post("/api/orders", ["customer": .string(customer)]).id
            let line = try await client.post("/api/lines", ["customer": .string(customer), "order": .string(order)])
            #expect(line.status == 201)
            #expect(try await client.delete("/api/customers/\(customer)").status == 204)
            #expect(try await client.all("lines").isEmpty)
        }
    }

    /// Ids come from clients, so records of several collections may have the same one.
    @Test(arguments: ["cascade", "clear", "restrict"])
    func theSameIDInSeveralCollectionsIsNotConfused(onDelete: String) async throws {
        let app = """
            name: Same
            collections:
              a: {\(Apps.open), fields: {name: {type: text}}}
              b: {\(Apps.open), fields: {a: {type: relation, to: a, on_delete: \(onDelete)}}}
              c: {\(Apps.open), fields: {word: {type: text}, more: {type: text}, a: {type: relation, to: a, on_delete: \(onDelete)}}}
            """
        try await withApp(app) { client in
            let id = Apps.id(1)
            for collection in ["a", "b", "c"] {
                let body: JSON = collection == "a" ? [:] : ["a": .string(id)]
                #expect(try await client.put("/api/\(collection)/\(id)", body).status == 201)
            }
            let response = try await client.delete("/api/a/\(id)")
            switch onDelete {
            case "restrict":
                #expect(response.faults == [" restricted"])
                #expect(try await client.all("a").count == 1)
            case "cascade":
                #expect(response.status == 204)
                #expect(try await client.all("b").isEmpty)
                #expect(try await client.all("c").isEmpty)
            default:
                #expect(response.status == 204)
                #expect(try await client.get("/api/b/\(id)").json["a"] == .null)
                #expect(try await client.get("/api/c/\(id)").json["a"] == .null)
            }
        }
    }
}
