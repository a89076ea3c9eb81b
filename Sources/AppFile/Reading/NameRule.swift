/// Names of collections, fields and forms: `[a-z][a-z0-9_]*`, 63 bytes at most, and not a reserved one.
struct NameRule: Sendable {
    /// "a collection", for messages.
    let what: String
    let reserved: Set<String>

    static let longest = 63
    /// The same rule for JSON Schema (ECMA 262).
    static let pattern = "^[a-z][a-z0-9_]*$"

    static let collection = NameRule(what: "a collection", reserved: ["changes", "batch", "users"])
    static let field = NameRule(
        what: "a field",
        reserved: Set([
            "id", "created", "updated", "version", "expanded", "new", "user", "now", "request", "records", "arg",
        ]).union(celReserved)
    )
    static let form = NameRule(what: "a form", reserved: [])

    /// The reserved words of the Common Expression Language (cel-spec, doc/langdef.md, "Syntax").
    private static let celReserved: Set<String> = [
        "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in", "let", "loop",
        "namespace", "null", "package", "return", "true", "var", "void", "while",
    ]

    /// Why a name may not be, or nil when it may.
    func refusal(_ name: String) -> String? {
        if name.utf8.count > Self.longest {
            return "the name \(Excerpt.quoted(name)) has \(name.utf8.count) bytes; at most \(Self.longest) are allowed"
        }
        guard Self.isName(name) else {
            let tidied = Self.tidied(name)
            let question = Self.isName(tidied) && !reserved.contains(tidied) ? "; did you mean \"\(tidied)\"?" : ""
            return
                "\(Excerpt.quoted(name)) cannot name \(what); expected lower-case letters, digits and _ after a first "
                + "letter\(question)"
        }
        // SQLite keeps such names for itself, and every app must run on every engine.
        let isTaken = reserved.contains(name) || name.hasPrefix("sqlite_")
        return isTaken ? "\"\(name)\" is a reserved name; \(what) needs another" : nil
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x61...0x7a).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
    }

    /// `Unit-Price` as it should be: `unit_price`.
    private static func tidied(_ name: String) -> String {
        var tidied = ""
        var previousIsLower = false
        for letter in name.unicodeScalars {
            switch letter {
            case "A"..."Z":
                if previousIsLower { tidied += "_" }
                tidied += String(letter).lowercased()
            case "-", " ", ".": tidied += "_"
            default: tidied.unicodeScalars.append(letter)
            }
            previousIsLower = ("a"..."z").contains(letter)
        }
        return String(tidied.drop { $0 == "_" })
    }
}
