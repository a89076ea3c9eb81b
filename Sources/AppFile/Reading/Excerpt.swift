/// A piece of the file inside a message: short, on one line, without what would disturb a terminal.
enum Excerpt {
    private static let longest = 60

    static func quoted(_ text: String) -> String {
        "\"\(of(text))\""
    }

    static func of(_ text: String) -> String {
        var excerpt = ""
        var count = 0
        for scalar in text.unicodeScalars {
            if count == longest { return excerpt + "…" }
            count += 1
            switch scalar {
            case "\n": excerpt += "\\n"
            case "\t": excerpt += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator:
                    excerpt += "\\u{\(String(scalar.value, radix: 16))}"
                default: excerpt.unicodeScalars.append(scalar)
                }
            }
        }
        return excerpt
    }
}
