import OffstageSchema

/// A document of a provider, kept for a while and fetched once for all who wait for it.
actor KeptDocument<Document: Sendable> {
    /// Milliseconds that a document is used, and that no other is fetched after one was, or after none came.
    private static var lifetime: Int64 { 3_600_000 }
    private static var pause: Int64 { 60_000 }

    private let now: @Sendable () -> Timestamp
    private let fetch: @Sendable () async throws(Failure) -> Document
    private var last: (result: Result<Document, Failure>, at: Timestamp)?
    private var isFetching = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(now: @escaping @Sendable () -> Timestamp, fetch: @escaping @Sendable () async throws(Failure) -> Document) {
        self.now = now
        self.fetch = fetch
    }

    /// The document, at most an hour old.
    func current() async throws(Failure) -> Document {
        try await value { result in
            switch result {
            case .success: Self.lifetime
            case .failure: Self.pause
            }
        }
    }

    /// The document, fetched again unless that was done within the last minute.
    func refreshed() async throws(Failure) -> Document {
        try await value { _ in Self.pause }
    }

    private func value(while lifetime: (Result<Document, Failure>) -> Int64) async throws(Failure) -> Document {
        while true {
            if let last, isYounger(last.at, than: lifetime(last.result)) { return try last.result.get() }
            if !isFetching { return try await fetched() }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// A clock that was set back makes nothing last longer.
    private func isYounger(_ moment: Timestamp, than lifetime: Int64) -> Bool {
        let age = now().milliseconds &- moment.milliseconds
        return (0..<lifetime).contains(age)
    }

    private func fetched() async throws(Failure) -> Document {
        isFetching = true
        defer {
            isFetching = false
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
        do throws(Failure) {
            let document = try await fetch()
            last = (.success(document), now())
            return document
        } catch {
            // That somebody gave up says nothing of the provider: whoever waits asks again.
            if !Task.isCancelled { last = (.failure(error), now()) }
            throw error
        }
    }
}
