import Logging
import OffstageMail
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct MailServiceTests {
    private static let temporary = MailFailure(.temporary, "busy for ada@shop.example", logged: "busy")

    @Test func aMailThatIsTakenLosesItsText() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        let sender = ScriptedSender()
        await outbox.service(.sending(sender)).work()
        #expect(sender.asked == [id(1)])
        #expect(try await outbox.rows() == ["sent 1 - -"])
        #expect(
            try await outbox.texts("SELECT \"subject\", \"html\", \"sent\" FROM \"_mail\"", 3) == [
                "Your key - 1795366200000"
            ]
        )
        await outbox.service(.sending(sender)).work()
        #expect(sender.asked == [id(1)])
    }

    @Test func whatWasSentIsForgottenAfterAMonth() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        let sender = ScriptedSender()
        await outbox.service(.sending(sender)).work()
        outbox.clock.advance(minutes: 30 * 1440 - 1)
        await outbox.service(.sending(sender)).work()
        #expect(try await outbox.rows().count == 1)
        outbox.clock.advance(minutes: 1)
        await outbox.service(.sending(sender)).work()
        #expect(try await outbox.rows().isEmpty)
    }

    @Test func aMailIsThereOnlyWithItsTransaction() async throws {
        let outbox = try await OutboxUnderTest()
        await #expect(throws: StorageFailure.self) {
            try await outbox.engine.write { connection throws(StorageFailure) in
                let message = Message(to: "ada@shop.example", subject: "Hello", text: "", html: "")
                try Outbox.add(message, id: id(1), at: TestClock.start, connection)
                throw .reference
            }
        }
        #expect(try await outbox.rows() == [])
    }

    @Test func pausesBetweenTriesGrowUntilItIsGivenUp() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        let sender = ScriptedSender(
            Self.temporary,
            Self.temporary,
            Self.temporary,
            Self.temporary,
            Self.temporary,
            Self.temporary,
            Self.temporary,
            Self.temporary
        )
        let service = outbox.service(.sending(sender))
        for (index, minutes) in [1.0, 5, 15, 60, 240, 720, 720].enumerated() {
            await service.work()
            #expect(try await outbox.rows() == ["waiting \(index + 1) secret text busy for ada@shop.example"])
            #expect(try await outbox.minutesUntilNext() == minutes)
            outbox.clock.advance(minutes: minutes - 0.01)
            await service.work()
            #expect(sender.asked.count == index + 1)
            outbox.clock.advance(minutes: 0.01)
        }
        await service.work()
        #expect(try await outbox.rows() == ["failed 8 - busy for ada@shop.example"])
    }

    @Test func twoDaysAreEnough() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        outbox.clock.advance(minutes: 48 * 60)
        await outbox.service(.sending(ScriptedSender(Self.temporary))).work()
        #expect(try await outbox.rows() == ["failed 1 - busy for ada@shop.example"])
    }

    @Test(arguments: [MailFailure.Kind.permanent, .unknown])
    func whatIsFinalIsNotTriedAgain(kind: MailFailure.Kind) async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        let sender = ScriptedSender(MailFailure(kind, "no"))
        await outbox.service(.sending(sender)).work()
        outbox.clock.advance(minutes: 10_000)
        await outbox.service(.sending(sender)).work()
        #expect(sender.asked.count == 1)
        #expect(try await outbox.rows() == ["failed 1 - no"])
    }

    @Test func whatWasBeingSentWhenTheProgramEndedIsNotSentAgain() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add()
        let next = Value.datetime(Timestamp(milliseconds: TestClock.start.milliseconds + 600_000))
        try await outbox.run("UPDATE \"_mail\" SET \"state\" = 'sending', \"attempts\" = 1, \"next\" = \(next)")
        let sender = ScriptedSender()
        let service = outbox.service(.sending(sender))
        outbox.clock.advance(minutes: 9)
        await service.work()
        #expect(try await outbox.rows() == ["sending 1 secret text -"])
        outbox.clock.advance(minutes: 1)
        await service.work()
        #expect(sender.asked.isEmpty)
        #expect(
            try await outbox.rows() == [
                "failed 1 - It is not known whether it was sent: the program ended while it was being sent."
            ]
        )
        #expect(outbox.log.text.contains("It is not known whether a mail to an address at shop.example was sent"))
    }

    @Test func severalServersSendEachMailOnce() async throws {
        let outbox = try await OutboxUnderTest()
        for number in 1...40 { try await outbox.add(number) }
        let senders = (0..<3).map { _ in ScriptedSender(whileSending: { await Task.yield() }) }
        await withTaskGroup(of: Void.self) { group in
            for sender in senders {
                let service = outbox.service(.sending(sender))
                group.addTask { await service.work() }
            }
        }
        #expect(senders.flatMap(\.asked).sorted() == (1...40).map(id))
        #expect(try await outbox.rows() == [String](repeating: "sent 1 - -", count: 40))
    }

    @Test func theBellWakesItAndAStopLetsItFinish() async throws {
        let outbox = try await OutboxUnderTest()
        let started = Mutex(false)
        let sender = ScriptedSender {
            started.withLock { $0 = true }
            while !Task.isShuttingDownGracefully { await Task.yield() }
        }
        // Nothing but the bell would do it within the test.
        let service = outbox.service(.sending(sender), look: .seconds(3600))
        let group = ServiceGroup(services: [service], logger: .init(label: "test") { _ in Log() })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await outbox.add(1)
            try await outbox.add(2)
            try await eventually {
                outbox.bell.ring()
                return started.withLock { $0 }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(try await outbox.rows() == ["sent 1 - -", "waiting 0 secret text -"])
    }

    @Test func theLogTellsNobodysAddressAndNoText() async throws {
        let outbox = try await OutboxUnderTest()
        for number in 1...3 { try await outbox.add(number) }
        let sender = ScriptedSender(
            Self.temporary,
            MailFailure(.permanent, "<ada@shop.example> unknown", logged: "refused")
        )
        await outbox.service(.sending(sender)).work()
        let log = outbox.log.text
        #expect(log.contains("waits for another try, number 2: busy"))
        #expect(log.contains("was given up: refused"))
        #expect(log.contains("Sent a mail to an address at shop.example."))
        for secret in ["ada", "secret", "Your key"] { #expect(!log.contains(secret)) }
    }

    // MARK: Without a mail server

    @Test func withoutAServerMailsAreKeptAndShown() async throws {
        let outbox = try await OutboxUnderTest()
        try await outbox.add(1)
        try await outbox.add(2, subject: "Other")
        let shown = Mutex<[String]>([])
        let service = outbox.service(.keeping { mail in shown.withLock { $0.append(mail.subject) } })
        await service.work()
        await service.work()
        #expect(shown.withLock { $0 } == ["Your key", "Other"])
        #expect(try await outbox.rows() == ["kept 0 secret text -", "kept 0 secret text -"])
        let (newest, first, none) = try await outbox.engine.read(.bounded) { connection throws(StorageFailure) in
            (
                try Outbox.kept(limit: 1, connection), try Outbox.kept(id: id(1), connection),
                try Outbox.kept(id: id(3), connection)
            )
        }
        #expect(newest.map(\.id) == [id(2)])
        #expect(first?.html == "<p>secret HTML</p>")
        #expect(none == nil)
    }

    @Test func theNewestTwoHundredAreKept() async throws {
        let outbox = try await OutboxUnderTest()
        let service = outbox.service(.keeping { _ in })
        try await outbox.engine.write { connection throws(StorageFailure) in
            for number in 1...230 {
                let message = Message(to: "ada@shop.example", subject: "Hello", text: "", html: "")
                try Outbox.add(message, id: id(number), at: TestClock.start, connection)
            }
        }
        await service.work()
        let ids = try await outbox.texts("SELECT \"id\" FROM \"_mail\" ORDER BY \"id\"")
        #expect(ids == (31...230).map { id($0).description })
    }

    // MARK: What is refused

    @Test(
        arguments: [
            "ada@shop.example\r\nBcc: eve@evil.example", "ada@shop.example\nRCPT TO:<eve@evil.example>",
            "ada\0@shop.example",
            "ada@shop.example> RCPT TO:<eve@evil.example", "ada", "@shop.example", "ada@", "a da@shop.example",
            "ada@shop.example,eve@evil.example", "ada\u{2028}@shop.example", "ada\u{85}@shop.example",
        ]
    )
    func addressesThatCouldBeMoreAreRefused(address: String) async throws {
        let outbox = try await OutboxUnderTest()
        await #expect(throws: StorageFailure.self) { try await outbox.add(to: address) }
        #expect(try await outbox.rows() == [])
        // A sender asks nobody either.
        let server = try MailServer("smtp://127.0.0.1:1?from=shop@shop.example")
        let message = Message(to: address, subject: "Hello", text: "", html: "")
        let failure = await #expect(throws: MailFailure.self) {
            try await SMTPSender(server: server, now: { TestClock.start }).send(message, id: id(1))
        }
        #expect(failure?.kind == .permanent)
    }

    @Test(arguments: ["Hi\r\nBcc: eve@evil.example", "Hi\nX", "Hi\rX", "Hi\0", "Hi\u{2029}", ""])
    func subjectsWithLineEndsAreRefused(subject: String) async throws {
        let outbox = try await OutboxUnderTest()
        await #expect(throws: StorageFailure.self) { try await outbox.add(subject: subject) }
        let server = try MailServer("smtp://127.0.0.1:1?from=shop@shop.example")
        let message = Message(to: "ada@shop.example", subject: subject, text: "", html: "")
        let failure = await #expect(throws: MailFailure.self) {
            try await SMTPSender(server: server, now: { TestClock.start }).send(message, id: id(1))
        }
        #expect(failure?.kind == .permanent)
    }
}
