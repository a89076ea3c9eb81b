import OffstageAppFile
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorageSQLite
import Testing

/// Who may do what, by expressions.
@Suite struct AccessTests {
    static let shop = """
        collections:
          courses:
            fields:
              title: {type: text, required: true}
              teacher: {type: text}
              code: {type: text, readable: user.role == "staff"}
            access: {read: true, create: user.role == "staff", update: user.role == "staff"}
          enrolments:
            fields:
              student: {type: text, required: true}
              course: {type: relation, to: courses, required: true}
            access: {}
          lessons:
            fields:
              title: {type: text, required: true}
              published: {type: boolean, default: false}
              author: {type: text, assign: user.id}
              course: {type: relation, to: courses}
              note: {type: text, readable: author == user.id, writable: 'user.role == "staff" || author == user.id'}
              secret: {type: text, readable: false, writable: false}
              price: {type: integer, default: 0}
            checks:
              - {that: '!published || price > 0', message: A published lesson has a price, field: price}
            access:
              read: published || author == user.id || records.enrolments.exists(e, e.student == user.id && e.course == course)
              create: has(user.id) && (course == null || course.teacher == user.id)
              update: author == user.id && new.author == author && new.price < 1000
              delete: user.role == "staff"
          closed:
            fields: {word: text}
        accounts: {fields: {role: text}}
        """

    /// Lesson 1: Anna's draft in course 11, which Ben visits. 2: Anna's, published. 3: nobody's draft.
    static func open() async throws -> OpenApp {
        let app = try await OpenApp(shop)
        let (anna, ben) = (Person.id(2), Person.id(3))
        func id(_ number: Int) -> String { "\"id\":\"\(Person.id(number))\"" }
        _ = try await app.create(
            "{\(id(11)),\"title\":\"Art\",\"teacher\":\"\(anna)\",\"code\":\"x\"}",
            in: "courses",
            by: Person.team
        )
        _ = try await app.create(
            "{\"student\":\"\(ben)\",\"course\":\"\(Person.id(11))\"}",
            in: "enrolments",
            by: Person.team
        )
        for lesson in [
            "{\(id(1)),\"title\":\"One\",\"author\":\"\(anna)\",\"course\":\"\(Person.id(11))\",\"note\":\"mine\",\"secret\":\"s\"}",
            "{\(id(2)),\"title\":\"Two\",\"author\":\"\(anna)\",\"published\":true,\"price\":5,\"note\":\"open\"}",
            "{\(id(3)),\"title\":\"Three\"}",
        ] {
            _ = try await app.create(lesson, in: "lessons", by: Person.team)
        }
        return app
    }

    @Test func aListHoldsWhatTheRuleShows() async throws {
        let app = try await Self.open()
        #expect(try await app.list("lessons", by: Person.visitor) == "2")
        #expect(try await app.list("lessons", by: Person.anna) == "1 2")
        #expect(try await app.list("lessons", by: Person.ben) == "1 2")
        #expect(try await app.list("lessons", by: Person.staff) == "2")
        #expect(try await app.list("lessons", by: Person.team) == "1 2 3")
        #expect(try await app.list("closed", by: Person.staff) == "not_found")
    }

    @Test func aHiddenRecordIsOneThatIsNotThere() async throws {
        let app = try await Self.open()
        #expect(try await app.read(Person.id(1), in: "lessons", by: Person.visitor) == "not_found")
        #expect(try await app.read(Person.id(99), in: "lessons", by: Person.visitor) == "not_found")
        for person in [Person.visitor, Person.staff] {
            #expect(try await app.update(Person.id(1), "{\"title\":\"x\"}", in: "lessons", by: person) == "not_found")
            #expect(try await app.delete(Person.id(1), in: "lessons", by: person) == "not_found")
        }
        // Ben sees it and may not change it, which looks the same.
        #expect(try await app.update(Person.id(1), "{\"title\":\"x\"}", in: "lessons", by: Person.ben) == "not_found")
        #expect(try await app.delete(Person.id(2), in: "lessons", by: Person.anna) == "not_found")
        #expect(try await app.delete(Person.id(2), in: "lessons", by: Person.staff) == "deleted")
    }

    @Test func creatingNeedsTheRuleOfTheNewRecord() async throws {
        let app = try await Self.open()
        let inCourse = "{\"title\":\"N\",\"course\":\"\(Person.id(11))\"}"
        #expect(try await app.create("{\"title\":\"N\"}", in: "lessons", by: Person.visitor) == "unauthenticated")
        #expect(try await app.create(inCourse, in: "lessons", by: Person.ben) == "forbidden")
        #expect(try await app.create("{}", in: "lessons", by: Person.visitor) == "unauthenticated")
        #expect(try await app.create("{\"word\":\"x\"}", in: "closed", by: Person.staff) == "not_found")
        let made = try await app.create(inCourse, in: "lessons", by: Person.anna)
        #expect(made.contains("\"author\":\"\(Person.id(2))\""))
    }

    /// A refused creation tells nothing of other records, such as that a value is taken.
    @Test func aRefusedCreationDoesNotTellWhatIsTaken() async throws {
        let app = try await OpenApp(
            "collections: {a: {fields: {word: {type: text, unique: true}}, access: {create: 'word == user.id'}}}"
        )
        _ = try await app.create("{\"word\":\"x\"}", in: "a", by: Person.team)
        #expect(try await app.create("{\"word\":\"x\"}", in: "a", by: Person.anna) == "forbidden")
        #expect(try await app.create("{\"word\":\"y\"}", in: "a", by: Person.anna) == "forbidden")
    }

    /// The precondition comes before what is missing, as it does before a check.
    @Test func aStaleReplacementIsStaleWhateverIsMissing() async throws {
        let app = try await OpenApp(
            "collections: {a: {fields: {by: {type: text, required: true, assign: user.id}, word: text}, access: {}}}"
        )
        let id = Person.id(1)
        _ = try await app.create("{\"id\":\"\(id)\",\"by\":\"x\"}", in: "a", by: Person.team)
        let body = "{\"word\":\"y\"}"
        let stale = try await app.replace(id, body, in: "a", by: Person.team, if: .version([9]))
        #expect(stale.hasPrefix("stale"))
        let incomplete = try await app.replace(id, body, in: "a", by: Person.team, if: .version([1]))
        #expect(incomplete == "invalid; /by required: is required")
    }

    @Test func newIsTheRecordAsItWouldBe() async throws {
        let app = try await Self.open()
        #expect(try await app.update(Person.id(1), "{\"price\":1000}", in: "lessons", by: Person.anna) == "not_found")
        #expect(
            try await app.update(Person.id(1), "{\"price\":999}", in: "lessons", by: Person.anna).contains(
                "\"price\":999"
            )
        )
    }

    @Test func whatTheServerAssignsIsNobodysToSend() async throws {
        let app = try await Self.open()
        let refused = "invalid; /author read_only: can't be set through the API"
        #expect(try await app.create("{\"title\":\"N\",\"author\":\"me\"}", in: "lessons", by: Person.anna) == refused)
        #expect(try await app.update(Person.id(1), "{\"author\":\"me\"}", in: "lessons", by: Person.anna) == refused)
        let replaced = try await app.replace(Person.id(1), "{\"title\":\"N\"}", in: "lessons", by: Person.anna)
        #expect(replaced.contains("\"author\":\"\(Person.id(2))\""))
    }

    @Test func checksHoldForEverybody() async throws {
        let app = try await Self.open()
        let refused = "invalid; /price check: A published lesson has a price"
        for person in [Person.anna, Person.team] {
            #expect(try await app.create("{\"title\":\"N\",\"published\":true}", in: "lessons", by: person) == refused)
            #expect(try await app.update(Person.id(1), "{\"published\":true}", in: "lessons", by: person) == refused)
            #expect(
                try await app.replace(Person.id(1), "{\"title\":\"N\",\"published\":true}", in: "lessons", by: person)
                    == refused
            )
        }
        #expect(
            try await app.create("{\"published\":true}", in: "lessons", by: Person.anna)
                == "invalid; /title required: is required"
        )
    }

    @Test func fieldsAreShownByTheirOwnRules() async throws {
        let app = try await Self.open()
        #expect(try await app.read(Person.id(1), in: "lessons", by: Person.anna).contains("\"note\":\"mine\""))
        #expect(!(try await app.read(Person.id(1), in: "lessons", by: Person.ben).contains("note")))
        #expect(!(try await app.read(Person.id(2), in: "lessons", by: Person.visitor).contains("note")))
        #expect(!(try await app.read(Person.id(1), in: "lessons", by: Person.anna).contains("secret")))
        #expect(try await app.read(Person.id(11), in: "courses", by: Person.staff).contains("\"code\":\"x\""))
        #expect(!(try await app.read(Person.id(11), in: "courses", by: Person.anna).contains("code")))
        // What a write answers is what a read would.
        let changed = try await app.update(Person.id(1), "{\"title\":\"N\"}", in: "lessons", by: Person.anna)
        #expect(changed.contains("\"note\":\"mine\""))
        #expect(!changed.contains("secret"))
    }

    @Test func fieldsAreTakenByTheirOwnRules() async throws {
        let app = try await Self.open()
        let unknown = "invalid; /secret unknown: is not a field of lessons"
        #expect(try await app.update(Person.id(1), "{\"secret\":\"x\"}", in: "lessons", by: Person.anna) == unknown)
        #expect(
            try await app.update(Person.id(1), "{\"note\":\"x\"}", in: "lessons", by: Person.anna).contains(
                "\"note\":\"x\""
            )
        )
        // At creation the rule looks at the new record, whose author the server has set.
        #expect(
            try await app.create("{\"title\":\"N\",\"note\":\"x\"}", in: "lessons", by: Person.anna).contains(
                "\"note\":\"x\""
            )
        )
    }

    @Test func formsFillWhatIsClosedAndKeepTheOtherRules() async throws {
        let app = try await Self.open()
        let form = Form(name: "f", into: "lessons", fields: ["title", "note"])
        let made = try await app.create("{\"title\":\"N\"}", in: "lessons", by: Person.visitor, form: form)
        #expect(made.contains("\"title\":\"N\""))
        let noted = try await app.create(
            "{\"title\":\"N\",\"note\":\"x\"}",
            in: "lessons",
            by: Person.visitor,
            form: form
        )
        #expect(noted == "invalid; /note unknown: is not a field of lessons")
    }

    /// Each is a list with a filter, and what comes of it.
    @Test(arguments: [
        ("title == \"Two\"", "2"), ("course.title == \"Art\"", "1"), ("title in [\"One\", \"Three\"]", "1"),
        ("!(course.title == \"Art\")", ""), ("has(course) || price > 3", "1 2"), ("user.role == \"customer\"", "1 2"),
        ("title == arg.t", "2"), ("price >= int(arg.n)", "2"),
        ("title == \"' OR 1=1 --\"", ""), ("title == \"\\\"; DROP TABLE lessons\"", ""),
        ("note == \"mine\"", "malformed; filter: 1:1: unknown name \"note\""),
        ("secret == \"s\"", "malformed; filter: 1:1: unknown name \"secret\""),
        ("nothing == \"s\"", "malformed; filter: 1:1: unknown name \"nothing\""),
        ("has(secret)", "malformed; filter: 1:5: unknown name \"secret\""),
        ("course.code == \"x\"", "malformed; filter: 1:8: \"course\" has no field \"code\""),
        (
            "records.enrolments.exists(e, e.student == \"x\")",
            "malformed; filter: 1:9: \"records\" has no field \"enrolments\""
        ),
        ("records.courses.exists(c, c.code == \"x\")", "malformed; filter: 1:29: \"c\" has no field \"code\""),
        ("records.lessons.exists(l, l.title == \"Three\")", ""),
        ("title = \"Two\"", "malformed; filter: 1:7"),
        ("price", "malformed; filter: 1:1: expected bool as the result, not int"),
        ("title.replace(\"a\", \"b\") == title", "malformed; filter: 1:7: \"replace\" of what the record holds"),
    ])
    func filtersSeeWhatTheirCallerSees(filter: String, expected: String) async throws {
        let app = try await Self.open()
        let arguments = [("t", "Two"), ("n", "5")].filter { filter.contains("arg.\($0.0)") }.map {
            (name: $0.0, value: $0.1)
        }
        let found = try await app.list("lessons", by: Person.anna, filter: filter, arguments)
        #expect(expected.hasPrefix("malformed") ? found.hasPrefix(expected) : found == expected, "\(found)")
    }

    @Test func argumentsAreTextsThatTheFilterUses() async throws {
        let app = try await Self.open()
        let injected = [(name: "t", value: "x' OR '1'='1")]
        #expect(try await app.list("lessons", by: Person.anna, filter: "title == arg.t", injected) == "")
        #expect(
            try await app.list("lessons", by: Person.anna, filter: "title == \"x\"", injected)
                == "malformed; The parameter \"arg.t\" is not used by the filter."
        )
        let wrong = try await app.list(
            "lessons",
            by: Person.anna,
            filter: "price > int(arg.t)",
            [(name: "t", value: "many")]
        )
        #expect(wrong.hasPrefix("malformed; filter: 1:"))
        #expect(
            try await app.list("lessons", by: Person.anna, filter: "price > arg.t", injected).hasPrefix(
                "malformed; filter: 1:7"
            )
        )
    }

    @Test(arguments: ["note", "secret", "nothing", "-note"])
    func nobodySortsByWhatTheyMayNotRead(sort: String) async throws {
        let app = try await Self.open()
        let name = sort.drop { $0 == "-" }
        #expect(
            try await app.list("lessons", by: Person.anna, sort: sort)
                == "malformed; sort: \"\(name)\" is not a field that lessons can be sorted by."
        )
    }

    /// What depends on the time is not kept from one request to the next, and neither is somebody else's answer.
    @Test func aRuleFollowsTheTimeAndTheAsker() async throws {
        let rules = try Rules(
            AppFile.load(
                text: """
                    offstage: 1
                    collections:
                      notes:
                        fields: {at: {type: datetime, required: true}, owner: text}
                        access: {read: 'now > timestamp("2026-11-22T10:00:00Z")', create: request.ip == "192.0.2.1", update: owner == user.id}
                    """
            ).get()
        )
        let notes = try #require(rules.catalog.collection("notes"))
        func view(_ principal: Principal, _ time: String) throws -> View {
            let moment = try Timestamp(time)
            return View(notes, for: Asker(principal, at: moment), rules, dialect: SQLiteDialect())
        }
        let (early, late) = ("2026-11-22T09:59:59Z", "2026-11-22T10:00:01Z")
        #expect(try view(Person.visitor, early).permission(to: .read) == .never)
        #expect(try view(Person.visitor, late).permission(to: .read) == .always)
        #expect(try view(Person.visitor, early).permission(to: .read) == .never)
        #expect(try view(Person.visitor, early).permission(to: .create) == .always)
        #expect(try view(.visitor(address: "192.0.2.2"), early).permission(to: .create) == .never)
        let anna = try view(Person.anna, early).permission(to: .update)
        #expect(try view(Person.ben, early).permission(to: .update) != anna)
        #expect(try view(Person.anna, early).permission(to: .update) == anna)
    }

    /// What an account does not have is not the same as what a record does not have.
    @Test func twoEmptyValuesNeverMatch() async throws {
        let app = try await OpenApp(
            """
            collections: {a: {fields: {role: text}, access: {read: role == user.role, create: has(user.role)}}}
            accounts: {fields: {role: text}}
            """
        )
        let nobody = Principal.account(Account(id: Person.id(9), address: "192.0.2.9", fields: ["role": .null]))
        let view = app.records.view(of: try app.collection("a"), for: nobody)
        #expect(try view.permission(to: .read) == .never)
        #expect(try view.permission(to: .create) == .never)
    }
}
