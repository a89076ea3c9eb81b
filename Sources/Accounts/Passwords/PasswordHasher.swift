import Glibc
import NIOPosix
package import OffstageSchema
import Synchronization

/// Hashes passwords on threads of its own, as few at once as leave the machine to other requests. Each takes some 20 ms of
/// one core and 19 MiB.
///
/// `close` must be called before it goes.
package final class PasswordHasher: Sendable {
    private let threads: NIOThreadPool
    private let random: @Sendable (Int) -> [UInt8]
    private let parameters: PasswordHash.Parameters
    private let atMost: Int
    /// Hashes that run or wait for a thread.
    private let pending = Mutex(0)

    /// - Parameters:
    ///   - threads: hashes at once; half of the cores when nil.
    ///   - waiting: further ones that wait for a thread; more are refused.
    ///   - random: as many unpredictable bytes as it is asked for; tests give their own.
    package init(
        threads: Int? = nil,
        waiting: Int = 64,
        parameters: PasswordHash.Parameters = .current,
        random: @escaping @Sendable (Int) -> [UInt8] = RandomBytes.system
    ) {
        let count = max(1, threads ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        self.threads = NIOThreadPool(numberOfThreads: count)
        self.random = random
        self.parameters = parameters
        atMost = count + max(0, waiting)
        self.threads.start()
    }

    /// The hash to keep of a new password.
    ///
    /// - Throws: `.invalid` for a text that cannot be a password (`PasswordRule` finds that first), `.unavailable` when too
    ///   many wait or the server stops.
    package func hash(_ password: String) async throws(Failure) -> String {
        let text: String
        do throws(Fault) {
            text = try PasswordText.normalized(password)
        } catch {
            throw .invalid([error.under("password")])
        }
        return try await run { [parameters, random] () throws(Failure) in
            try PasswordHash.make(text, salt: random(PasswordHash.saltBytes), parameters: parameters)
        }
    }

    /// Whether a password is the one whose hash is kept.
    ///
    /// - Parameter encoded: nil when there is no such account or it has no password: the answer is no, after the time that
    ///   a wrong password takes, so that who asks cannot tell which accounts there are.
    package func verify(_ password: String, _ encoded: String?) async throws(Failure) -> Bool {
        // No account has a text that cannot be a password, so that answering at once tells nothing.
        guard let text = try? PasswordText.normalized(password) else { return false }
        return try await run { [parameters] () throws(Failure) in
            if let encoded { return try PasswordHash.verify(text, encoded) }
            let salt = [UInt8](repeating: 0, count: PasswordHash.saltBytes)
            _ = try PasswordHash.make(text, salt: salt, parameters: parameters)
            return false
        }
    }

    /// Lets those that wait go and waits for those that run.
    package func close() async {
        try? await threads.shutdownGracefully()
    }

    private func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try enter()
        // Who gave up while waiting is taken from the queue when its turn comes, and counts until then.
        defer { pending.withLock { $0 -= 1 } }
        let outcome: Swift.Result<Result, Failure>
        do {
            outcome = try await threads.runIfActive {
                Self.yieldToOthers()
                do throws(Failure) {
                    return .success(try body())
                } catch {
                    return .failure(error)
                }
            }
        } catch is CancellationError {
            throw Failure(.unavailable, "The request was given up.", operatorDetail: "a password was not hashed")
        } catch {
            throw Failure(.unavailable, "The server is stopping. Try again shortly.", retryAfter: 5)
        }
        return try outcome.get()
    }

    private func enter() throws(Failure) {
        let isFull = pending.withLock { pending in
            guard pending < atMost else { return true }
            pending += 1
            return false
        }
        if isFull {
            throw Failure(
                .unavailable,
                "Too many people are logging in at this moment. Try again shortly.",
                operatorDetail: "\(atMost) passwords are being hashed or wait",
                retryAfter: 2
            )
        }
    }

    /// Other requests go first. On Linux a priority is that of a thread, and 0 means the one that calls (setpriority(2),
    /// NPTL). Said again for each hash, which costs a microsecond; a refusal changes nothing that matters.
    private static func yieldToOthers() {
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }
}
