package import Logging
package import OffstageSchema
package import OffstageStorage
import ServiceLifecycle

/// Sends what the ``Outbox`` holds, one mail after another, while the app is served. Several servers on one database share
/// the work.
///
/// A mail is claimed in a transaction of its own before it is sent: a process that is killed in between leaves a row of
/// which nobody knows whether it was sent, and that is said rather than sent again.
package struct MailService: Service {
    package enum Mode: Sendable {
        case sending(any MailSending)
        /// No mail server: mails are kept for the developer to look at, and shown as they come.
        case keeping(@Sendable (StoredMail) -> Void)
    }

    private let engine: any Engine
    private let mode: Mode
    private let bell: MailBell
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let random: @Sendable () -> Double
    private let look: Duration

    /// How long a mail that is being sent is left alone. Longer than a sender may take.
    private static let claim: Int64 = 10 * 60_000

    /// - Parameters:
    ///   - random: from 0 to 1, for the pauses between tries.
    ///   - look: between two looks for mails of other servers and for those that are due again.
    package init(
        engine: any Engine,
        mode: Mode,
        bell: MailBell,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) },
        look: Duration = .seconds(15)
    ) {
        self.engine = engine
        self.mode = mode
        self.bell = bell
        self.logger = logger
        self.now = now
        self.random = random
        self.look = look
    }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask(operation: ringRegularly)
            group.addTask(operation: answer)
            await group.next()
            group.cancelAll()
        }
    }

    private func answer() async {
        for await _ in bell.rings.cancelOnGracefulShutdown() { await work() }
    }

    private func ringRegularly() async {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            bell.ring()
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: look) }
        }
    }

    /// Does all that is due. What fails is tried again at the next look.
    package func work() async {
        do {
            switch mode {
            case .keeping(let show): try await keep(show)
            case .sending(let sender):
                try await giveUpAbandoned()
                while !Task.isShuttingDownGracefully, !Task.isCancelled, try await sendOne(by: sender) {}
                try await forgetOld()
            }
        } catch {
            logger.error("Mails can't be looked after: \(error)")
        }
    }

    /// How long it is known whom a mail went to.
    private static let remembered: Int64 = 30 * 86_400_000

    /// Lets go of what is long over, so that people's addresses are not kept for nothing.
    private func forgetOld() async throws(StorageFailure) {
        let limit = Timestamp(milliseconds: now().milliseconds &- Self.remembered)
        let old = try await engine.read(.bounded) { connection throws(StorageFailure) in
            try Outbox.old(before: limit, connection)
        }
        guard !old.isEmpty else { return }
        try await engine.write { connection throws(StorageFailure) in try Outbox.forget(old, connection) }
    }

    // MARK: Sending

    /// - Returns: whether there was one.
    private func sendOne(by sender: any MailSending) async throws(StorageFailure) -> Bool {
        let start = now()
        let found = try await engine.read(.bounded) { connection throws(StorageFailure) in
            try Outbox.due(at: start, connection)
        }
        guard let mail = found else { return false }
        let until = Timestamp(milliseconds: start.milliseconds &+ Self.claim)
        let isOurs = try await engine.write { connection throws(StorageFailure) in
            try Outbox.claim(mail, at: start, until: until, connection)
        }
        guard isOurs else { return true }
        do throws(MailFailure) {
            try await sender.send(mail.message, id: mail.id)
        } catch {
            try await note(error, of: mail)
            return true
        }
        try await finish(mail, as: .sent, next: now(), problem: nil)
        logger.info("Sent a mail to an address at \(mail.domain).", metadata: ["mail": "\(mail.id)"])
        return true
    }

    private func note(_ failure: MailFailure, of mail: StoredMail) async throws(StorageFailure) {
        let (moment, attempts) = (now(), mail.attempts + 1)
        let next = Retries.next(after: attempts, since: mail.at, now: moment, random: random())
        if failure.kind == .temporary, let next {
            try await finish(mail, as: .waiting, next: next, problem: failure.problem)
            logger.warning(
                "A mail to an address at \(mail.domain) waits for another try, number \(attempts + 1): \(failure.logged)",
                metadata: ["mail": "\(mail.id)"]
            )
        } else {
            try await finish(mail, as: .failed, next: moment, problem: failure.problem)
            logger.error(
                "A mail to an address at \(mail.domain) was given up: \(failure.logged)",
                metadata: ["mail": "\(mail.id)"]
            )
        }
    }

    /// Says what came of a mail, again and again where the database is away: without it nobody knew that it was sent.
    private func finish(
        _ mail: StoredMail,
        as state: StoredMail.State,
        next: Timestamp,
        problem: String?
    ) async throws(StorageFailure) {
        for _ in 0..<Self.finishTries {
            do {
                return try await mark(mail, as: state, next: next, problem: problem)
            } catch {
                logger.error("What came of a mail can't be noted: \(error)", metadata: ["mail": "\(mail.id)"])
                try? await Task.sleep(for: .seconds(1))
            }
        }
        try await mark(mail, as: state, next: next, problem: problem)
    }

    private static let finishTries = 20

    private func mark(
        _ mail: StoredMail,
        as state: StoredMail.State,
        next: Timestamp,
        problem: String?
    ) async throws(StorageFailure) {
        try await engine.write { connection throws(StorageFailure) in
            _ = try Outbox.change(
                mail.id,
                from: .sending,
                to: state,
                next: next,
                problem: problem,
                connection
            )
        }
    }

    /// Mails that were being sent when their server was killed.
    private func giveUpAbandoned() async throws(StorageFailure) {
        let moment = now()
        let mails = try await engine.read(.bounded) { connection throws(StorageFailure) in
            try Outbox.abandoned(at: moment, connection)
        }
        for mail in mails {
            let isOurs = try await engine.write { connection throws(StorageFailure) in
                try Outbox.change(
                    mail.id,
                    from: .sending,
                    to: .failed,
                    next: moment,
                    problem: "It is not known whether it was sent: the program ended while it was being sent.",
                    dueBy: moment,
                    connection
                )
            }
            guard isOurs else { continue }
            logger.error(
                "It is not known whether a mail to an address at \(mail.domain) was sent: the program ended meanwhile. It is not sent again.",
                metadata: ["mail": "\(mail.id)"]
            )
        }
    }

    // MARK: Keeping

    private func keep(_ show: @Sendable (StoredMail) -> Void) async throws(StorageFailure) {
        let moment = now()
        while true {
            let waits = try await engine.read(.bounded) { connection throws(StorageFailure) in
                try Outbox.due(at: .latest, connection) != nil
            }
            guard waits else { return }
            let mails = try await engine.write { connection throws(StorageFailure) in
                try Outbox.keep(at: moment, connection)
            }
            for mail in mails { show(mail) }
        }
    }
}
