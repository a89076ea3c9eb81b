import Glibc

/// What the parts below Offstage reach without it: a bare Hummingbird server, and SQLite in a bare loop.
@main
struct Floor {
    private static let usage = """
        Usage: floor-bench http --port PORT
               floor-bench core --port PORT
               floor-bench sqlite DATABASE.db --seconds SECONDS

        http answers every GET with a constant, through Hummingbird; core does so with its server alone. sqlite runs the statements of Offstage's own requests on a copy of its
        database, with one connection, and prints how many a second there were, as JSON.
        Example: floor-bench sqlite copy.db --seconds 2
        """

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch (arguments.first, arguments.count) {
        case ("http", 3) where arguments[1] == "--port":
            guard let port = Int(arguments[2]), (1...65_535).contains(port) else { refuse() }
            try await HTTPFloor.serveApplication(port: port)
        case ("core", 3) where arguments[1] == "--port":
            guard let port = Int(arguments[2]), (1...65_535).contains(port) else { refuse() }
            try await HTTPFloor.serveCore(port: port)
        case ("sqlite", 4) where arguments[2] == "--seconds":
            guard let seconds = Int(arguments[3]), (1...600).contains(seconds) else { refuse() }
            let floor = try SQLiteFloor(path: arguments[1])
            print(try floor.measure(for: .seconds(seconds)))
        default: refuse()
        }
    }

    private static func refuse() -> Never {
        let line = usage + "\n"
        _ = write(STDERR_FILENO, line, line.utf8.count)
        exit(64)
    }
}
