import Glibc
import HTTPTypes
package import OffstageSchema

/// The proxies in front of this server whose word on where a request came from is taken.
///
/// Without any, the address of the connection is the client's, and `X-Forwarded-For` is ignored: anybody can write it.
package struct TrustedProxies: Sendable {
    private struct Network {
        /// IPv6 form; IPv4 addresses are mapped into it (RFC 4291, section 2.5.5.2).
        let bytes: [UInt8]
        let bits: Int

        func contains(_ address: [UInt8]) -> Bool {
            for index in 0..<16 {
                let rest = bits - index * 8
                if rest <= 0 { return true }
                let mask: UInt8 = rest >= 8 ? 0xff : ~(0xff >> UInt8(rest))
                if bytes[index] & mask != address[index] & mask { return false }
            }
            return true
        }
    }

    private let networks: [Network]

    package static let none = TrustedProxies(networks: [])

    private init(networks: [Network]) {
        self.networks = networks
    }

    /// Reads addresses and networks with commas between them: `127.0.0.1, 10.0.0.0/8, ::1`.
    ///
    /// - Throws: `.malformed` that names what is neither.
    package init(_ text: String) throws(Failure) {
        var networks: [Network] = []
        for part in text.split(separator: ",").map({ $0.filter { $0 != " " } }) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = pieces.first, pieces.count <= 2, let bytes = Self.bytes(String(first)) else {
                throw Failure(.malformed, "\"\(part)\" is no address and no network such as 10.0.0.0/8.")
            }
            let length = first.contains(":") ? 128 : 32
            guard let bits = pieces.count == 2 ? Int(pieces[1]) : length, (0...length).contains(bits) else {
                throw Failure(.malformed, "\"\(part)\" must end with a number of bits from 0 to \(length).")
            }
            networks.append(Network(bytes: bytes, bits: bits + 128 - length))
        }
        self.networks = networks
    }

    /// The client's address: the last one in X-Forwarded-For that no trusted proxy has, when a trusted proxy sent it.
    func client(of headers: HTTPFields, from address: String) -> String {
        guard !networks.isEmpty, isTrusted(address), let forwarded = headers[.forwardedFor] else { return address }
        var client = address
        for part in forwarded.split(separator: ",").reversed() {
            let hop = String(part.filter { $0 != " " && $0 != "\t" })
            guard Self.bytes(hop) != nil else { return client }
            client = hop
            if !isTrusted(hop) { return client }
        }
        return client
    }

    private func isTrusted(_ address: String) -> Bool {
        guard let bytes = Self.bytes(address) else { return false }
        return networks.contains { $0.contains(bytes) }
    }

    /// The address that limits count by: of IPv6 the first 64 bits, since one house or phone has all of the rest.
    static func household(of address: String) -> String {
        guard address.utf8.contains(UInt8(ascii: ":")), let bytes = bytes(address) else { return address }
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 }
        return isMapped ? address : bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":") + "/64"
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            return [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + withUnsafeBytes(of: four) { Array($0) }
        }
        var sixteen = in6_addr()
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        return withUnsafeBytes(of: sixteen) { Array($0) }
    }
}
