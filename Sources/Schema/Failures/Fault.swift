/// One thing that is wrong with what was sent: where, a stable code, and a sentence for people.
package struct Fault: Error, Hashable, Sendable {
    /// A JSON pointer (RFC 6901) into the body: `/email`, `/tags/2`, empty for the whole.
    package let pointer: String
    package let code: Code
    package let message: String

    package init(_ pointer: String, _ code: Code, _ message: String) {
        self.pointer = pointer
        self.code = code
        self.message = message
    }

    /// The same fault seen from one level further out: `/2` becomes `/tags/2`.
    package func under(_ name: String) -> Fault {
        Fault("/" + Fault.escaped(name) + pointer, code, message)
    }

    /// A name as one step of a pointer (RFC 6901, section 3).
    package static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        var escaped = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    package enum Code: String, Sendable, CaseIterable {
        case required, type, min, max, pattern, email, url, choice, scale, digits
        case unknown, readOnly = "read_only", unique, relation, restricted, duplicate, id, file, check
        /// A name of an earlier result of a batch that is none.
        case reference
        /// An operation of a batch that failed as a whole; the problem's own code says why.
        case operation
        /// A row of an import that cannot be read at all.
        case malformed
    }
}
