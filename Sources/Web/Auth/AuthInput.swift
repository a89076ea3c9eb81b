import OffstageAccounts
import OffstageSchema

/// The members of a request to /auth, taken one by one; what is left in the end is a fault.
struct AuthInput {
    /// Bytes of a body here. A password is at most 1,024 characters, and what is longer is not even read.
    static let bytesAtMost = 65_536

    private(set) var rest: Input
    private var faults: [Fault] = []

    /// - Throws: `.malformed` for a body that is too large as for any other that can't be read.
    init(_ request: IncomingRequest) async throws(Failure) {
        do throws(Failure) {
            // No body at all is one without members, as to sign out needs none.
            if BodyReader.mediaType(request.headers) == nil,
                try await BodyReader.read(request, atMost: Self.bytesAtMost).isEmpty
            {
                rest = Input([])
                return
            }
            rest = try await InputBody.read(request, atMost: Self.bytesAtMost).input
        } catch {
            guard error.kind == .tooLarge else { throw error }
            throw Failure(
                .malformed,
                "The body is larger than \(Self.bytesAtMost) bytes, which is the most that is read here."
            )
        }
    }

    /// A text that must be there.
    mutating func text(_ name: String) -> String {
        guard let text = optional(name) else {
            faults.append(Fault("/" + name, .required, "is required"))
            return ""
        }
        return text
    }

    /// A text that may be left out, or be empty, or null.
    mutating func optional(_ name: String) -> String? {
        guard let index = rest.members.firstIndex(where: { $0.name == name }) else { return nil }
        switch rest.members.remove(at: index).content {
        case .texts(let texts): return texts.first { !$0.isEmpty }
        case .json(.string(let text)): return text.isEmpty ? nil : text
        case .json(.null): return nil
        case .json:
            faults.append(Fault("/" + name, .type, "must be a string"))
            return nil
        }
    }

    /// A JSON value, which a form sends as text.
    mutating func json(_ name: String) -> JSON? {
        guard let index = rest.members.firstIndex(where: { $0.name == name }) else { return nil }
        switch rest.members.remove(at: index).content {
        case .json(let json): return json
        case .texts(let texts): return texts.first.flatMap { try? JSONParser.parse($0.utf8) }
        }
    }

    mutating func add(_ fault: Fault) { faults.append(fault) }

    /// Ends the reading.
    ///
    /// - Parameter takesRest: whether what is left is read by somebody else.
    func finish(takesRest: Bool = false) throws(Failure) {
        var all = faults
        if !takesRest {
            all += rest.members.map { Fault("", .unknown, "is not known here").under(String($0.name.prefix(64))) }
        }
        guard all.isEmpty else { throw .invalid(all) }
    }
}
