import OffstageSchema

/// JSON for people: two spaces a level, short values on one line.
enum IndentedJSON {
    private static let widest = 100

    static func text(_ json: JSON, indent: Int = 0) -> String {
        let short = compact(json)
        if short.utf8.count + indent <= widest { return short }
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch json {
        case .object(let members):
            let lines = members.map { member in
                "\(inner)\(compact(.string(member.name))): \(text(member.value, indent: indent + 2))"
            }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
        case .array(let elements):
            let lines = elements.map { inner + text($0, indent: indent + 2) }
            return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
        default: return short
        }
    }

    private static func compact(_ json: JSON) -> String {
        var writer = JSONWriter()
        writer.write(json)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
