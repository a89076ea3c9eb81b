import OffstageAccounts
import OffstageSchema
import OffstageTemplates

/// A form below /auth, before it is a page.
struct AuthForm {
    var title: String
    var text = ""
    var fields: [AuthField] = []
    /// The fields of accounts that the app added.
    var ownFields: [Field] = []
    var send: String
    var isDangerous = false
    var links: [(href: String, label: String)] = []
    /// A picture of text to be photographed, as SVG of our own making.
    var picture: String?
    /// What is typed where there is no camera.
    var secret: String?
    var providers: [Provider] = []
    /// Whether the page offers passkeys, which browsers hand to scripts alone.
    var offersPasskeys = false
}

struct AuthField {
    let name: String
    let label: String
    var type = "text"
    /// What browsers and password managers fill in (WHATWG HTML, "autofill").
    var autocomplete: String?
    var help = ""
    var isRequired = true
    var isFixed = false
    var value = ""
    var attributes: [(String, String)] = []

    static func email(_ value: String = "", isFixed: Bool = false) -> AuthField {
        AuthField(
            name: "email",
            label: "E-mail address",
            type: "email",
            autocomplete: "username",
            isFixed: isFixed,
            value: value,
            attributes: [("maxlength", String(EmailKind.maximum))]
        )
    }

    static let newEmail = AuthField(
        name: "email",
        label: "New e-mail address",
        type: "email",
        autocomplete: "email",
        attributes: [("maxlength", String(EmailKind.maximum))]
    )

    static func password(_ name: String = "password", _ label: String = "Password", isNew: Bool = false) -> AuthField {
        AuthField(
            name: name,
            label: label,
            type: "password",
            autocomplete: isNew ? "new-password" : "current-password",
            help: isNew ? "At least 8 characters. A few words in a row are easy to keep and hard to guess." : "",
            attributes: isNew ? [("minlength", "8"), ("maxlength", "1024")] : [("maxlength", "1024")]
        )
    }

    static let code = AuthField(
        name: "code",
        label: "Code",
        autocomplete: "one-time-code",
        help: "The six digits that your authenticator app shows now, or one of your recovery codes.",
        attributes: [("maxlength", "20"), ("autocapitalize", "none"), ("spellcheck", "false")]
    )

    /// Where recovery codes are not there yet.
    static let firstCode = AuthField(
        name: "code",
        label: "Code",
        autocomplete: "one-time-code",
        help: "The six digits that your authenticator app shows now.",
        attributes: [("maxlength", "20"), ("inputmode", "numeric")]
    )

    /// - Parameter text: what was sent; never given back for what is secret.
    func data(_ text: String?, fault: String?) -> TemplateValue {
        let isSecret = type == "password" || name == "code"
        var attributes = attributes
        if let autocomplete { attributes.append(("autocomplete", autocomplete)) }
        if isFixed { attributes.append(("readonly", "")) }
        let described = [help.isEmpty ? nil : "_help_\(name)", fault == nil ? nil : "_fault_\(name)"].compactMap { $0 }
        return .object([
            "name": .text(name), "id": .text(name), "label": .text(label), "help": .text(help),
            "help_id": .text("_help_\(name)"), "error": .text(fault ?? ""), "error_id": .text("_fault_\(name)"),
            "required": .flag(isRequired), "described_by": .text(described.joined(separator: " ")),
            "is_input": .object([
                "type": .text(type), "value": .text(isSecret ? "" : text ?? value),
                "attributes": .list(
                    attributes.map { .object(["name": .text($0.0), "value": .text($0.1)]) }
                ),
            ]),
        ])
    }
}
