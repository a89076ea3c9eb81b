/// The one error that leaves a layer: a closed kind, what to tell the client, and what only the operator may read.
package struct Failure: Error, Sendable {
    package let kind: Kind
    /// One or two sentences for the person who sent the request. Never inner detail.
    package let detail: String
    /// One entry a fault, for the kinds that carry them.
    package let faults: [Fault]
    /// For the log alone: what the database or the system said. Not part of any description.
    package let operatorDetail: String?
    /// Seconds after which a further try makes sense (RFC 9110, section 10.2.3).
    package let retryAfter: Int?
    /// The limit that was reached, for `.rateLimited`.
    package let limit: RateLimit?

    package init(
        _ kind: Kind,
        _ detail: String,
        faults: [Fault] = [],
        operatorDetail: String? = nil,
        retryAfter: Int? = nil,
        limit: RateLimit? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.operatorDetail = operatorDetail
        self.retryAfter = retryAfter
        self.limit = limit
    }

    /// How often something may be done in a window of time.
    package struct RateLimit: Hashable, Sendable {
        /// What is counted, a token: `posts`.
        package let name: String
        package let quota: Int64
        /// In seconds.
        package let window: Int64

        package init(name: String, quota: Int64, window: Int64) {
            self.name = name
            self.quota = quota
            self.window = window
        }
    }

    /// The kinds, by their stable codes. Each is a page at `/problems/<code>`.
    package enum Kind: String, Sendable, CaseIterable {
        case malformed
        case unauthenticated
        case forbidden
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case notAcceptable = "not_acceptable"
        case timeout
        case conflict
        case stale
        case tooLarge = "too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case invalid
        case keyReused = "key_reused"
        case rateLimited = "rate_limited"
        case headersTooLarge = "headers_too_large"
        case internalError = "internal"
        case unavailable
        /// The disk that holds the data is full.
        case storageFull = "storage_full"
    }
}

extension Failure {
    /// Values that break the schema, one fault each.
    package static func invalid(_ faults: [Fault]) -> Failure {
        let count = faults.count
        return Failure(
            .invalid,
            count == 1 ? "One value is not valid." : "\(count) values are not valid.",
            faults: faults
        )
    }

    /// No such record, or one that the caller may not see: the two are the same.
    package static let notFound = Failure(.notFound, "There is nothing here, or it is not yours to see.")
}
