import HTTPTypes
import OffstageSchema

/// Which web pages may send requests here and read the answers: this site's own and those of the listed origins.
struct Origins: Sendable {
    let listed: [String]
    private let own: String?

    init(_ catalog: Catalog) {
        listed = catalog.origins
        own = catalog.address?.origin
    }

    /// Whether the page that sent the request may. A request without an Origin comes from no browser's form of another
    /// site: those send one with every POST (Fetch, section 3.2).
    func allows(_ request: IncomingRequest) -> Bool {
        guard let origin = request.headers[.origin] else {
            let site = request.headers[HTTPField.Name.secFetchSite]
            return site == nil || site == "same-origin" || site == "none"
        }
        return isOwn(origin, request) || listed.contains(origin)
    }

    /// Whether the request comes from a page of this site, or from no page at all. What a browser says of it in Sec-Fetch-Site
    /// no page can change (Fetch Metadata, section 2.3).
    func isSame(_ request: IncomingRequest) -> Bool {
        if let site = request.headers[HTTPField.Name.secFetchSite] { return site == "same-origin" || site == "none" }
        guard let origin = request.headers[.origin] else { return true }
        return isOwn(origin, request)
    }

    /// Whether the site's own pages come over an encrypted connection.
    var siteIsSecure: Bool { own?.hasPrefix("https:") ?? false }

    /// The site's own origin is the configured one, or the one that the request was sent to: behind a proxy the scheme
    /// may differ, so the host and port decide.
    private func isOwn(_ origin: String, _ request: IncomingRequest) -> Bool {
        if origin == own { return true }
        guard let authority = request.authority, let address = WebAddress(origin), address.path.isEmpty else {
            return false
        }
        let host = address.origin.drop { $0 != "/" }.dropFirst(2)
        return host.lowercased() == authority.lowercased()
    }

    /// All that any address may have.
    static let methods: [HTTPRequest.Method] = [.get, .head, .post, .patch, .put, .delete]

    /// The answer to a preflight request (Fetch, section 4.8), and to whoever asks what an address has.
    func preflight(_ request: IncomingRequest, _ methods: [HTTPRequest.Method]) -> Reply {
        var reply = Reply(.noContent)
        reply.headers[.allow] = (methods + [.options]).map(\.rawValue).joined(separator: ", ")
        guard let origin = request.headers[.origin], listed.contains(origin) else { return reply }
        reply.headers[.accessControlAllowMethods] = Self.methods.map(\.rawValue).joined(separator: ", ")
        reply.headers[.accessControlAllowHeaders] =
            "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID"
        reply.headers[.accessControlMaxAge] = "600"
        return reply
    }

    /// Lets a page on a listed origin read the answer. `null` and origins that only look alike get no header.
    func share(_ reply: inout Reply, with request: IncomingRequest) {
        guard !listed.isEmpty else { return }
        reply.headers[.vary] = reply.headers[.vary].map { $0 + ", Origin" } ?? "Origin"
        guard let origin = request.headers[.origin], listed.contains(origin) else { return }
        reply.headers[.accessControlAllowOrigin] = origin
        reply.headers[.accessControlExposeHeaders] = "ETag, Link, Location, Retry-After, Idempotent-Replayed"
    }
}
