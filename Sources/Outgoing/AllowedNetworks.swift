package import OffstageSchema

/// The addresses that the operator lets the program connect to although they are not public: a database of identities in
/// the same network, a test server on the same machine.
package struct AllowedNetworks: Sendable {
    private let networks: [IPNetwork]

    package static let none = AllowedNetworks(networks: [])

    private init(networks: [IPNetwork]) {
        self.networks = networks
    }

    /// Reads addresses and networks with commas between them: `127.0.0.1, 10.0.0.0/8, ::1`.
    ///
    /// - Throws: `.malformed` that names what is neither.
    package init(_ text: String) throws(Failure) {
        networks = try IPNetwork.list(text)
    }

    /// Whether a connection to an address may be made: a public one, or one of these.
    ///
    /// - Parameter address: 16 bytes, IPv4 mapped into IPv6.
    func admit(_ address: [UInt8]) -> Bool {
        networks.contains { $0.contains(address) } || PublicAddresses.contains(address)
    }
}
