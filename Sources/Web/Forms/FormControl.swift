import OffstageSchema
import OffstageTemplates

/// One field as a form shows it: the control that HTML has for its kind, with its limits as HTML's own attributes.
struct FormControl {
    let field: Field
    /// What stands in it.
    let texts: [String]
    let fault: String?
    /// What a relation may point to; nil when the visitor may not see it.
    let targets: [(id: String, label: String)]?

    private var text: String { texts.first ?? "" }

    var data: [String: TemplateValue] {
        var data: [String: TemplateValue] = [
            "name": .text(field.name), "id": .text(field.name), "label": .text(field.label),
            "help": .text(help), "help_id": .text("_help_\(field.name)"), "error": .text(fault ?? ""),
            "error_id": .text("_fault_\(field.name)"), "required": .flag(Self.isMarked(field)),
        ]
        let described = [help.isEmpty ? nil : "_help_\(field.name)", fault == nil ? nil : "_fault_\(field.name)"]
        data["described_by"] = .text(described.compactMap { $0 }.joined(separator: " "))
        let (name, control) = self.control
        data[name] = .object(control)
        return data
    }

    /// An unticked box is a value too, so it has no mark.
    static func isMarked(_ field: Field) -> Bool {
        if case .boolean = field.kind { return false }
        return field.required
    }

    private var help: String {
        let own = field.help.map { [$0] } ?? []
        var added: [String] = []
        switch field.kind {
        case .datetime: added = ["Date and time in UTC."]
        case .text where field.many, .integer where field.many: added = ["One on each line."]
        case .relation where targets == nil: added = ["The id of a record."]
        default: break
        }
        return (own + added).joined(separator: " ")
    }

    private var control: (name: String, data: [String: TemplateValue]) {
        switch field.kind {
        case .text(let kind):
            if field.many { return textArea(rows: kind.lines ?? 4, []) }
            let limits = [("minlength", kind.min.map(String.init)), ("maxlength", String(kind.max))]
            if let lines = kind.lines { return textArea(rows: lines, limits) }
            return input("text", limits + [("pattern", kind.pattern?.source), ("autocomplete", autocomplete)])
        case .email: return input("email", [("maxlength", String(EmailKind.maximum)), ("autocomplete", "email")])
        case .url: return input("url", [("maxlength", String(URLKind.maximum)), ("autocomplete", "url")])
        case .integer(let kind):
            if field.many { return textArea(rows: 4, []) }
            return input(
                "number",
                [("step", "1"), ("min", kind.min.map(String.init)), ("max", kind.max.map(String.init))]
            )
        case .number(let kind):
            return input(
                "number",
                [("step", "any"), ("min", kind.min.map { "\($0)" }), ("max", kind.max.map { "\($0)" })]
            )
        case .decimal(let kind):
            let step = Decimal(unscaled: 1, scale: kind.scale).description
            return input("number", [("step", step), ("min", kind.min?.description), ("max", kind.max?.description)])
        case .boolean: return ("is_checkbox", ["checked": .flag(text == "true" || text == "on")])
        case .date(let kind): return input("date", [("min", kind.min?.description), ("max", kind.max?.description)])
        case .datetime: return input("datetime-local", [("step", "1")], value: Self.local(text))
        case .choice(let kind): return choices(kind.words.map { ($0, Field.label(from: $0)) })
        case .relation:
            return targets.map { choices($0.map { ($0.id, $0.label) }) } ?? input("text", [("maxlength", "36")])
        case .json: return textArea(rows: 6, [])
        }
    }

    private func input(
        _ type: String,
        _ attributes: [(String, String?)],
        value: String? = nil
    ) -> (String, [String: TemplateValue]) {
        (
            "is_input",
            ["type": .text(type), "value": .text(value ?? text), "attributes": .list(Self.attributes(attributes))]
        )
    }

    private func textArea(rows: Int, _ attributes: [(String, String?)]) -> (String, [String: TemplateValue]) {
        (
            "is_textarea",
            [
                "rows": .text(String(min(max(rows, 2), 30))), "value": .text(texts.joined(separator: "\n")),
                "attributes": .list(Self.attributes(attributes)),
            ]
        )
    }

    private func choices(_ options: [(value: String, label: String)]) -> (String, [String: TemplateValue]) {
        let list = options.enumerated().map { index, option in
            TemplateValue.object([
                "value": .text(option.value), "label": .text(option.label),
                "selected": .flag(texts.contains(option.value)), "checked": .flag(texts.contains(option.value)),
                "id": .text("_option_\(field.name)_\(index)"),
            ])
        }
        if field.many { return ("is_choices", ["options": .list(list)]) }
        return ("is_select", ["options": .list(list), "placeholder": .text(field.required ? "Please choose" : "None")])
    }

    private static func attributes(_ attributes: [(String, String?)]) -> [TemplateValue] {
        attributes.compactMap { name, value in
            value.map { .object(["name": .text(name), "value": .text($0)]) }
        }
    }

    /// What browsers can fill in by themselves (WHATWG HTML, "autofill").
    private var autocomplete: String? {
        ["name": "name", "phone": "tel", "telephone": "tel", "company": "organization", "city": "address-level2"][
            field.name
        ]
    }

    /// `2026-11-22T16:50:00`, as the control wants it.
    private static func local(_ text: String) -> String {
        text.hasSuffix("Z") ? String(text.prefix(19)) : text
    }

    /// A value as the texts that a control holds.
    static func texts(of value: Value) -> [String] {
        switch value {
        case .null: []
        case .list(let elements): elements.flatMap(texts)
        case .text(let text): [text]
        default:
            {
                var writer = JSONWriter()
                writer.write(value)
                let json = String(decoding: writer.bytes, as: UTF8.self)
                return [json.hasPrefix("\"") ? String(json.dropFirst().dropLast()) : json]
            }()
        }
    }
}
