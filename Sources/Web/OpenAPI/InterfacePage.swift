import OffstageSchema
import OffstageTemplates

/// The operations of a document as /docs shows them.
struct InterfacePage {
    let document: OpenAPI.Document
    /// Where the curl lines go.
    let address: String

    func data(named name: String) -> [String: TemplateValue] {
        let groups = document.tags.map { tag in
            let operations = document.operations.filter { $0.tag == tag.name }
            return TemplateValue.object([
                "name": .text(tag.name), "about": Self.marked(tag.description), "anchor": .text(anchor(tag.name)),
                "operations": .list(operations.map(operation)),
            ])
        }
        return [
            "title": "Interface", "name": .text(name), "groups": .list(groups), "has_style": true,
            "is_empty": .flag(isEmpty),
        ]
    }

    /// Whether the app opened nothing yet: accounts and the server itself are there without a word of the app file.
    private var isEmpty: Bool {
        let own = "/api/\(Collection.usersName)"
        return document.operations.allSatisfy { operation in
            operation.path == own || operation.path.hasPrefix(own + "/") || operation.path == "/api/batch"
                || !operation.path.hasPrefix("/api/") && !operation.path.hasPrefix("/forms/")
        }
    }

    private func anchor(_ tag: String) -> String {
        "group-\(document.tags.firstIndex { $0.name == tag } ?? 0)"
    }

    private func operation(_ operation: OpenAPI.Operation) -> TemplateValue {
        let own = operation.responses.filter { $0.status < 400 }
        let problems = operation.responses.filter { $0.status >= 400 }
        var data: [String: TemplateValue] = [
            "id": .text(operation.id), "method": .text(operation.method.uppercased()), "path": .text(operation.path),
            "summary": .text(operation.summary), "description": Self.marked(operation.description),
            "who": .text(Self.who(operation)), "can_be_tried": .flag(Self.canBeTried(operation)),
            "parameters": .list(operation.parameters.map { parameter($0, of: operation) }),
            "has_parameters": .flag(!operation.parameters.isEmpty),
            "answers": .list(own.map(answer)), "curl": .text(curl(operation)),
            "problems": .list(
                problems.map { .object(["status": .text(String($0.status)), "meaning": Self.marked($0.description)]) }
            ),
        ]
        if let body = operation.body { data["body"] = .object(self.body(body, of: operation)) }
        return .object(data)
    }

    private func parameter(_ parameter: OpenAPI.Parameter, of operation: OpenAPI.Operation) -> TemplateValue {
        let areValues = parameter.schema["type"] == "object"
        return .object([
            "name": .text(areValues ? "arg.<name>" : parameter.name), "place": .text(parameter.place.rawValue),
            "words": .text(areValues ? "texts" : SchemaWords.of(parameter.schema)),
            "description": Self.marked(parameter.description), "required": .flag(parameter.mustBeSent),
            "control": .text("\(operation.id)-\(parameter.name)"), "example": .text(parameter.example ?? ""),
            "are_values": .flag(areValues),
        ])
    }

    private func body(_ body: OpenAPI.Body, of operation: OpenAPI.Operation) -> [String: TemplateValue] {
        [
            "types": .list(body.content.map { .object(["type": .text($0.type)]) }),
            "type_words": .text(body.content.map(\.type).joined(separator: ", ")),
            "fields": .list(fields(body.content.first?.schema ?? [:])),
            "control": .text("\(operation.id)-_body"), "type_control": .text("\(operation.id)-_type"),
            "example": .text(text(body.example)),
        ]
    }

    /// Who may send it, where that is not everybody.
    private static func who(_ operation: OpenAPI.Operation) -> String {
        guard operation.security == .needed else { return "" }
        return "For those who are signed in: with Authorization: Bearer and the token, or the cookie of this site."
    }

    /// Whether a script can show the answer: not where a browser is sent elsewhere, or the answer is a page for people.
    private static func canBeTried(_ operation: OpenAPI.Operation) -> Bool {
        let own = operation.responses.filter { $0.status < 400 }
        guard operation.tag != OpenAPI.AccountOperations.pageTag else { return false }
        return !own.allSatisfy { $0.status == 303 }
    }

    /// The members of all ways in which a body may be written, each once. None is required, since each way has its own.
    private func fields(ofOne ways: [OpenAPI.Value]) -> [TemplateValue] {
        var members: [(String, OpenAPI.Value)] = []
        for way in ways {
            guard case .object(let own)? = document.resolved(way)["properties"]?.json else { continue }
            for member in own where !members.contains(where: { $0.0 == member.name }) {
                members.append((member.name, OpenAPI.Value(member.value)))
            }
        }
        return fields(["properties": .object(members)])
    }

    /// The members of an object, or of each row.
    private func fields(_ schema: OpenAPI.Value) -> [TemplateValue] {
        let resolved = document.resolved(schema)
        if let items = resolved["items"] { return fields(items) }
        if case .array(let ways)? = resolved["oneOf"]?.json { return fields(ofOne: ways.map { OpenAPI.Value($0) }) }
        guard case .object(let members)? = resolved["properties"]?.json else { return [] }
        let required = resolved["required"]?.json ?? .array([])
        return members.map { member in
            let value = OpenAPI.Value(member.value)
            var isRequired = false
            if case .array(let names) = required { isRequired = names.contains(.string(member.name)) }
            var description = ""
            if case .string(let text)? = value["description"]?.json { description = text }
            return .object([
                "name": .text(member.name), "words": .text(SchemaWords.of(value)), "required": .flag(isRequired),
                "description": Self.marked(description),
            ])
        }
    }

    private func answer(_ response: OpenAPI.Response) -> TemplateValue {
        .object([
            "status": .text(String(response.status)), "meaning": Self.marked(response.description),
            "types": .text(response.content.map(\.type).joined(separator: ", ")),
            "headers": .text(response.headers.map(\.name).joined(separator: ", ")),
        ])
    }

    /// A line that does it, with the values of the examples.
    private func curl(_ operation: OpenAPI.Operation) -> String {
        var path = operation.path
        for parameter in operation.parameters where parameter.place == .path {
            path = path.replacing("{\(parameter.name)}", with: parameter.example ?? "")
        }
        var line = "curl "
        if operation.method != "get", operation.body == nil || operation.method != "post" {
            line += "-X \(operation.method.uppercased()) "
        }
        line += "'\(address)\(path)'"
        if operation.security == .needed { line += " -H 'Authorization: Bearer <token>'" }
        guard let body = operation.body, let type = body.content.first?.type else { return line }
        // An apostrophe would end what the shell takes as one word.
        let text = text(body.example).replacing("'", with: #"'\''"#)
        return line + " -H 'Content-Type: \(type)' -d '\(text)'"
    }

    private func text(_ value: OpenAPI.Value) -> String {
        var writer = JSONWriter()
        writer.write(value.json)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// What stands between backticks as code, `[words](https://…)` as a link; everything else as text.
    private static func marked(_ text: String) -> TemplateValue {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        let html = parts.enumerated().map { index, part in
            index % 2 == 1 ? "<code>\(HTML.escaped(String(part)))</code>" : linked(part)
        }
        return .text(html.joined())
    }

    /// By hand: the page is made at the start of the program, which a regular expression made slower twenty times over.
    private static func linked(_ text: Substring) -> String {
        guard let middle = text.firstRange(of: "](https://"),
            let start = text[..<middle.lowerBound].lastIndex(of: "["),
            let end = text[middle.upperBound...].firstIndex(of: ")")
        else { return HTML.escaped(String(text)) }
        let words = text[text.index(after: start)..<middle.lowerBound]
        let address = text[text.index(middle.lowerBound, offsetBy: 2)..<end]
        return HTML.escaped(String(text[..<start]))
            + "<a href=\"\(HTML.escaped(String(address)))\">\(HTML.escaped(String(words)))</a>"
            + linked(text[text.index(after: end)...])
    }
}
