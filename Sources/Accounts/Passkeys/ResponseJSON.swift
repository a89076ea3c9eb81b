import OffstageSchema

/// Reads the members of what a browser sends.
struct ResponseJSON {
    let members: [JSON.Member]
    /// What the object is called in messages.
    let place: String

    /// Bytes of base64url that are read: an attestation with its certificates has a few thousand.
    private static let longest = 131_072

    init(_ json: JSON?, _ place: String) throws(PasskeyFailure) {
        guard case .object(let members)? = json else { throw .malformed("\(place) is no object") }
        self.members = members
        self.place = place
    }

    subscript(name: String) -> JSON? {
        members.first { $0.name.isExactly(name) }?.value
    }

    func text(_ name: String) throws(PasskeyFailure) -> String {
        guard case .string(let text)? = self[name] else { throw .malformed("\(name) of \(place) is no text") }
        return text
    }

    /// The bytes of a base64url text.
    func bytes(_ name: String) throws(PasskeyFailure) -> [UInt8] {
        let text = try text(name)
        guard text.utf8.count <= Self.longest, let bytes = Base64URL.decode(text) else {
            throw .malformed("\(name) of \(place) is no base64url")
        }
        return bytes
    }

    /// Nil when the member is missing or null.
    func bytesIfAny(_ name: String) throws(PasskeyFailure) -> [UInt8]? {
        switch self[name] {
        case nil, .null: nil
        default: try bytes(name)
        }
    }

    /// The id of the passkey, said in `id` and `rawId` alike (WebAuthn Level 3, section 5.1), where `type` says that it is
    /// one.
    func credentialID() throws(PasskeyFailure) -> [UInt8] {
        let type = try text("type")
        guard type == "public-key" else { throw .malformed("type is \"\(type)\" instead of \"public-key\"") }
        let id = try bytes("id")
        guard try bytes("rawId") == id else { throw .malformed("id and rawId are not the same") }
        return id
    }
}
