import OffstageSchema
import OffstageStorage

/// What makes a repeated request the same request (the Idempotency-Key header draft): the first answer is kept with
/// the write, in its transaction, and given again for 24 hours.
package struct RepeatKey: Sendable {
    /// 1–255 characters, by the client.
    package let key: String
    /// Whose key it is and for what: keys of two callers, methods or paths never meet.
    package let scope: String
    /// Of the body: another body under the same key is refused.
    package let fingerprint: Int64

    package init(key: String, scope: String, body: [UInt8]) {
        var fingerprint = Fingerprint()
        fingerprint.add(body)
        self.init(key: key, scope: scope, body: fingerprint)
    }

    package init(key: String, scope: String, body: Fingerprint) {
        self.key = key
        self.scope = scope
        fingerprint = body.value
    }

    package static let hoursKept = 24

    /// FNV-1a, 64 bits, of a body that may come in pieces: tells an honest mistake; the key itself is what keeps callers
    /// apart.
    package struct Fingerprint: Sendable {
        private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

        package init() {}

        package var value: Int64 { Int64(bitPattern: hash) }

        package mutating func add(_ bytes: [UInt8]) {
            for byte in bytes {
                hash ^= UInt64(byte)
                hash = hash &* 0x100_0000_01b3
            }
        }
    }
}

/// An answer as it is kept and given again.
package struct Answer: Sendable, Hashable {
    package var status: Int
    /// Names and values, in order.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Given again, rather than made by this request.
    package var isRepeated = false

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func == (left: Answer, right: Answer) -> Bool {
        left.status == right.status && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(body)
    }
}

/// What a write came to: an answer that is kept with it, or its result alone, of which the answer is made after the
/// commit, so that the one writer need not wait for it.
enum Settled<Result: Sendable>: Sendable {
    case answer(Answer)
    case result(Result)

    func answer(_ make: (Result) -> Answer) -> Answer {
        switch self {
        case .answer(let answer): answer
        case .result(let result): make(result)
        }
    }
}

extension Records {
    /// Runs a write. With a key, its answer is made and kept in the same transaction, or the kept answer is given when
    /// the key was used before.
    func answering<Result>(
        _ repeatKey: RepeatKey?,
        at now: Timestamp,
        _ connection: any Connection,
        write: () throws(StorageFailure) -> Result,
        answer: (Result) -> Answer
    ) throws(StorageFailure) -> Settled<Result> {
        guard let repeatKey else { return .result(try write()) }
        if let kept = try KeptAnswers.find(repeatKey, at: now, connection) { return .answer(kept) }
        let fresh = answer(try write())
        try KeptAnswers.keep(fresh, for: repeatKey, at: now, connection)
        return .answer(fresh)
    }
}

/// The table of kept answers.
enum KeptAnswers {
    static func find(
        _ key: RepeatKey,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) -> Answer? {
        let found = try connection.first(
            Statement(text: select, bindings: [.text(key.scope), .text(key.key), oldest(now)])
        ) { row throws(StorageFailure) in
            (
                fingerprint: row.integer(0), status: Int(row.integer(1)), headers: row.text(2), body: row.text(3)
            )
        }
        guard let found else { return nil }
        guard found.fingerprint == key.fingerprint else {
            throw .refused(
                Failure(.keyReused, "This key was used with another body before. Use a new key for a new request.")
            )
        }
        var answer = Answer(status: found.status, headers: headers(found.headers), body: Array(found.body.utf8))
        answer.isRepeated = true
        return answer
    }

    static func keep(
        _ answer: Answer,
        for key: RepeatKey,
        at now: Timestamp,
        _ connection: any Connection
    ) throws(StorageFailure) {
        // What is too old goes a few rows at a time, so that no request pays for many.
        try connection.run(Statement(text: prune, bindings: [.text(key.scope), .text(key.key), oldest(now)]))
        let names = answer.headers.map { JSON.array([.string($0.name), .string($0.value)]) }
        try connection.run(
            Statement(
                text: insert,
                bindings: [
                    .text(key.scope), .text(key.key), .integer(key.fingerprint), .datetime(now),
                    .integer(Int64(answer.status)), .json(.array(names)),
                    .text(String(decoding: answer.body, as: UTF8.self)),
                ]
            )
        )
    }

    private static func oldest(_ now: Timestamp) -> Value {
        .datetime(Timestamp(milliseconds: now.milliseconds - Int64(RepeatKey.hoursKept) * 3_600_000))
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

    private static let select = """
        SELECT "fingerprint", "status", "headers", "body" FROM "_answers" WHERE "scope" = ? AND "key" = ? AND "at" > ?
        """
    private static let prune = """
        DELETE FROM "_answers" WHERE ("scope" = ? AND "key" = ?) OR ("scope", "key") IN \
        (SELECT "scope", "key" FROM "_answers" WHERE "at" <= ? LIMIT 20)
        """
    private static let insert = """
        INSERT INTO "_answers" ("scope", "key", "fingerprint", "at", "status", "headers", "body") \
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """
}
