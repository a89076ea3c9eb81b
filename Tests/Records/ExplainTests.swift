import OffstageRules
import OffstageSchema
import OffstageStorage
import Testing

@testable import OffstageRecords

/// What `Records.explain` says, and that it says it of the statements that really run.
@Suite struct ExplainTests {
    static let app = """
        collections:
          courses:
            fields: {title: text, teacher: text}
            access: {read: true}
          lessons:
            fields:
              title: {type: text, required: true}
              author: text
              state: {type: choice, of: [draft, open], default: draft}
              price: integer
              course: {type: relation, to: courses}
              note: {type: text, readable: author == user.id, writable: author == user.id}
              secret: {type: text, readable: false, writable: false}
              mail: email
            checks:
              - {that: price == null || price > 0, message: must be more than nothing, field: price}
            access:
              read: state == "open" || author == user.id || course.teacher == user.id
              create: has(user.id) && author == user.id
              update: author == user.id && new.author == author
              delete: user.role == "staff"
        accounts: {fields: {role: text}}
        """

    private func explain(
        _ verb: Explanation.Verb,
        by principal: Principal = Person.anna,
        _ change: (inout Explanation.Request) -> Void = { _ in }
    ) async throws -> Explanation {
        let app = try await OpenApp(Self.app)
        _ = try await app.create(
            "{\"id\":\"\(Person.id(1))\",\"title\":\"One\",\"author\":\"\(Person.id(2))\",\"note\":\"n\"}",
            in: "lessons",
            by: Person.team
        )
        _ = try await app.create(
            "{\"id\":\"\(Person.id(2))\",\"title\":\"Two\",\"price\":3}",
            in: "lessons",
            by: Person.team
        )
        var request = Explanation.Request(verb)
        change(&request)
        return try await app.records.explain(request, of: app.collection("lessons"), for: principal)
    }

    /// The parts in one line: `+` yes, `-` no, `!` error.
    private func marks(_ explanation: Explanation) -> String {
        func mark(_ part: Explanation.PartAnswer) -> String {
            let sign = part.truth == .yes ? "+" : part.truth == .no ? "-" : "!"
            return sign + (part.joined.map { "\($0)(\(part.parts.map(mark).joined()))" } ?? "")
        }
        return explanation.verdict?.parts.map { mark($0.answer) }.joined(separator: " ") ?? ""
    }

    private func answer(_ explanation: Explanation) -> String {
        switch explanation.verdict?.answer {
        case .allowed: "allowed"
        case .denied: "denied"
        case .absent: "absent"
        case .invalid(let faults): "invalid " + faults.map(\.pointer).joined(separator: " ")
        case nil: "none"
        }
    }

    @Test func theStatementIsTheOneThatAListRuns() async throws {
        let app = try await OpenApp(Self.app)
        let view = app.records.view(of: try app.collection("lessons"), for: Person.anna)
        let query = ListQuery(sort: try Sort("-price", view), filter: try view.filter("price > 3"))
        let real = app.records.statement(
            query,
            try view.reading(app.records.prepared(view.collection)),
            try view.permission(to: .read).and(query.filter)
        )
        var request = Explanation.Request(.list)
        request.filter = "price > 3"
        request.sort = "-price"
        let explanation = try await app.records.explain(request, of: view.collection, for: Person.anna)
        #expect(explanation.statements.map(\.statement.text) == [real.text])
        #expect(explanation.statements.map(\.statement.bindings) == [real.bindings])
    }

    @Test func theRuleIsFoldedForWhoAsks() async throws {
        let anna = try await explain(.read)
        let id = Person.id(2)
        #expect(
            anna.rules.map(\.rule.folded) == ["state == \"open\" || author == \"\(id)\" || course.teacher == \"\(id)\""]
        )
        #expect(try await explain(.read, by: Person.visitor).rules.map(\.rule.folded) == ["state == \"open\""])
        let closed = try await explain(.delete, by: Person.visitor)
        #expect(closed.rules.map(\.rule.folded) == ["state == \"open\"", "false"])
        #expect(closed.rules[1].rule.failure == "1:6: no such field: role")
        #expect(closed.statements.isEmpty)
        #expect(try await explain(.list, by: Person.team).rules.map(\.rule.folded) == ["true"])
    }

    @Test func eachPartSaysYesNoOrThatItFails() async throws {
        let own = try await explain(.read) { $0.record = Person.id(1) }
        #expect(answer(own) == "allowed")
        #expect(marks(own) == "+any(-+!)")
        let other = try await explain(.read) { $0.record = Person.id(2) }
        #expect(answer(other) == "denied")
        // An author that nobody is, and a course that is not there: equality with nothing is a no, a way that ends an error.
        #expect(marks(other) == "!any(--!)")
        let visitor = try await explain(.read, by: Person.visitor) { $0.record = Person.id(1) }
        #expect(marks(visitor) == "!any(-!!)")
        let parts = try #require(visitor.verdict?.parts.first?.answer.parts)
        #expect(parts[1].failure.map { "\($0)" } == "1:35: no such field: id")
        #expect(answer(try await explain(.read) { $0.record = Person.id(9) }) == "absent")
    }

    @Test func achangeIsAskedOfTheRecordAsItWouldBe() async throws {
        let kept = try await explain(.update) {
            $0.record = Person.id(1)
            $0.values = Input([("title", .json(.string("New")))])
        }
        #expect(answer(kept) == "allowed")
        #expect(marks(kept) == "+any(-+!) +all(++)")
        #expect(kept.statements.map(\.purpose).count == 3)
        let given = try await explain(.update) {
            $0.record = Person.id(1)
            $0.values = Input([("author", .json(.string("ben")))])
        }
        #expect(answer(given) == "denied")
        #expect(marks(given) == "+any(-+!) -all(+-)")
        let cheap = try await explain(.update) {
            $0.record = Person.id(1)
            $0.values = Input([("price", .json(.number("0")))])
        }
        #expect(answer(cheap) == "invalid /price")
    }

    @Test func aNewRecordIsAskedAbout() async throws {
        let own = try await explain(.create) {
            $0.values = Input([("title", .json(.string("N"))), ("author", .json(.string("\(Person.id(2))")))])
        }
        #expect(answer(own) == "allowed" && marks(own) == "+all(++)")
        let other = try await explain(.create) { $0.values = Input([("title", .json(.string("N")))]) }
        #expect(answer(other) == "denied" && marks(other) == "-all(+-)")
        let without = try await explain(.create) { $0.values = Input([("author", .json(.string("x")))]) }
        #expect(answer(without) == "invalid /title")
        #expect(answer(try await explain(.create)) == "none")
    }

    @Test func fieldsThatAreNotOpenAreNamed() async throws {
        let fields = try await explain(.update).fields.map { "\($0.name): \($0.limit.rawValue)" }
        #expect(
            fields == [
                "note: hidden sometimes", "note: not writable sometimes", "secret: hidden", "secret: not writable",
            ]
        )
        #expect(try await explain(.read) { $0.record = Person.id(1) }.verdict?.hidden == ["secret"])
        #expect(try await explain(.list, by: Person.team).fields.isEmpty)
    }

    /// Each is a filter, a sort, and the index that would help.
    @Test(
        arguments: [
            ("state == \"open\"", nil, "[[state]]"), ("state == \"open\"", "-price", "[[state, -price]]"),
            ("price > 3", nil, "[[price]]"), ("author == \"x\" || state == \"open\"", nil, "[[author], [state]]"),
            ("author == \"x\" && state in [\"open\"]", "title", "[[author, state, title]]"),
            ("course.title == \"x\"", nil, nil),
            ("title != \"x\"", nil, nil), ("mail == \"a@b.example\"", nil, nil), ("price > 3", "version", nil),
        ] as [(String, String?, String?)]
    )
    func aFullScanIsWarnedAboutWithTheIndexThatWouldHelp(filter: String, sort: String?, index: String?) async throws {
        let explanation = try await explain(.list, by: Person.team) {
            $0.filter = filter
            $0.sort = sort
        }
        #expect(!explanation.warnings.isEmpty, "\(explanation.statements.flatMap(\.plan))")
        let advice = explanation.warnings.last { $0.contains("indexes: ") }
        #expect(advice.map { String($0.split(separator: "indexes: ")[1]) } == index, "\(explanation.warnings)")
    }

    @Test func whatAnIndexServesIsNotWarnedAbout() async throws {
        #expect(try await explain(.list, by: Person.team).warnings.isEmpty)
        #expect(
            try await explain(.list, by: Person.team) { $0.filter = "course == \"\(Person.id(1))\"" }.warnings.isEmpty
        )
        #expect(try await explain(.read).warnings.isEmpty)
    }
}
