import HTTPTypes
import NIOCore
import OffstageRecords

/// What a route answers with.
struct Reply: Sendable {
    var status: HTTPResponse.Status
    var headers: HTTPFields
    var body: Body

    enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Written piece by piece as the client reads it. `length` is what it will come to, when that is known.
        case stream(length: Int?, @Sendable (any BodyWriter) async throws -> Void)
    }

    init(_ status: HTTPResponse.Status, headers: HTTPFields = [:], body: Body = .none) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    init(_ status: HTTPResponse.Status, _ type: MediaType, _ bytes: [UInt8]) {
        self.init(status, headers: [.contentType: type.text], body: .bytes(bytes))
    }

    /// An answer that was kept, or could have been.
    init(_ answer: Answer) {
        status = HTTPResponse.Status(code: answer.status)
        headers = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { headers.append(HTTPField(name: name, value: value)) }
        }
        if answer.isRepeated { headers[.idempotentReplayed] = "true" }
        body = answer.body.isEmpty ? .none : .bytes(answer.body)
    }

    /// Says that the answer is its caller's alone and is asked for again before it is used again, unless it says something
    /// stricter.
    mutating func keepPrivate() {
        // Looked through and appended, since a field by its name builds an index of all fields first.
        guard !headers.contains(where: { $0.name == .cacheControl }) else { return }
        headers.append(Self.privately)
    }

    private static let privately = HTTPField(name: .cacheControl, value: "private, no-cache")
}

/// Takes the pieces of a body, waiting whenever the client reads more slowly than they come.
protocol BodyWriter: Sendable {
    func write(_ bytes: [UInt8]) async throws
}

extension HTTPField.Name {
    /// A name that is written here and so is a token; `via` stands for what can't happen.
    private static func known(_ name: String) -> HTTPField.Name {
        HTTPField.Name(name) ?? .via
    }

    static let idempotencyKey = known("Idempotency-Key")
    static let idempotentReplayed = known("Idempotent-Replayed")
    static let rateLimit = known("RateLimit")
    static let rateLimitPolicy = known("RateLimit-Policy")
    static let frameOptions = known("X-Frame-Options")
    static let referrerPolicy = known("Referrer-Policy")
    static let secFetchSite = known("Sec-Fetch-Site")
    static let forwardedFor = known("X-Forwarded-For")
    static let link = known("Link")
    static let language = known("Accept-Language")
}

/// The media types that Offstage writes.
struct MediaType: Hashable, Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    static let json = MediaType("application/json")
    static let problem = MediaType("application/problem+json")
    static let html = MediaType("text/html; charset=utf-8")
    static let css = MediaType("text/css; charset=utf-8")
    static let csv = MediaType("text/csv; charset=utf-8; header=present")
    static let ndjson = MediaType("application/x-ndjson")
}
