import Foundation
import Glibc
import Synchronization

/// A process that this one started. Foundation's `Process` is not used: up to Swift 6.3 it reads past the end of a buffer
/// when many files are open, which ends the test run now and then (swift-corelibs-foundation, pull request 5472).
final class ChildProcess: Sendable {
    enum End: Sendable, Equatable {
        case exited(Int32)
        case killed(by: Int32)
    }

    let id: pid_t
    private let end = Mutex<End?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - files: the paths of standard input, output and errors.
    ///   - folder: where it starts; where this process is unless given.
    init(
        _ executable: String,
        _ arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        in folder: String = ".",
        files: (input: String, output: String, errors: String) = ("/dev/null", "/dev/null", "/dev/null")
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, files.input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, files.output, O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, files.errors, O_WRONLY, 0)
        _ = Self.closeFrom?(&actions, 3)
        // The threads of tests block signals and ignore some; a program starts with none of that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        // The tool env changes the folder and then becomes the program.
        let words: [UnsafeMutablePointer<CChar>?] =
            (["env", "-C", folder, executable] + arguments).map { strdup($0) } + [nil]
        let settings: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, "/usr/bin/env", &actions, &attributes, words, settings)
        guard code == 0 else {
            throw Late("\(executable) can't be started: \(String(cString: strerror(code)))")
        }
        self.id = id
        Thread { [self] in wait() }.start()
    }

    /// Closes what this process has open, such as a file that another thread writes. Glibc has it since 2.34 and shows it to
    /// programs with GNU's extensions alone.
    private static let closeFrom: CloseFrom? = dlsym(nil, "posix_spawn_file_actions_addclosefrom_np").map {
        unsafeBitCast($0, to: CloseFrom.self)
    }

    private typealias CloseFrom =
        @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

    private func wait() {
        var status: Int32 = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        end.withLock { $0 = signal == 0 ? .exited((status >> 8) & 0xff) : .killed(by: signal) }
        ended.signal()
    }

    var isRunning: Bool { end.withLock { $0 == nil } }

    /// Sends a signal, as long as the process is there to get it.
    func send(_ signal: Int32) {
        end.withLock { if $0 == nil { kill(id, signal) } }
    }

    /// Blocks until the process has ended; nil when it has not within the time.
    func waitUntilEnd(within seconds: Int) -> End? {
        guard ended.wait(timeout: .now() + .seconds(seconds)) == .success else { return nil }
        ended.signal()
        return end.withLock { $0 }
    }
}
