import HTTPTypes
package import OffstageSchema

/// The proxies in front of this server whose word on where a request came from is taken.
///
/// Without any, the address of the connection is the client's, and `X-Forwarded-For` is ignored: anybody can write it.
package struct TrustedProxies: Sendable {
    private let networks: [IPNetwork]

    package static let none = TrustedProxies(networks: [])

    private init(networks: [IPNetwork]) {
        self.networks = networks
    }

    /// Reads addresses and networks with commas between them: `127.0.0.1, 10.0.0.0/8, ::1`.
    ///
    /// - Throws: `.malformed` that names what is neither.
    package init(_ text: String) throws(Failure) {
        networks = try IPNetwork.list(text)
    }

    /// The client's address: the last one in X-Forwarded-For that no trusted proxy has, when a trusted proxy sent it.
    func client(of headers: HTTPFields, from address: String) -> String {
        guard !networks.isEmpty, isTrusted(address), let forwarded = headers[.forwardedFor] else { return address }
        var client = address
        for part in forwarded.split(separator: ",").reversed() {
            let hop = String(part.filter { $0 != " " && $0 != "\t" })
            guard IPNetwork.bytes(of: hop) != nil else { return client }
            client = hop
            if !isTrusted(hop) { return client }
        }
        return client
    }

    private func isTrusted(_ address: String) -> Bool {
        guard let bytes = IPNetwork.bytes(of: address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    /// The address that limits count by: of IPv6 the first 64 bits, since one house or phone has all of the rest.
    static func household(of address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")), let bytes = IPNetwork.bytes(of: address) else { return address }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 }
        return isMapped ? address : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }
}
