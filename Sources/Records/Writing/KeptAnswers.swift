import OffstageSchema
import OffstageStorage

/// The table of kept answers.
///
/// Where others write at the same time, a key is claimed before the write: whoever has the same key waits at the table's
/// own unique index until the first one is through, and then finds its answer.
struct KeptAnswers: Sendable {
    private let select: Statement
    private let remove: Statement
    private let prune: Statement
    private let insert: Statement
    private let complete: Statement

    init(dialect: any Dialect) {
        let table = SQL.Name("_answers")
        let key: SQL = "\(SQL.Name("scope")) = \(.null) AND \(SQL.Name("key")) = \(.null)"
        let columns: SQL = "\(SQL.Name("scope")), \(SQL.Name("key"))"
        select = dialect.numbered(
            "SELECT \(SQL.Name("fingerprint")), \(SQL.Name("status")), \(SQL.Name("headers")), \(SQL.Name("body")), \(SQL.Name("at")) FROM \(table) WHERE \(key)"
        )
        remove = dialect.numbered("DELETE FROM \(table) WHERE \(key) AND \(SQL.Name("at")) <= \(.null)")
        prune = dialect.numbered(
            """
            DELETE FROM \(table) WHERE (\(columns)) IN (SELECT \(columns) FROM
            (SELECT \(columns) FROM \(table) WHERE \(SQL.Name("at")) <= \(.null) LIMIT 20) AS \(SQL.Name("_old")))
            """
        )
        insert = dialect.numbered(
            """
            INSERT INTO \(table) (\(columns), \(SQL.Name("fingerprint")), \(SQL.Name("at")), \(SQL.Name("status")), \(SQL.Name("headers")), \(SQL.Name("body")))
            VALUES (\(.null), \(.null), \(.null), \(.null), \(.null), \(.null), \(.null))
            """
        )
        complete = dialect.numbered(
            "UPDATE \(table) SET \(SQL.Name("status")) = \(.null), \(SQL.Name("headers")) = \(.null), \(SQL.Name("body")) = \(.null) WHERE \(key)"
        )
    }

    func find(
        _ key: RepeatKey,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Answer? {
        let found = try connection.first(select.binding([.text(key.scope), .text(key.key)])) { row in
            (
                fingerprint: row.integer(0), status: Int(row.integer(1)), headers: row.text(2), body: row.text(3),
                at: row.integer(4)
            )
        }
        guard let found else { return nil }
        guard found.at > Self.oldest(now).milliseconds else {
            let expired: [Value] = [.text(key.scope), .text(key.key), .datetime(Self.oldest(now))]
            try connection.run(remove.binding(expired))
            return nil
        }
        guard found.fingerprint == key.fingerprint else {
            throw .refused(
                Failure(.keyReused, "This key was used with another body before. Use a new key for a new request.")
            )
        }
        var answer = Answer(status: found.status, headers: Self.headers(found.headers), body: Array(found.body.utf8))
        answer.isRepeated = true
        return answer
    }

    /// Makes whoever has the same key wait, where others can write at all.
    func claim(_ key: RepeatKey, at now: Timestamp, _ connection: any Connection) throws(StorageFailure) {
        guard !connection.writesAlone else { return }
        do throws(StorageFailure) {
            try connection.run(
                insert.binding([
                    .text(key.scope), .text(key.key), .integer(key.fingerprint), .datetime(now), .integer(0),
                    .text("[]"), .null,
                ])
            )
        } catch .unique {
            // Somebody else's answer is there by now: the transaction runs again and finds it.
            throw .contended("another request has the same key")
        } catch {
            throw error
        }
    }

    func keep(
        _ answer: Answer,
        for key: RepeatKey,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        // What is too old goes a few rows at a time, so that no request pays for many.
        try connection.run(prune.binding([.datetime(Self.oldest(now))]))
        let names = answer.headers.map { JSON.array([.string($0.name), .string($0.value)]) }
        var writer = JSONWriter()
        writer.write(JSON.array(names))
        let content: [Value] = [
            .integer(Int64(answer.status)), .text(String(decoding: writer.bytes, as: UTF8.self)),
            .text(String(decoding: answer.body, as: UTF8.self)),
        ]
        if connection.writesAlone {
            try connection.run(
                insert.binding(
                    [.text(key.scope), .text(key.key), .integer(key.fingerprint), .datetime(now)] + content
                )
            )
        } else {
            try connection.run(complete.binding(content + [.text(key.scope), .text(key.key)]))
        }
    }

    private static func oldest(_ now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - Int64(RepeatKey.hoursKept) * 3_600_000)
    }

    private static func headers(_ text: String) -> [(name: String, value: String)] {
        guard case .array(let pairs)? = try? JSONParser.parse(text.utf8) else { return [] }
        return pairs.compactMap { pair in
            guard case .array(let parts) = pair, parts.count == 2, case .string(let name) = parts[0],
                case .string(let value) = parts[1]
            else { return nil }
            return (name, value)
        }
    }
}
