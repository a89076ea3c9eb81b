import Foundation
import Logging
import OffstageMail
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Synchronization
import Testing

/// A clock that stands until it is moved.
final class TestClock: Sendable {
    /// 2026-11-22T16:50:00Z, a Sunday.
    static let start = Timestamp(milliseconds: 1_795_366_200_000)
    private let moment = Mutex(TestClock.start)

    func now() -> Timestamp { moment.withLock { $0 } }

    func advance(minutes: Double) {
        moment.withLock { $0 = Timestamp(milliseconds: $0.milliseconds + Int64(minutes * 60_000)) }
    }
}

/// Answers what it is told, in order, then takes everything. Remembers what it took and what it was asked.
final class ScriptedSender: MailSending {
    private struct State {
        var failures: [MailFailure]
        var asked: [Identifier] = []
    }

    private let state: Mutex<State>
    private let whileSending: @Sendable () async -> Void

    init(_ failures: MailFailure..., whileSending: @escaping @Sendable () async -> Void = {}) {
        state = Mutex(State(failures: failures))
        self.whileSending = whileSending
    }

    var asked: [Identifier] { state.withLock { $0.asked } }

    func send(_ message: Message, id: Identifier) async throws(MailFailure) {
        let failure = state.withLock { state in
            state.asked.append(id)
            return state.failures.isEmpty ? nil : state.failures.removeFirst()
        }
        await whileSending()
        if let failure { throw failure }
    }
}

/// A database with an outbox, and what was logged about it.
final class OutboxUnderTest: Sendable {
    let engine: SQLiteEngine
    let clock = TestClock()
    let bell = MailBell()
    let log = Log()
    private let folder: URL

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        engine = try SQLiteEngine(path: folder.path + "/offstage.db")
        try await engine.write { connection throws(StorageFailure) in
            _ = try connection.run(
                """
                CREATE TABLE "_mail" ("id" TEXT PRIMARY KEY, "at" INTEGER NOT NULL, "to" TEXT NOT NULL,
                "subject" TEXT NOT NULL, "text" TEXT, "html" TEXT, "attempts" INTEGER NOT NULL, "next" INTEGER NOT NULL,
                "state" TEXT NOT NULL, "sent" INTEGER, "problem" TEXT) STRICT
                """
            )
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func service(_ mode: MailService.Mode, look: Duration = .seconds(15)) -> MailService {
        MailService(
            engine: engine,
            mode: mode,
            bell: bell,
            logger: Logger(label: "mail") { [log] _ in log },
            now: clock.now,
            random: { 0.5 },
            look: look
        )
    }

    func add(_ number: Int = 1, to: String = "ada@shop.example", subject: String = "Your key") async throws {
        let at = clock.now()
        try await engine.write { connection throws(StorageFailure) in
            let message = Message(to: to, subject: subject, text: "secret text", html: "<p>secret HTML</p>")
            try Outbox.add(message, id: id(number), at: at, connection)
        }
    }

    /// `state attempts text-or-dash problem-or-dash` of each row, in the order of their ids.
    func rows() async throws -> [String] {
        try await texts("SELECT \"state\", \"attempts\", \"text\", \"problem\" FROM \"_mail\" ORDER BY \"id\"", 4)
    }

    func texts(_ query: SQL, _ columns: Int = 1) async throws -> [String] {
        try await engine.read(.scan) { connection throws(StorageFailure) in
            try connection.all(query) { row in
                (0..<columns).map { row.isNull($0) ? "-" : row.text($0) }.joined(separator: " ")
            }
        }
    }

    func run(_ statement: SQL) async throws {
        try await engine.write { connection throws(StorageFailure) in _ = try connection.run(statement) }
    }

    /// Minutes until the first row is due again.
    func minutesUntilNext() async throws -> Double {
        let next = try #require(
            Int64(try await texts("SELECT \"next\" FROM \"_mail\" ORDER BY \"id\" LIMIT 1").first ?? "")
        )
        return Double(next - clock.now().milliseconds) / 60_000
    }
}

/// What was logged, with the metadata.
struct Log: LogHandler {
    private final class Lines: Sendable {
        let texts = Mutex<[String]>([])
    }

    private let lines = Lines()
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace

    var text: String { lines.texts.withLock { $0.joined(separator: "\n") } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.texts.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}

func id(_ number: Int) -> Identifier {
    Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
}

/// Waits until something holds.
func eventually(_ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(20)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "it never held")
        try await Task.sleep(for: .milliseconds(5))  // polls
    }
}
