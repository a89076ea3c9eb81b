import Glibc

/// Addresses that share their first bits, such as `10.0.0.0/8` (CIDR, RFC 4632), or one address.
package struct IPNetwork: Hashable, Sendable {
    /// IPv6 form; IPv4 addresses are mapped into it (RFC 4291, section 2.5.5.2).
    private let bytes: [UInt8]
    private let bits: Int

    /// Reads an address or a network.
    ///
    /// - Throws: `.malformed` that names what is neither.
    package init(_ text: some StringProtocol) throws(Failure) {
        let pieces = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = pieces.first, pieces.count <= 2, let bytes = Self.bytes(of: String(first)) else {
            throw Failure(.malformed, "\"\(text)\" is no address and no network such as 10.0.0.0/8.")
        }
        let length = first.contains(":") ? 128 : 32
        guard let bits = pieces.count == 2 ? Int(pieces[1]) : length, (0...length).contains(bits) else {
            throw Failure(.malformed, "\"\(text)\" must end with a number of bits from 0 to \(length).")
        }
        self.bytes = bytes
        self.bits = bits + 128 - length
    }

    /// Reads addresses and networks with commas between them: `127.0.0.1, 10.0.0.0/8, ::1`.
    ///
    /// - Throws: `.malformed` that names what is neither.
    package static func list(_ text: String) throws(Failure) -> [IPNetwork] {
        var networks: [IPNetwork] = []
        for part in text.split(separator: ",") { networks.append(try IPNetwork(part.filter { $0 != " " })) }
        return networks
    }

    /// - Parameter address: 16 bytes, as ``bytes(of:)`` gives them.
    package func contains(_ address: [UInt8]) -> Bool {
        guard address.count == 16 else { return false }
        for (index, (own, other)) in zip(bytes, address).enumerated() {
            let rest = bits - index * 8
            if rest <= 0 { return true }
            let mask: UInt8 = rest >= 8 ? 0xff : ~(0xff >> UInt8(rest))
            if own & mask != other & mask { return false }
        }
        return true
    }

    /// An address of either kind as the 16 bytes of IPv6; nil for anything else.
    package static func bytes(of text: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            return [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + withUnsafeBytes(of: four) { Array($0) }
        }
        var sixteen = in6_addr()
        guard inet_pton(AF_INET6, text, &sixteen) == 1 else { return nil }
        return withUnsafeBytes(of: sixteen) { Array($0) }
    }
}
