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
        if let kept = try answers.find(repeatKey, at: now, connection) { return .answer(kept) }
        try answers.claim(repeatKey, at: now, connection)
        let fresh = answer(try write())
        try answers.keep(fresh, for: repeatKey, at: now, connection)
        return .answer(fresh)
    }
}
