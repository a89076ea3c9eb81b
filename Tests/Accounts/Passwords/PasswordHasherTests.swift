import Foundation
import OffstageSchema
import Synchronization
import Testing

@testable import OffstageAccounts

@Suite struct PasswordHasherTests {
    private static let small = PasswordHash.Parameters(memory: 64, passes: 1, lanes: 1)
    /// Takes some tenths of a second, so that others come meanwhile.
    private static let slow = PasswordHash.Parameters(memory: 65_536, passes: 6, lanes: 1)

    private func with(_ hasher: PasswordHasher, _ body: (PasswordHasher) async throws -> Void) async throws {
        do {
            try await body(hasher)
        } catch {
            await hasher.close()
            throw error
        }
        await hasher.close()
    }

    @Test func aPasswordIsHashedAndVerified() async throws {
        try await with(PasswordHasher(parameters: Self.small)) { hasher in
            let encoded = try await hasher.hash("caf\u{65}\u{301} au lait")
            #expect(try await hasher.verify("caf\u{e9} au\u{a0}lait", encoded))
            #expect(try await !hasher.verify("cafe au lait", encoded))
            #expect(try await !hasher.verify("caf\u{e9} au lait", nil))
            #expect(try await hasher.hash("caf\u{65}\u{301} au lait") != encoded)
        }
    }

    @Test func whatCannotBeAPasswordIsNone() async throws {
        try await with(PasswordHasher(parameters: Self.small)) { hasher in
            let long = String(repeating: "x", count: 1025)
            let failure = await #expect(throws: Failure.self) { _ = try await hasher.hash(long) }
            #expect(failure?.kind == .invalid)
            #expect(failure?.faults.map(\.pointer) == ["/password"])
            #expect(try await !hasher.verify(long, nil))
            let encoded = try await hasher.hash("a")
            #expect(try await !hasher.verify("a\u{0}b", encoded))
        }
    }

    @Test func whatIsDamagedIsTold() async throws {
        try await with(PasswordHasher(parameters: Self.small)) { hasher in
            let failure = await #expect(throws: Failure.self) { try await hasher.verify("x", "no hash") }
            #expect(failure?.kind == .internalError)
        }
    }

    /// An account that is not there takes the time of a wrong password: both make one hash of the same cost.
    @Test func noAccountTakesAsLongAsAWrongPassword() async throws {
        try await with(PasswordHasher(threads: 1, parameters: Self.slow)) { hasher in
            let encoded = try await hasher.hash("right")
            func time(_ encoded: String?) async throws -> Duration {
                try await ContinuousClock().measure { _ = try await hasher.verify("wrong", encoded) }
            }
            // In turns and the least of each, since other tests take the cores meanwhile.
            var (wrong, missing) = (try await time(encoded), try await time(nil))
            for _ in 0..<7 {
                (wrong, missing) = (min(wrong, try await time(encoded)), min(missing, try await time(nil)))
            }
            #expect(missing > wrong / 4 && missing < wrong * 4, "\(missing) and \(wrong)")
        }
    }

    /// One hashes and is held at its salt, one waits, the others are refused at once; afterwards there is room again.
    @Test func noMoreWaitThanMay() async throws {
        let gate = DispatchSemaphore(value: 0)
        let hasher = PasswordHasher(threads: 1, waiting: 1, parameters: Self.small) { count in
            // Not for ever, so that a hasher that refuses too few fails the test rather than stops it.
            _ = gate.wait(timeout: .now() + 20)
            return RandomBytes.system(count)
        }
        try await with(hasher) { hasher in
            await withTaskGroup(of: Failure?.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        do throws(Failure) {
                            _ = try await hasher.hash("some password")
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                var refused: [Failure] = []
                while refused.count < 4, let failure = await group.next() {
                    if let failure { refused.append(failure) }
                }
                #expect(refused.count == 4)
                #expect(refused.allSatisfy { $0.kind == .unavailable && $0.retryAfter != nil })
                for _ in 0..<3 { gate.signal() }
                for await failure in group { #expect(failure == nil) }
            }
            _ = try await hasher.hash("some password")
        }
    }

    @Test func whoGivesUpIsLetGoAndMakesRoom() async throws {
        try await with(PasswordHasher(threads: 1, waiting: 1, parameters: Self.slow)) { hasher in
            await withTaskGroup(of: Failure?.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        do throws(Failure) {
                            _ = try await hasher.hash("some password")
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                group.cancelAll()
                for await failure in group { #expect(failure == nil || failure?.kind == .unavailable) }
            }
            _ = try await hasher.hash("some password")
        }
    }

    @Test func afterClosingNothingIsHashed() async throws {
        let hasher = PasswordHasher(parameters: Self.small)
        await hasher.close()
        let failure = await #expect(throws: Failure.self) { try await hasher.hash("some password") }
        #expect(failure?.kind == .unavailable)
    }

    #if os(Linux)
        /// Field 19 of /proc/<pid>/task/<tid>/stat (proc_pid_stat(5)) is the priority of a thread.
        @Test func othersGoFirst() async throws {
            func threadsThatYield() throws -> Int {
                try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").filter { thread in
                    let stat = (try? String(contentsOfFile: "/proc/self/task/\(thread)/stat", encoding: .utf8)) ?? ""
                    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
                    return fields.count > 16 && fields[16] == "10"
                }.count
            }
            try await with(PasswordHasher(threads: 1, parameters: Self.small)) { hasher in
                _ = try await hasher.hash("some password")
                #expect(try threadsThatYield() >= 1)
            }
        }
    #endif
}
