import ArgumentParser
import Glibc
import Logging
import NIOCore
import NIOPosix
import OffstageAccounts
import OffstageRecords
import OffstageSchema
import OffstageStorage
import OffstageWeb
import ServiceLifecycle
import UnixSignals

/// `offstage serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the app: its pages, forms and interface.",
        discussion: """
            Makes the database where there is none, and brings it into the shape of the app file as far as nothing is lost. \
            Stops on Ctrl-C or SIGTERM once the requests under way are answered.

            Examples:
              offstage serve
              offstage serve --app examples/shop --port 9000
              OFFSTAGE_HOST=0.0.0.0 offstage serve
            """
    )

    @OptionGroup var options: AppOptions

    @Option(
        help: "The address to listen on; instead of OFFSTAGE_HOST. 127.0.0.1 is this machine alone, 0.0.0.0 everybody."
    )
    var host: String?

    @Option(help: "The port; instead of OFFSTAGE_PORT. 0 takes any free one.")
    var port: Int?

    @Flag(name: .customLong("quiet"), help: "No access log.")
    var isQuiet = false

    func validate() throws {
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port must be from 0 to 65535.") }
    }

    func run() async throws {
        let host = host ?? Settings.text("OFFSTAGE_HOST") ?? "127.0.0.1"
        let port = try port ?? Settings.number("OFFSTAGE_PORT", 0...65_535) ?? 8080
        let folder = try AppFolder(options)
        Self.raiseFileLimit()
        let pages = try Self.pages(folder)
        let proxies = try Self.proxies()
        let engine = try folder.openEngine(ownerWithin: .seconds(5))
        guard engine.isOwner else {
            throw Complaint(
                "\(folder.database.place) is being served by another offstage (\(engine.owner)); stop that one first."
            )
        }
        do {
            try await folder.prepare(engine)
            let records = Records(rules: try folder.rules(), engine: engine, now: Settings.now)
            let room = try AccountsRoom(folder, records)
            do {
                try await serve(folder, room, pages, proxies, host, port)
            } catch {
                await room.close()
                throw error
            }
            await room.close()
        } catch {
            await engine.close()
            throw Self.complaint(error, host, port)
        }
        await engine.close()
        Terminal.note("Stopped.")
    }

    private func serve(
        _ folder: AppFolder,
        _ room: AccountsRoom,
        _ pages: Pages,
        _ proxies: TrustedProxies,
        _ host: String,
        _ port: Int
    ) async throws {
        var logger = Logger(label: "offstage") { _ in StreamLogHandler.standardError(label: "offstage") }
        logger.logLevel = .notice
        let accessLog = AccessLog(isOn: !isQuiet)
        let records = room.accounts.records
        let mail = try MailRoom(
            host: host,
            address: folder.catalog.address,
            hasProxies: Settings.text("OFFSTAGE_TRUSTED_PROXIES") != nil
        )
        let server = WebServer(
            app: WebApp(
                records: records,
                pages: pages,
                files: StaticFiles(folder: folder.path + "/public"),
                temporaryFolder: folder.dataFolder,
                proxies: proxies,
                sessions: .accounts(room.accounts),
                accounts: room.accounts,
                showsMail: mail.isShown,
                now: Settings.now
            ),
            host: host,
            port: port,
            group: MultiThreadedEventLoopGroup.singleton,
            accessLog: accessLog,
            logger: logger
        ) { address in
            let base = Self.announce(folder.catalog, host, address?.port ?? port)
            room.listens(at: base)
            mail.announce()
            await Self.announceFirstOwner(room.accounts)
        }
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = [
            .init(service: accessLog), .init(service: server),
        ]
        if let service = mail.service(records.engine, room.bell, logger) { services.append(.init(service: service)) }
        if let engine = records.engine as? any SequencingEngine {
            let shapes = TableShape.shapes(of: folder.catalog)
            services.append(.init(service: Sequencer(engine: engine, shapes: shapes, logger: logger)))
        }
        var configuration = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: {
                var quiet = logger; quiet.logLevel = .critical; return quiet
            }()
        )
        // Whoever has not read the answer by then is left.
        configuration.maximumGracefulShutdownDuration = .seconds(30)
        defer { accessLog.flush() }
        try await ServiceGroup(configuration: configuration).run()
    }

    /// - Returns: the address that it says.
    private static func announce(_ catalog: Catalog, _ host: String, _ port: Int) -> String {
        let shown = host == "0.0.0.0" || host == "::" || host == "127.0.0.1" ? "localhost" : host
        let base = "http://\(shown.contains(":") ? "[\(shown)]" : shown):\(port)"
        Terminal.note("\(catalog.name) is served at \(base)")
        return base
    }

    /// Until somebody owns the app, each start says how to.
    private static func announceFirstOwner(_ accounts: Accounts) async {
        guard let link = try? await accounts.firstOwnerLink() else { return }
        Terminal.note("Nobody owns this app yet. Make the first owner's account here, within 7 days:\n  \(link)")
    }

    /// The built-in pages with the app's own of the same name in their place.
    private static func pages(_ folder: AppFolder) throws(Complaint) -> Pages {
        var overrides: [String: String] = [:]
        for name in Pages.names {
            guard let bytes = try Disk.read("\(folder.path)/templates/\(name).mustache") else { continue }
            overrides[name] = String(decoding: bytes, as: UTF8.self)
        }
        do throws(Failure) {
            return try Pages(siteName: folder.catalog.name, overrides: overrides)
        } catch {
            throw Complaint("\(folder.path)/\(error.detail)", code: Complaint.faulty)
        }
    }

    private static func proxies() throws(Complaint) -> TrustedProxies {
        do throws(Failure) {
            return try TrustedProxies(Settings.text("OFFSTAGE_TRUSTED_PROXIES") ?? "")
        } catch {
            throw Complaint("OFFSTAGE_TRUSTED_PROXIES: \(error.detail)", code: Complaint.faulty)
        }
    }

    /// Each connection is an open file.
    private static func raiseFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    private static func complaint(_ error: any Error, _ host: String, _ port: Int) -> any Error {
        if error is SocketAddressError.UnknownHost {
            return Complaint("There is no machine called \(host). Choose another address with --host or OFFSTAGE_HOST.")
        }
        guard let error = error as? IOError else { return error }
        switch error.errnoCode {
        case EADDRINUSE:
            return Complaint("Port \(port) is taken by another program. Choose another with --port or OFFSTAGE_PORT.")
        case EACCES:
            return Complaint(
                "Port \(port) needs the rights of root. Choose one above 1023 with --port or OFFSTAGE_PORT."
            )
        case EADDRNOTAVAIL:
            return Complaint(
                "This machine does not have the address \(host). Choose another with --host or OFFSTAGE_HOST."
            )
        default:
            return Complaint("Listening on \(host) port \(port) failed: \(String(cString: strerror(error.errnoCode))).")
        }
    }
}
