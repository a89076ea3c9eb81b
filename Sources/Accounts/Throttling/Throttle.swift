import OffstageRecords
import OffstageSchema
import OffstageStorage

/// How often something may be tried within a period. Counted in the database, so that a restart forgets nothing and every
/// server counts the same.
struct Throttle: Sendable {
    /// One thing that is counted.
    struct Count: Sendable {
        /// What, and whose: "sign-in", a mail address or a network address. Kept as a hash.
        let key: String
        let what: String
        let atMost: Int64
        let period: Duration

        init(_ what: String, _ whose: String, atMost: Int64, each period: Duration) {
            self.what = what
            key = "\(what):\(Token(whose).hash)"
            self.atMost = atMost
            self.period = period
        }
    }

    let engine: any Engine
    let now: @Sendable () -> Timestamp

    private static let table = SQL.Name("_throttles")
    private static let key = SQL.Name("key")
    private static let count = SQL.Name("count")
    private static let expires = SQL.Name("expires")

    /// Counts a try, of the narrowest count first: what one address is refused for is not counted against an account or against
    /// others, or whoever hammers on could lock somebody else out.
    ///
    /// - Throws: `.rateLimited` with the seconds until the next one may be made. Nothing is written for those that are refused.
    func take(_ counts: [Count]) async throws(Failure) {
        if let reached = try await reached(counts) { throw reached }
        let failure = try await engine.writing { connection throws(StorageFailure) -> Failure? in
            let moment = now()
            // In one order of kinds, so that two transactions never wait for each other.
            for count in counts {
                let wait = try add(count, at: moment, connection)
                if wait > 0 { return Self.failure(count, wait) }
            }
            return nil
        }
        if let failure { throw failure }
    }

    /// The limit that is reached already.
    private func reached(_ counts: [Count]) async throws(Failure) -> Failure? {
        let moment = now()
        return try await engine.reading(.bounded) { connection throws(StorageFailure) -> Failure? in
            for count in counts {
                let found = try connection.first(
                    """
                    SELECT \(Self.count), \(Self.expires) FROM \(Self.table)
                    WHERE \(Self.key) = \(.text(count.key)) AND \(Self.running(count, at: moment))
                    """
                ) { (count: $0.integer(0), expires: $0.integer(1)) }
                guard let found, found.count >= count.atMost else { continue }
                return Self.failure(count, max(1, found.expires - moment.milliseconds))
            }
            return nil
        }
    }

    /// That a count's period is not over. A clock that was set back must not lock anybody out for longer than the period.
    private static func running(_ count: Count, at moment: Timestamp) -> SQL {
        "\(expires) > \(.datetime(moment)) AND \(expires) <= \(.datetime(moment.adding(count.period)))"
    }

    /// - Parameter wait: in milliseconds.
    private static func failure(_ count: Count, _ wait: Int64) -> Failure {
        let minutes = (wait + 59_999) / 60_000
        return Failure(
            .rateLimited,
            "That was tried too often. Try again in \(minutes == 1 ? "a minute" : "\(minutes) minutes").",
            retryAfter: Int(clamping: (wait + 999) / 1000),
            limit: Failure.RateLimit(name: count.what, quota: count.atMost, window: count.period.components.seconds)
        )
    }

    /// Takes tries back that came out well: only what fails is to be slowed down.
    func giveBack(_ counts: [Count], _ connection: any Connection) throws(StorageFailure) {
        for count in counts {
            try connection.run(
                """
                UPDATE \(Self.table) SET \(Self.count) = \(Self.count) - 1
                WHERE \(Self.key) = \(.text(count.key)) AND \(Self.count) > 0
                """
            )
        }
    }

    /// - Returns: the milliseconds to wait; 0 when there are none.
    private func add(
        _ count: Count,
        at moment: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Int64 {
        let isOwn: SQL = "\(Self.key) = \(.text(count.key))"
        let end = moment.adding(count.period)
        let increment: SQL = "UPDATE \(Self.table) SET \(Self.count) = \(Self.count) + 1 WHERE \(isOwn)"
        let running = Self.running(count, at: moment)
        if try connection.run("\(increment) AND \(running)") == 0 {
            // Not what another server has begun anew in the meantime.
            try connection.run("DELETE FROM \(Self.table) WHERE \(isOwn) AND NOT (\(running))")
            try connection.prune(Self.table, key: Self.key, at: moment)
            do throws(StorageFailure) {
                _ = try connection.attempt { () throws(StorageFailure) in
                    try connection.run(
                        """
                        INSERT INTO \(Self.table) (\(Self.key), \(Self.count), \(SQL.Name("since")), \(Self.expires))
                        VALUES (\(.text(count.key)), 1, \(.datetime(moment)), \(.datetime(end)))
                        """
                    )
                }
            } catch .unique {
                try connection.run(increment)
            } catch {
                throw error
            }
        }
        let found = try connection.first("SELECT \(Self.count), \(Self.expires) FROM \(Self.table) WHERE \(isOwn)") {
            (count: $0.integer(0), expires: $0.integer(1))
        }
        guard let found, found.count > count.atMost else { return 0 }
        return max(1, found.expires - moment.milliseconds)
    }
}

extension Throttle.Count {
    /// Of passwords and links, by account and address: one person mistyping.
    static func signIn(_ email: String, from visit: Visit) -> [Throttle.Count] {
        let email = Accounts.lowered(email)
        return [
            Throttle.Count("sign-in", "\(email) \(visit.household)", atMost: 10, each: .seconds(900)),
            // From everywhere together, so that many addresses guess no faster; far above what a person needs.
            Throttle.Count("sign-in-account", email, atMost: 100, each: .seconds(3600)),
            // One address that tries one password with many accounts.
            Throttle.Count("sign-in-address", visit.household, atMost: 60, each: .seconds(900)),
        ]
    }

    static func signUp(from visit: Visit) -> [Throttle.Count] {
        [Throttle.Count("sign-up", visit.household, atMost: 50, each: .seconds(3600))]
    }

    /// Of mails that anybody can have sent to an address.
    static func mail(to email: String, from visit: Visit) -> [Throttle.Count] {
        [
            Throttle.Count("mail", Accounts.lowered(email), atMost: 5, each: .seconds(3600)),
            Throttle.Count("mail-address", visit.household, atMost: 30, each: .seconds(3600)),
        ]
    }

    /// Of codes: a million guesses must take years.
    static func code(of user: Identifier) -> [Throttle.Count] {
        [
            Throttle.Count("code", user.description, atMost: 10, each: .seconds(900)),
            Throttle.Count("code-day", user.description, atMost: 50, each: .seconds(86_400)),
        ]
    }
}
