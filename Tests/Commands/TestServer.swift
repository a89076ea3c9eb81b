import Foundation
import Testing

/// `offstage serve`, running on a port that was free.
final class TestServer: Sendable {
    let program: RunningProgram
    let port: Int

    private init(program: RunningProgram, port: Int) {
        self.program = program
        self.port = port
    }

    /// Starts the server and waits until it says where it listens.
    static func start(
        app: String = ".",
        in folder: TemporaryFolder,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> TestServer {
        let program = try RunningProgram(
            Program.path,
            ["serve", "--app", app, "--port", "0"] + arguments,
            in: folder,
            environment: environment
        )
        try await waitUntil("the server announces itself") {
            if !program.isRunning { throw Late("the server ended: \(program.errors)") }
            return program.errors.contains("is served at") && program.errors.hasSuffix("\n")
        }
        let errors = program.errors
        // The sentence ends with the address; what follows it may name others.
        let sentence = errors.split(separator: "\n").first { $0.contains("is served at") } ?? ""
        let digits = sentence.reversed().prefix { $0 != ":" }.reversed()
        return TestServer(program: program, port: try #require(Int(String(digits)), "\(errors)"))
    }

    /// One request on a connection of its own.
    func answer(
        _ method: String,
        _ path: String,
        _ headers: [String: String] = [:],
        body: String? = nil
    ) async throws -> HTTPAnswer {
        let port = port
        return try await onThread {
            try HTTPConnection(port: port).answer(method, path, headers, body: body)
        }
    }

    /// SIGTERM, and the end that follows it.
    @discardableResult
    func stop() async throws -> Program.Outcome {
        program.send(SIGTERM)
        return try await program.outcome(within: 40)
    }

    /// SIGKILL: no warning, no last words.
    func kill() async throws {
        program.send(SIGKILL)
        _ = try await program.outcome(within: 10)
    }
}
