import HTTPTypes
import OffstageAccounts
import OffstageSchema

/// The cookie that a browser keeps its session in.
///
/// Its name starts with `__Host-`, so that browsers take it over an encrypted connection alone, for this host alone and not
/// from another that is below it (RFC 6265bis, section 4.1.3.2). On http://localhost, where there is no encryption, it has
/// the plain name.
enum SessionCookie {
    static let name = "__Host-offstage_session"
    static let plainName = "offstage_session"
    /// What stays in the browser while it is away at a provider.
    static let providerName = "__Host-offstage_provider"
    static let plainProviderName = "offstage_provider"

    /// The token of a request; nil when it has none. The plain name counts on this machine alone: elsewhere, anybody on the
    /// way could have set it.
    static func token(in headers: HTTPFields, authority: String?) -> String? {
        guard headers.contains(.cookie) else { return nil }
        // One that is there and says nothing was taken away; another in its place was put there by somebody else.
        if let token = value(name, in: headers) { return token.isEmpty ? nil : token }
        guard isLocal(authority), let token = value(plainName, in: headers), !token.isEmpty else { return nil }
        return token
    }

    static func providerSecret(in request: IncomingRequest) -> String? {
        value(providerName, in: request.headers)
            ?? (isLocal(request.authority) ? value(plainProviderName, in: request.headers) : nil)
    }

    /// The first value of a name, of all cookie fields (RFC 6265, section 5.4); empty for one that is too long to be ours.
    private static func value(_ name: String, in headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                let trimmed = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard let equals = trimmed.firstIndex(of: UInt8(ascii: "=")),
                    trimmed[..<equals].elementsEqual(name.utf8)
                else { continue }
                let value = String(decoding: trimmed[trimmed.index(after: equals)...], as: UTF8.self)
                return value.utf8.count > 512 ? "" : value
            }
        }
        return nil
    }

    /// Whether what a client named as the server is this machine.
    static func isLocal(_ authority: String?) -> Bool {
        authority.flatMap { WebAddress("http://\($0)") }?.isLoopback ?? false
    }

    /// The field that hands a session to a browser.
    static func set(_ session: NewSession, for request: IncomingRequest, siteIsSecure: Bool) -> HTTPField {
        let (seconds, _) = Session.lifeAtMost.components
        return field(
            isPlain(request, siteIsSecure) ? plainName : name,
            session.token,
            seconds: seconds,
            isSecure: !isPlain(request, siteIsSecure)
        )
    }

    /// The field that takes it away.
    static func clear(for request: IncomingRequest, siteIsSecure: Bool) -> HTTPField {
        let plain = isPlain(request, siteIsSecure)
        return field(plain ? plainName : name, "", seconds: 0, isSecure: !plain)
    }

    static func setProvider(_ secret: String?, for request: IncomingRequest, siteIsSecure: Bool) -> HTTPField {
        let plain = isPlain(request, siteIsSecure)
        return field(
            plain ? plainProviderName : providerName,
            secret ?? "",
            seconds: secret == nil ? 0 : 900,
            isSecure: !plain
        )
    }

    /// Whether the browser is at http://localhost: by the page that it says it sends from, else by where it sends to. Behind a
    /// proxy on the same machine the latter says nothing, so a site whose address is encrypted is not taken for local.
    private static func isPlain(_ request: IncomingRequest, _ siteIsSecure: Bool) -> Bool {
        if let origin = request.headers[.origin], let address = WebAddress(origin) {
            return address.scheme == "http" && address.isLoopback
        }
        return isLocal(request.authority) && !siteIsSecure
    }

    private static func field(_ name: String, _ value: String, seconds: Int64, isSecure: Bool) -> HTTPField {
        let secure = isSecure ? "; Secure" : ""
        return HTTPField(
            name: .setCookie,
            value: "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Lax\(secure)"
        )
    }
}
