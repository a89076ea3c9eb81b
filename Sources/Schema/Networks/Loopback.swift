/// This machine, by its names and addresses.
package enum Loopback {
    /// Whether a host is this machine: `localhost` and what is below it (RFC 6761, section 6.3), an address in 127.0.0.0/8,
    /// or ::1, with brackets or without.
    package static func isNamed(by host: String) -> Bool {
        let host = host.lowercased()
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        let text = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        guard let bytes = IPNetwork.bytes(of: text) else { return false }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127]
        return bytes.starts(with: mapped) || bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }
}
