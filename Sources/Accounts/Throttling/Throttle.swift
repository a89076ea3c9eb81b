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

    /// Counts a try.
    ///
    /// - Throws: `.rateLimited` with the seconds until the next one may be made. Those that are refused count too, so that
    ///   hammering on gains nothing.
    func take(_ counts: [Count]) async throws(Failure) {
        let reached = try await engine.writing { connection throws(StorageFailure) -> (count: Count, wait: Int64)? in
            let moment = now()
            var reached: (count: Count, wait: Int64)?
            // In one order, so that two transactions never wait for each other.
            for count in counts.sorted(by: { $0.key < $1.key }) {
                let wait = try add(count, at: moment, connection)
                if wait > reached?.wait ?? 0 { reached = (count, wait) }
            }
            return reached
        }
        guard let (count, wait) = reached else { return }
        let minutes = (wait + 59_999) / 60_000
        throw Failure(
            .rateLimited,
            "That was tried too often. Try again in \(minutes == 1 ? "a minute" : "\(minutes) minutes").",
            retryAfter: Int(clamping: (wait + 999) / 1000),
            limit: Failure.RateLimit(name: count.what, quota: count.atMost, window: count.period.components.seconds)
        )
    }

    /// Takes tries back that came out well: only what fails is to be slowed down.
    func giveBack(_ counts: [Count], _ connection: any Connection) throws(StorageFailure) {
        for count in counts.sorted(by: { $0.key < $1.key }) {
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
        // A clock that was set back must not lock anybody out for longer than the period.
        let running: SQL = " AND \(Self.expires) > \(.datetime(moment)) AND \(Self.expires) <= \(.datetime(end))"
        if try connection.run(increment + running) == 0 {
            try connection.run("DELETE FROM \(Self.table) WHERE \(isOwn)")
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
