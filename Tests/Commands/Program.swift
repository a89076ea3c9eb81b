import Foundation
import Synchronization
import Testing

/// The program under test, run as a process of its own.
struct Program: Sendable {
    /// What a finished process left.
    struct Outcome: Sendable {
        let status: Int32
        let output: Data
        let errors: String
        /// Whether a signal ended it.
        let wasKilled: Bool

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Beside the test bundle, where the build put it; OFFSTAGE_BINARY names another.
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["OFFSTAGE_BINARY"] { return path }
        let bundle = URL(fileURLWithPath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath()
        var folder = bundle.deletingLastPathComponent()
        // On macOS the bundle is a folder with the test code three levels down.
        for _ in 0..<4 {
            let candidate = folder.appending(path: "offstage")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate.path }
            folder.deleteLastPathComponent()
        }
        return "offstage"
    }()

    /// Runs a command of the program to its end.
    static func run(
        _ arguments: [String],
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        input: Data? = nil,
        within seconds: Int = 30
    ) async throws -> Outcome {
        try await run(executable: path, arguments, in: folder, environment: environment, input: input, within: seconds)
    }

    /// Runs any program to its end.
    static func run(
        executable: String,
        _ arguments: [String],
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        input: Data? = nil,
        within seconds: Int = 30
    ) async throws -> Outcome {
        let running = try RunningProgram(executable, arguments, in: folder, environment: environment, input: input)
        return try await running.outcome(within: seconds)
    }
}

/// A process that was started, with its output and errors in files, so that no pipe fills up.
final class RunningProgram: Sendable {
    private let process: ChildProcess
    /// Kept, since it is gone with its last owner.
    private let folder: TemporaryFolder
    private let outputFile: URL
    private let errorFile: URL

    init(
        _ executable: String,
        _ arguments: [String],
        in folder: TemporaryFolder,
        environment: [String: String] = [:],
        input: Data? = nil
    ) throws {
        self.folder = folder
        let name = UUID().uuidString
        outputFile = folder.aside.appending(path: name + ".out")
        errorFile = folder.aside.appending(path: name + ".err")
        let inputFile = folder.aside.appending(path: name + ".in")
        try Data().write(to: outputFile)
        try Data().write(to: errorFile)
        try (input ?? Data()).write(to: inputFile)
        var inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("OFFSTAGE_") }
        inherited.merge(environment) { $1 }
        process = try ChildProcess(
            executable,
            arguments,
            environment: inherited,
            in: folder.url.path,
            files: (inputFile.path, outputFile.path, errorFile.path)
        )
    }

    deinit { process.send(SIGKILL) }

    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) {
        process.send(signal)
    }

    var output: Data { (try? Data(contentsOf: outputFile)) ?? Data() }
    var errors: String { String(decoding: (try? Data(contentsOf: errorFile)) ?? Data(), as: UTF8.self) }

    /// Waits for the end, away from the threads that tests share.
    func outcome(within seconds: Int) async throws -> Program.Outcome {
        try await onThread { [self] in
            guard let end = process.waitUntilEnd(within: seconds) else {
                process.send(SIGKILL)
                throw Late("the program did not end within \(seconds) s: \(errors)")
            }
            let (status, wasKilled) =
                switch end {
                case .exited(let status): (status, false)
                case .killed(let signal): (signal, true)
                }
            return Program.Outcome(status: status, output: output, errors: errors, wasKilled: wasKilled)
        }
    }
}

/// Something did not happen in time.
struct Late: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Runs a body that blocks on a thread of its own.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread { continuation.resume(with: Swift.Result { try body() }) }.start()
    }
}

/// Waits until a condition holds.
func waitUntil(_ what: String, within seconds: Double = 20, _ holds: @escaping @Sendable () throws -> Bool) async throws
{
    try await onThread { try blockUntil(what, within: seconds, holds) }
}

/// The same for a thread that may block.
func blockUntil(_ what: String, within seconds: Double = 20, _ holds: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while try !holds() {
        guard Date() < deadline else { throw Late("not within \(seconds) s: \(what)") }
        usleep(5_000)  // polls the condition
    }
}
