import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage
import Synchronization
import Testing

/// How many statements a read takes: as many for one record as for many.
@Suite struct QueryCountTests {
    private static let app = """
        collections:
          people:
            fields: {name: text}
            access: {read: true}
          courses:
            fields: {teacher: {type: relation, to: people}, guests: {type: relation, to: people, many: true}}
            access: {read: true}
          lessons:
            fields: {course: {type: relation, to: courses}}
            access: {read: true}
        """

    /// One statement for the page, one for each relation that is followed, on both levels.
    @Test(arguments: [
        ("course", 2), ("course.teacher", 3), ("course.teacher,course.guests", 4),
    ])
    func anExpansionIsOneQueryForEachRelation(expand: String, statements: Int) async throws {
        let app = try await OpenApp(Self.app)
        for number in 1...30 {
            let id = { (offset: Int) in Person.id(offset + number) }
            for (name, own, json) in [
                ("people", id(100), #"{"name": "p"}"#),
                ("courses", id(200), #"{"teacher": "\#(id(100))", "guests": ["\#(id(100))", "\#(Person.id(101))"]}"#),
                ("lessons", id(300), #"{"course": "\#(id(200))"}"#),
            ] {
                _ = try await app.replace(own, json, in: name, by: Person.team)
            }
        }
        let engine = CountingEngine(app.engine)
        let records = Records(rules: app.records.rules, engine: engine) { Timestamp(milliseconds: 1_795_000_000_000) }
        let view = records.view(of: try app.collection("lessons"), for: Person.visitor)
        var query = ListQuery()
        query.expansion = try Expansion(expand, view, records)
        let page = try await records.list(view, query)
        #expect(page.records.count == 30)
        #expect(engine.statements.withLock(\.self) == statements)
    }

    /// What may look at other records runs on the threads for scans, with their limit of time, and in one transaction.
    @Test(
        arguments: [
            ("true", nil, true), ("word == user.id", nil, true), ("true", "next", false),
            ("records.notes.exists(n, n.word == word)", nil, false), ("next.word == user.id", nil, false),
        ] as [(String, String?, Bool)]
    )
    func aReadThatLooksFurtherIsAScan(rule: String, expand: String?, isBounded: Bool) async throws {
        let app = try await OpenApp(
            "collections: {notes: {fields: {word: text, next: {type: relation, to: notes}}, access: {read: '\(rule)'}}}"
        )
        let word = Person.id(2).description
        _ = try await app.replace(
            Person.id(7),
            "{\"word\": \"\(word)\", \"next\": \"\(Person.id(7))\"}",
            in: "notes",
            by: Person.team
        )
        let engine = CountingEngine(app.engine)
        let records = Records(rules: app.records.rules, engine: engine) { Timestamp(milliseconds: 1_795_000_000_000) }
        let view = records.view(of: try app.collection("notes"), for: Person.anna)
        let expansion = try expand.map { try Expansion($0, view, records) }
        _ = try await records.read(Person.id(7), view, expanding: expansion)
        #expect(engine.bounded.withLock(\.self) == (isBounded ? 1 : 0))
    }

    /// A list that only compares columns begins where it is asked for. What works on texts or looks further never does.
    @Test(arguments: [
        (#"word == "a""#, true), (#"word in ["a", "b"] || word != "c""#, true), (#"word > "a" && created < now"#, true),
        (#"word.contains("a")"#, false), (#"word.startsWith("a")"#, false), (#"word.matches("a+")"#, false),
        ("size(word) > 3", false), (#"next.word == "a""#, false),
    ])
    func aListThatOnlyComparesIsShort(filter: String, isShort: Bool) async throws {
        let app = try await OpenApp(
            "collections: {notes: {fields: {word: text, next: {type: relation, to: notes}}, access: {read: true}}}"
        )
        let engine = CountingEngine(app.engine)
        let records = Records(rules: app.records.rules, engine: engine) { Timestamp(milliseconds: 1_795_000_000_000) }
        let view = records.view(of: try app.collection("notes"), for: Person.visitor)
        var query = ListQuery()
        query.filter = try view.filter(filter, arguments: [])
        _ = try await records.list(view, query)
        #expect(engine.short.withLock(\.self) == (isShort ? 1 : 0))
    }

    @Test func aTotalThatIsKeptIsNotCountedAgain() async throws {
        let app = try await OpenApp(Self.app)
        _ = try await app.replace(Person.id(1), "{}", in: "people", by: Person.team)
        let engine = CountingEngine(app.engine)
        let records = Records(rules: app.records.rules, engine: engine) { Timestamp(milliseconds: 1_795_000_000_000) }
        let view = records.view(of: try app.collection("people"), for: Person.visitor)
        let query = ListQuery(count: true)
        // The page and the journal's end, and both again with the count, where there is time for that.
        for statements in [5, 2, 2] {
            engine.statements.withLock { $0 = 0 }
            #expect(try await records.list(view, query).total == 1)
            #expect(engine.statements.withLock(\.self) == statements)
        }
        _ = try await app.replace(Person.id(2), "{}", in: "people", by: Person.team)
        #expect(try await records.list(view, query).total == 2)
    }
}

/// Counts the statements that reads run.
private final class CountingEngine: Engine {
    private let engine: any Engine
    let statements = Mutex(0)
    /// Reads that run where they are called.
    let bounded = Mutex(0)
    /// Those that begin there.
    let short = Mutex(0)

    init(_ engine: any Engine) { self.engine = engine }

    var dialect: any Dialect { engine.dialect }

    func read<Result: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        switch extent {
        case .bounded: bounded.withLock { $0 += 1 }
        case .short: short.withLock { $0 += 1 }
        case .scan: break
        }
        return try await engine.read(extent) { [self] connection throws(StorageFailure) in
            try body(CountingConnection(connection, self))
        }
    }

    func write<Result: Sendable>(
        _ extent: WriteExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(StorageFailure) -> Result {
        try await engine.write(extent, body)
    }

    func plan(to shapes: [TableShape]) async throws(StorageFailure) -> MigrationPlan {
        try await engine.plan(to: shapes)
    }

    func apply(_ plan: MigrationPlan, allowLoss: Bool) async throws(StorageFailure) {
        try await engine.apply(plan, allowLoss: allowLoss)
    }

    var isOwner: Bool { engine.isOwner }
    var owner: String { engine.owner }

    func close() async { await engine.close() }
}

private final class CountingConnection: Connection {
    private let connection: any Connection
    private let engine: CountingEngine

    init(_ connection: any Connection, _ engine: CountingEngine) {
        self.connection = connection
        self.engine = engine
    }

    var dialect: any Dialect { connection.dialect }

    func run(_ statement: Statement) throws(StorageFailure) -> Int {
        engine.statements.withLock { $0 += 1 }
        return try connection.run(statement)
    }

    func rows(_ statement: Statement, _ body: (any Row) throws(StorageFailure) -> Bool) throws(StorageFailure) {
        engine.statements.withLock { $0 += 1 }
        try connection.rows(statement, body)
    }

    var isHurried: Bool { connection.isHurried }
    var writesAlone: Bool { connection.writesAlone }

    func attempt<Result>(_ body: () throws(StorageFailure) -> Result) throws(StorageFailure) -> Result {
        try connection.attempt(body)
    }

    func hold(_ tables: Set<String>, writingTo own: String) throws(StorageFailure) {
        try connection.hold(tables, writingTo: own)
    }

    func appendToJournal(_ entry: Statement, of transaction: Identifier) throws(StorageFailure) {
        engine.statements.withLock { $0 += 1 }
        try connection.appendToJournal(entry, of: transaction)
    }

    func plan(of statement: Statement) throws(StorageFailure) -> [PlanStep] {
        try connection.plan(of: statement)
    }
}
