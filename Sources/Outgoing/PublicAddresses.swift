import OffstageSchema

/// The addresses that mean the same machine to everybody: all that IANA's registries of special-purpose addresses
/// (RFC 6890; iana-ipv4-special-registry, iana-ipv6-special-registry) do not set aside.
enum PublicAddresses {
    /// - Parameter address: 16 bytes, IPv4 mapped into IPv6.
    static func contains(_ address: [UInt8]) -> Bool {
        // A list that could not be read would leave all open.
        guard address.count == 16, let lists else { return false }
        if lists.mapped.contains(address) { return !lists.specialFour.contains { $0.contains(address) } }
        if lists.translated.contains(address) {
            return contains([UInt8](repeating: 0, count: 10) + [0xff, 0xff] + address.suffix(4))
        }
        return lists.unicast.contains(address) && !lists.specialSix.contains { $0.contains(address) }
    }

    private struct Lists: Sendable {
        /// IPv4 in IPv6.
        let mapped: IPNetwork
        /// What a network without IPv4 makes of an IPv4 address (NAT64, RFC 6052); that address decides.
        let translated: IPNetwork
        /// What is given out to the world (RFC 4291, section 2.4). Loopback, unspecified, IPv4-compatible, unique-local,
        /// link-local, multicast and NAT64 of one's own (64:ff9b:1::/48) lie outside.
        let unicast: IPNetwork
        let specialFour: [IPNetwork]
        let specialSix: [IPNetwork]
    }

    private static let lists: Lists? = {
        guard let mapped = try? IPNetwork("::ffff:0:0/96"), let translated = try? IPNetwork("64:ff9b::/96"),
            let unicast = try? IPNetwork("2000::/3"), let four = try? IPNetwork.list(four),
            let six = try? IPNetwork.list(six)
        else { return nil }
        return Lists(
            mapped: mapped,
            translated: translated,
            unicast: unicast,
            specialFour: four,
            specialSix: six
        )
    }()

    /// In order: this network; private; shared by a provider's customers; loopback; link-local, where clouds keep their
    /// metadata; private; protocols; documentation; 6to4 relays; private; benchmarks; documentation, twice; multicast;
    /// reserved and broadcast. The single address is where Azure's machines find their platform
    /// (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
    private static let four = """
        0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.0.2.0/24, \
        192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24, 224.0.0.0/4, 240.0.0.0/4, \
        168.63.129.16
        """

    /// In order: protocols, Teredo and benchmarks among them; documentation; 6to4; documentation.
    private static let six = "2001::/23, 2001:db8::/32, 2002::/16, 3fff::/20"
}
