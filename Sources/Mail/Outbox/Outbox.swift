package import OffstageSchema
package import OffstageStorage

/// Mails that are to be sent, in the database: a mail is added in the transaction of what it is about, so that there is
/// either both or neither, and is sent when that is committed.
///
/// A row goes from `waiting` to `sending`, and from there to `sent`, `failed` or back to `waiting`. Whoever changes a state
/// names the one it had, so that of several servers one does it.
package enum Outbox {
    static let table = SQL.Name("_mail")

    /// Adds a mail within the caller's transaction. ``MailBell/ring()`` after its commit makes it go at once.
    ///
    /// - Throws: `.refused` for a recipient or a subject that no mail may have, such as one with a line end.
    package static func add(
        _ message: Message,
        id: Identifier,
        at: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        guard MailAddress(message.to) != nil else {
            throw .refused(Failure(.malformed, "The address can't receive mail: \(MailFailure.badAddress.problem)"))
        }
        guard MessageFormat.isSubject(message.subject) else {
            throw .refused(Failure(.malformed, MailFailure.badSubject.problem))
        }
        try connection.run(
            """
            INSERT INTO \(table) (\(StoredMail.columns), \(SQL.Name("next")))
            VALUES (\(.identifier(id)), \(.datetime(at)), \(.text(message.to)), \(.text(message.subject)),
            \(.text(message.text)), \(.text(message.html)), 0, 'waiting', \(.datetime(at)))
            """
        )
    }

    /// Takes a mail back that the same transaction added.
    package static func withdraw(_ id: Identifier, _ connection: any Connection) throws(StorageFailure) {
        try connection.run("DELETE FROM \(table) WHERE \(SQL.Name("id")) = \(.identifier(id))")
    }

    // MARK: Development

    /// Mails that are kept, where there is no server to send them.
    static let keptAtMost = 200

    /// The newest of the mails that were not sent but kept, newest first.
    package static func kept(limit: Int, _ connection: any Connection) throws(StorageFailure) -> [StoredMail] {
        try connection.all(
            """
            SELECT \(StoredMail.columns) FROM \(table) WHERE \(SQL.Name("state")) = 'kept'
            ORDER BY \(SQL.Name("at")) DESC, \(SQL.Name("id")) DESC LIMIT \(.integer(Int64(clamping: max(0, limit))))
            """
        ) { row throws(StorageFailure) in try StoredMail(row) }
    }

    package static func kept(id: Identifier, _ connection: any Connection) throws(StorageFailure) -> StoredMail? {
        try connection.first(
            """
            SELECT \(StoredMail.columns) FROM \(table)
            WHERE \(SQL.Name("id")) = \(.identifier(id)) AND \(SQL.Name("state")) = 'kept'
            """
        ) { row throws(StorageFailure) in try StoredMail(row) }
    }

    /// Keeps what waits, and lets go of the oldest when there are too many.
    /// - Returns: what is kept from now on, oldest first.
    static func keep(at now: Timestamp, _ connection: any Connection) throws(StorageFailure) -> [StoredMail] {
        var mails: [StoredMail] = []
        for mail in try waiting(connection) {
            let isOurs = try change(mail.id, from: .waiting, to: .kept, next: now, problem: nil, connection)
            if isOurs { mails.append(mail) }
        }
        guard !mails.isEmpty else { return [] }
        let old = try connection.all(
            """
            SELECT \(SQL.Name("id")) FROM \(table) WHERE \(SQL.Name("state")) = 'kept'
            ORDER BY \(SQL.Name("at")) DESC, \(SQL.Name("id")) DESC LIMIT 1000 OFFSET \(.integer(Int64(keptAtMost)))
            """
        ) { row throws(StorageFailure) in try row.value(0, as: .identifier) }
        for id in old { try connection.run("DELETE FROM \(table) WHERE \(SQL.Name("id")) = \(id)") }
        return mails
    }

    private static func waiting(_ connection: any Connection) throws(StorageFailure) -> [StoredMail] {
        try connection.all(
            """
            SELECT \(StoredMail.columns) FROM \(table) WHERE \(SQL.Name("state")) = 'waiting'
            ORDER BY \(SQL.Name("at")), \(SQL.Name("id")) LIMIT 100
            """
        ) { row throws(StorageFailure) in try StoredMail(row) }
    }

    // MARK: Sending

    /// Rows that are over and older, which hold nothing but whom a mail went to and what came of it.
    static func old(before moment: Timestamp, _ connection: any Connection) throws(StorageFailure) -> [Value] {
        var ids: [Value] = []
        for state in [StoredMail.State.sent, .failed] {
            ids += try connection.all(
                """
                SELECT \(SQL.Name("id")) FROM \(table) WHERE \(SQL.Name("state")) = \(.text(state.rawValue))
                AND \(SQL.Name("next")) <= \(.datetime(moment)) LIMIT 100
                """
            ) { row throws(StorageFailure) in try row.value(0, as: .identifier) }
        }
        return ids
    }

    static func forget(_ ids: [Value], _ connection: any Connection) throws(StorageFailure) {
        for id in ids { try connection.run("DELETE FROM \(table) WHERE \(SQL.Name("id")) = \(id)") }
    }

    /// A mail that is to be sent now.
    static func due(at now: Timestamp, _ connection: any Connection) throws(StorageFailure) -> StoredMail? {
        try connection.first(
            """
            SELECT \(StoredMail.columns) FROM \(table)
            WHERE \(SQL.Name("state")) = 'waiting' AND \(SQL.Name("next")) <= \(.datetime(now))
            ORDER BY \(SQL.Name("next")), \(SQL.Name("id")) LIMIT 1
            """
        ) { row throws(StorageFailure) in try StoredMail(row) }
    }

    /// Takes a mail for this server alone.
    ///
    /// - Parameter until: when others may say that whoever took it is gone.
    /// - Returns: false when another server was faster.
    static func claim(
        _ mail: StoredMail,
        at now: Timestamp,
        until: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        try connection.run(
            """
            UPDATE \(table) SET \(SQL.Name("state")) = 'sending', \(SQL.Name("attempts")) = \(SQL.Name("attempts")) + 1,
            \(SQL.Name("next")) = \(.datetime(until))
            WHERE \(SQL.Name("id")) = \(.identifier(mail.id)) AND \(SQL.Name("state")) = 'waiting'
            AND \(SQL.Name("attempts")) = \(.integer(Int64(mail.attempts))) AND \(SQL.Name("next")) <= \(.datetime(now))
            """
        ) == 1
    }

    /// Mails that a server took and neither sent nor gave back in its time.
    static func abandoned(at now: Timestamp, _ connection: any Connection) throws(StorageFailure) -> [StoredMail] {
        try connection.all(
            """
            SELECT \(StoredMail.columns) FROM \(table)
            WHERE \(SQL.Name("state")) = 'sending' AND \(SQL.Name("next")) <= \(.datetime(now))
            ORDER BY \(SQL.Name("next")), \(SQL.Name("id")) LIMIT 100
            """
        ) { row throws(StorageFailure) in try StoredMail(row) }
    }

    /// Takes a mail from one state into another. What is sent or given up loses its text: it may hold secrets.
    ///
    /// - Parameters:
    ///   - dueBy: leaves a mail alone whose `next` is later.
    /// - Returns: false when the mail is not in the first state, or not there.
    @discardableResult
    static func change(
        _ id: Identifier,
        from: StoredMail.State,
        to: StoredMail.State,
        next: Timestamp,
        problem: String?,
        dueBy: Timestamp = .latest,
        _ connection: any Connection
    ) throws(StorageFailure) -> Bool {
        var changes: [SQL] = [
            "\(SQL.Name("state")) = \(.text(to.rawValue))", "\(SQL.Name("next")) = \(.datetime(next))",
        ]
        if let problem {
            // What a server says may be anything; stored text holds no NUL.
            let text = String(problem.unicodeScalars.filter { $0 != "\0" }.prefix(1000).map(Character.init))
            changes.append("\(SQL.Name("problem")) = \(.text(text))")
        } else {
            changes.append("\(SQL.Name("problem")) = NULL")
        }
        if to == .sent { changes.append("\(SQL.Name("sent")) = \(.datetime(next))") }
        if to == .sent || to == .failed {
            changes += ["\(SQL.Name("text")) = NULL", "\(SQL.Name("html")) = NULL"]
        }
        return try connection.run(
            """
            UPDATE \(table) SET \(changes, separator: ", ")
            WHERE \(SQL.Name("id")) = \(.identifier(id)) AND \(SQL.Name("state")) = \(.text(from.rawValue))
            AND \(SQL.Name("next")) <= \(.datetime(dueBy))
            """
        ) == 1
    }
}
