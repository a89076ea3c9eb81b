import OffstageRules
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

@testable import OffstageRecords

/// Rules and filters of the usual shapes use the indexes that are there.
@Suite struct PlanTests {
    static let app = """
        collections:
          teachers:
            fields: {account: {type: text, unique: true}, name: text}
            access: {read: true}
          courses:
            fields: {teacher: {type: relation, to: teachers}, title: text}
            access: {read: true}
          bans:
            fields: {account: {type: text, required: true}, course: {type: relation, to: courses, required: true}}
            indexes: [[account, course]]
            access: {}
          lessons:
            fields:
              state: {type: choice, of: [draft, open], default: draft}
              author: text
              mail: {type: email, unique: true}
              price: {type: integer, required: true}
              course: {type: relation, to: courses}
            indexes: [[state, -price], [author]]
            access: {read: true}
          own:
            fields: {author: text, rank: {type: integer, required: true}}
            indexes: [[author, rank]]
            access: {read: author == user.id}
        """

    @Test(arguments: [
        ("lessons", "state == \"open\"", "-price", "USING INDEX lessons(state, price desc) (state=?)"),
        ("lessons", "state == \"open\" && price < 10", "-price", "(state=? AND price<?)"),
        ("lessons", "author == user.id", "id", "USING INDEX lessons(author) (author=?)"),
        ("lessons", "state in [\"open\", \"draft\"] && price > 3", "id", "(state=? AND price>?)"),
        ("lessons", "author == \"x\" || state == \"open\"", "id", "MULTI-INDEX OR"),
        ("lessons", "course == \"\(Person.id(1))\"", "id", "(course=?)"),
        ("lessons", "course.teacher.account == user.id", "id", "(account=?)"),
        ("lessons", "course.teacher.name == \"x\" && course == \"\(Person.id(1))\"", "id", "(course=?)"),
        ("lessons", "!records.lessons.exists(l, l.author == user.id)", "id", "(author=?)"),
        ("lessons", "mail == \"ada@example.org\"", "id", "(mail=?)"),
        ("lessons", "author.startsWith(\"ad\")", "id", "(author>? AND author<?)"),
        ("own", "rank > 3", "rank", "(author=? AND rank>?)"),
    ])
    func aConditionUsesItsIndex(collection: String, filter: String, sort: String, expected: String) async throws {
        let app = try await OpenApp(Self.app)
        let view = app.records.view(of: try app.collection(collection), for: Person.anna)
        let query = ListQuery(sort: try Sort(sort, view), filter: try view.filter(filter))
        let statement = app.records.statement(
            query,
            try view.reading(app.records.prepared(view.collection)),
            try view.permission(to: .read).and(query.filter)
        )
        let plan = try await app.engine.read(.scan) { connection throws(StorageFailure) in
            try connection.plan(of: statement).map(\.text)
        }
        #expect(plan.contains { $0.contains(expected) }, "\(plan)")
    }

    /// A search finds its records first and looks each of them up, whatever else is asked.
    @Test(arguments: ["", "id", "-stars", "kind"])
    func aSearchReadsNothingButWhatItFinds(sort: String) async throws {
        let app = try await OpenApp(
            """
            collections:
              books:
                search: [title, note]
                fields: {title: text, note: text, kind: text, stars: {type: integer, required: true}}
                indexes: [[-stars], [kind]]
                access: {read: kind == "open" || kind == user.id}
            """
        )
        let view = app.records.view(of: try app.collection("books"), for: Person.anna)
        var query = ListQuery(filter: try view.filter("stars > 3"))
        query.search = try Search("tea \"green leaves\"", view)
        query.sort = sort.isEmpty ? .byRank : try Sort(sort, view)
        for isFirst in [true, false] {
            let reading = try view.reading(app.records.prepared(view.collection))
            let condition = try view.permission(to: .read).and(query.filter)
            let statement = app.records.statement(query, reading, condition)
            let plan = try await app.engine.read(.scan) { connection throws(StorageFailure) in
                let text = "EXPLAIN QUERY PLAN " + statement.text
                return try connection.all(Statement(text: text, bindings: statement.bindings)) { $0.text(3) }
            }
            #expect(plan.first?.hasPrefix("SCAN _search(books) VIRTUAL TABLE INDEX 0:M") == true, "\(plan)")
            #expect(plan.dropFirst().first == "SEARCH books USING INTEGER PRIMARY KEY (rowid=?)", "\(plan)")
            #expect(plan.dropFirst(2).allSatisfy { $0 == "USE TEMP B-TREE FOR ORDER BY" }, "\(plan)")
            guard isFirst else { break }
            let record = Record(
                id: Person.id(1),
                created: Timestamp(milliseconds: 0),
                updated: Timestamp(milliseconds: 0),
                version: 1,
                values: [.text("a"), .null, .text("open"), .integer(4)]
            )
            query.after = Cursor(query.sort, at: record, rank: -5, of: view.collection)
        }
    }

    /// The plain comparison, and the null-safe one only where both sides may be empty.
    @Test func aRuleThatIsTrueForSomebodyCostsThemNothing() async throws {
        let app = try await OpenApp(
            """
            collections: {a: {fields: {b: text}, access: {read: 'user.role == "staff" || b == user.id'}}}
            accounts: {fields: {role: text}}
            """
        )
        let collection = try app.collection("a")
        #expect(try app.records.view(of: collection, for: Person.staff).permission(to: .read) == .always)
        #expect(try app.records.view(of: collection, for: Person.visitor).permission(to: .read) == .never)
        let permission = try app.records.view(of: collection, for: Person.anna).permission(to: .read)
        #expect(app.engine.dialect.render(permission.sql).text == "\"a\".\"b\" = ?")
    }
}
