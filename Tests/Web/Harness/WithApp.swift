import EnginesUnderTest
import Foundation
import Logging
import NIOCore
import NIOPosix
import OffstageAccounts
import OffstageAppFile
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage
import OffstageWeb
import ServiceLifecycle

/// Serves an app in this process, from the text of its app file, and hands over a client of it.
///
/// The app has a temporary folder of its own and a free port, and is gone when the body ends.
///
/// - Parameters:
///   - appFile: the app file without its first line, `offstage: 1`.
///   - files: the files of `public/`, contents by path; nil for an app without that folder.
///   - templates: the app's own pages, texts by name.
///   - times: how long connections may take.
///   - clock: the clock of records and limits; it stands still unless the test moves it.
///   - hasAccounts: whether who asks is told by sessions and keys, and /auth is served; else by `TestSessions`.
func withApp(
    _ appFile: String,
    files: [String: String]? = nil,
    templates: [String: String] = [:],
    times: ConnectionTimes = ConnectionTimes(),
    clock: TestClock = TestClock(),
    hasAccounts: Bool = false,
    proxies: TrustedProxies = .none,
    _ body: @escaping @Sendable (Client) async throws -> Void
) async throws {
    try await AppSlots.shared.hold {
        let folder = try TemporaryFolder()
        let catalog = try AppFile.load(text: "offstage: 1\n" + appFile).get()
        let place = try DatabaseUnderTest.place(in: folder.path)
        let engine = try await place.open(TableShape.shapes(of: catalog))
        do {
            let records = Records(rules: try Rules(catalog), engine: engine, now: clock.now)
            if let files { try folder.writePublic(files) }
            let accounts = hasAccounts ? try AccountsUnderTest.make(records, clock) : nil
            let app = WebApp(
                records: records,
                pages: try Pages(siteName: catalog.name, overrides: templates),
                files: StaticFiles(folder: folder.path + "/public"),
                temporaryFolder: folder.path,
                proxies: proxies,
                sessions: accounts.map(SessionReader.accounts) ?? TestSessions.reader,
                accounts: accounts,
                now: clock.now
            )
            let served = ServedApp(
                folder: folder,
                place: place,
                records: records,
                engine: engine,
                clock: clock,
                accounts: accounts
            )
            do {
                try await serve(app, served, times, body)
            } catch {
                await accounts?.passwords.close()
                throw error
            }
            await accounts?.passwords.close()
        } catch {
            await engine.close()
            throw error
        }
        await engine.close()
    }
}

/// What a test may look at behind the interface.
struct ServedApp: Sendable {
    let folder: TemporaryFolder
    let place: EngineUnderTest.Place
    let records: Records
    let engine: any Engine
    let clock: TestClock
    let accounts: Accounts?
}

private func serve(
    _ app: WebApp,
    _ served: ServedApp,
    _ times: ConnectionTimes,
    _ body: @escaping @Sendable (Client) async throws -> Void
) async throws {
    let (ports, port) = AsyncStream<Int>.makeStream()
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let server = WebServer(
        app: app,
        host: "127.0.0.1",
        port: 0,
        group: MultiThreadedEventLoopGroup.singleton,
        accessLog: AccessLog(isOn: false),
        times: times,
        // Both ways must do the same: script/test runs all of these tests on each.
        answersShortRequests: ProcessInfo.processInfo.environment["OFFSTAGE_TEST_WAY"] != "server",
        logger: quiet
    ) { address in
        port.yield(address?.port ?? 0)
        port.finish()
    }
    let services = ServiceGroup(services: [server], logger: quiet)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        group.addTask {
            var iterator = ports.makeAsyncIterator()
            guard let port = await iterator.next() else { return }
            let client = Client(port: port, app: served, stop: { await services.triggerGracefulShutdown() })
            do {
                try await body(client)
            } catch {
                await client.closeAll()
                await services.triggerGracefulShutdown()
                throw error
            }
            await client.closeAll()
            await services.triggerGracefulShutdown()
        }
        try await group.waitForAll()
    }
}
