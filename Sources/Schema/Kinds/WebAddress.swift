/// The parts of an absolute `http` or `https` URL (RFC 3986) that decide whom it names.
package struct WebAddress: Hashable, Sendable {
    /// `http` or `https`, in lower case.
    package let scheme: String
    /// In lower case, brackets kept around an IPv6 address.
    package let host: String
    package let port: Int?
    /// From the first slash on, with query and fragment; empty when there is none.
    package let path: String

    /// Refuses what browsers read differently from servers: user names, backslashes, spaces, control characters.
    package init?(_ text: some StringProtocol) {
        guard
            !text.unicodeScalars.contains(where: {
                $0.value <= 0x20 || $0.value == 0x7f || $0 == "\\" || $0.properties.isWhitespace
            }),
            let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://")
        else { return nil }
        scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[text.index(colon, offsetBy: 3)...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" || $0 == "#" } ?? rest.endIndex
        path = String(rest[end...])
        let authority = rest[..<end]
        guard !authority.contains("@") else { return nil }
        var host = String(authority)
        var port: Int?
        if let last = authority.lastIndex(of: ":"), !authority[last...].contains("]") {
            let digits = authority[authority.index(after: last)...]
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits),
                (1...65_535).contains(number)
            else { return nil }
            host = String(authority[..<last])
            port = number
        }
        guard Self.isHost(host) else { return nil }
        self.host = host.lowercased()
        self.port = port
    }

    private static func isHost(_ host: String) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = host.dropFirst().dropLast()
            return inner.contains(":") && inner.allSatisfy { $0.isHexDigit && $0.isASCII || $0 == ":" || $0 == "." }
        }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let meaningful = labels.last == "" && labels.count > 1 ? labels.dropLast() : labels[...]
        return meaningful.allSatisfy { label in
            !label.isEmpty && label.utf8.count <= 63
                && label.unicodeScalars.allSatisfy { scalar in
                    switch scalar {
                    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
                    default: scalar.value >= 0x80
                    }
                }
        }
    }

    /// `https://shop.example`, `http://localhost:8080`: the origin as browsers send it (RFC 6454, section 6.2).
    package var origin: String {
        let standard = scheme == "https" ? 443 : 80
        guard let port, port != standard else { return "\(scheme)://\(host)" }
        return "\(scheme)://\(host):\(port)"
    }

    /// Whether the host is this machine.
    package var isLoopback: Bool { Loopback.isNamed(by: host) }
}
