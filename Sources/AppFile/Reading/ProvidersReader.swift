import OffstageSchema

/// `providers: {google: {discovery: …, client: …}}`: whom people may sign in with, by OpenID Connect.
struct ProvidersReader {
    static let keys: [Key] = [
        Key(
            "discovery",
            "Where the provider describes itself: its issuer followed by \(Provider.wellKnown).",
            .pattern("^https?://[^?#\\s]+/\\.well-known/openid-configuration$"),
            required: example
        ),
        Key(
            "client",
            "The client id that the provider gave the app. The client secret is given to the program, not written here.",
            .anyText,
            required: "\"1234567890\""
        ),
        Key("label", "What the button says; made from the name unless given.", .anyText),
        Key(
            "scopes",
            "What the app asks the provider for, openid among it; "
                + "[\(Provider.standardScopes.joined(separator: ", "))] unless given.",
            .list(of: .pattern("^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$"))
                .with("contains", .schema(["const": .string(openID)]))
        ),
    ]

    /// Of the whole: providers by name.
    static let shape = JSON.mapping(from: .provider, to: .mapping(keys)).orNull

    private static let example = "https://accounts.google.com\(Provider.wellKnown)"
    private static let openID = "openid"

    let faults: FaultList

    func read(_ node: YAMLNode) -> [Provider] {
        // With all of it commented out, the key has the value null.
        if node.isNull { return [] }
        guard case .mapping(let entries) = node.content else {
            faults.expected("a mapping of provider names to providers", at: node)
            return []
        }
        return entries.compactMap { provider($0) }
    }

    private func provider(_ entry: YAMLEntry) -> Provider? {
        if let refusal = NameRule.provider.refusal(entry.key) { faults.add(entry.place, refusal) }
        guard
            let section = Section(
                entry.value,
                what: "a provider",
                place: entry.place,
                keys: Self.keys,
                faults: faults,
                unknown: Self.secretInstead
            )
        else { return nil }
        let discovery = section["discovery"].flatMap { self.discovery($0) }
        let client = section["client"].flatMap { self.client($0) }
        let label = section.line("label")
        let scopes = section["scopes"].map { self.scopes($0) }
        guard let discovery, let client else { return nil }
        return Provider(
            name: entry.key,
            label: label,
            discovery: discovery,
            client: client,
            scopes: scopes ?? Provider.standardScopes
        )
    }

    /// The app file is shown, copied and kept in version control, which a secret must not be.
    private static func secretInstead(_ key: String) -> String? {
        guard ["secret", "client_secret", "clientsecret"].contains(key.lowercased()) else { return nil }
        return "a client secret does not belong in the app file; remove it here and give it to the program"
    }

    private func discovery(_ node: YAMLNode) -> String? {
        let expected = "the provider's discovery URL, such as \(Self.example)"
        guard let text = faults.text(node, expected: expected) else { return nil }
        // Bytes beyond ASCII would have to be escaped before anything is sent there.
        guard let address = WebAddress(text), text.utf8.allSatisfy({ $0 < 0x80 }) else {
            faults.expected(expected, at: node)
            return nil
        }
        guard !address.path.contains(where: { $0 == "?" || $0 == "#" }) else {
            faults.add(node.place, "the discovery URL may not have a query or a fragment")
            return nil
        }
        guard address.path.hasSuffix(Provider.wellKnown) else {
            let issuer = text.hasSuffix("/") ? String(text.dropLast()) : text
            faults.expected(expected, at: node, hint: "; did you mean \(Excerpt.of(issuer))\(Provider.wellKnown)?")
            return nil
        }
        guard address.scheme == "https" || address.isLoopback else {
            faults.add(
                node.place,
                "the discovery URL must start with https://; http is for a provider on this machine alone"
            )
            return nil
        }
        return text
    }

    /// RFC 6749, appendix A.1.
    private func client(_ node: YAMLNode) -> String? {
        let expected = "the client id that the provider gave the app"
        guard let text = faults.line(node, expected: expected) else { return nil }
        guard text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            faults.expected(expected + ", in ASCII", at: node)
            return nil
        }
        return text
    }

    private func scopes(_ node: YAMLNode) -> [String] {
        let sample = "[\(Provider.standardScopes.joined(separator: ", "))]"
        guard let elements = faults.list(node, of: "scopes, such as \(sample)") else { return [] }
        var scopes: [String] = []
        for element in elements {
            guard let scope = faults.text(element, expected: "a scope, such as email") else { continue }
            guard Self.isScope(scope) else {
                faults.expected("a scope, such as email: one word of ASCII characters", at: element)
                continue
            }
            if scopes.contains(scope) {
                faults.add(element.place, "\(Excerpt.quoted(scope)) is in the scopes twice")
            } else {
                scopes.append(scope)
            }
        }
        // Without it the provider answers OAuth 2.0 alone, which does not say who somebody is.
        if !scopes.contains(Self.openID) {
            faults.add(node.place, "the scopes need \"\(Self.openID)\", such as \(sample)")
        }
        return scopes
    }

    /// `scope-token` of RFC 6749, section 3.3.
    private static func isScope(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}

extension NameRule {
    static let provider = NameRule(what: "a provider", reserved: [])
}
