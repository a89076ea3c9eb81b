import HTTPTypes
package import OffstageSchema
import OffstageTemplates

/// The pages that Offstage itself shows, from its templates; an app's own of the same name come first.
package struct Pages: Sendable {
    private let templates: [String: Template]
    private let siteName: String

    /// What the browser may do on such a page: nothing but show it and send its form (CSP level 3).
    private static let policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"

    /// - Parameter overrides: texts of templates by name, without `.mustache`.
    package init(siteName: String, overrides: [String: String] = [:]) throws(Failure) {
        self.siteName = siteName
        var templates: [String: Template] = [:]
        for (name, text) in EmbeddedTemplates.texts.merging(overrides, uniquingKeysWith: { $1 }) {
            do throws(Template.Refusal) {
                templates[name] = try Template(text)
            } catch {
                throw Failure(.malformed, "templates/\(name).mustache:\(error.line): \(error.reason)")
            }
        }
        self.templates = templates
    }

    /// The names that an app may override.
    package static var names: [String] { EmbeddedTemplates.texts.keys.sorted() }

    /// A page as a reply. It may be framed by, and may lead its form to, the given origins and none other; it runs a
    /// script of this server's, asks this server, and shows another of its pages in a frame, only where it says so.
    func reply(
        _ status: Int,
        _ name: String,
        _ data: [String: TemplateValue],
        framedBy origins: [String] = [],
        formLeadsTo targets: [String] = [],
        withScript: Bool = false,
        framing: Bool = false
    ) -> Reply {
        var data = data
        data["lang"] = data["lang"] ?? "en"
        data["site_name"] = .text(siteName)
        let html = templates[name]?.render(data, partials: templates) ?? ""
        var reply = Reply(.init(code: status), .html, Array(html.utf8))
        let ancestors = origins.isEmpty ? "'none'" : (["'self'"] + origins).joined(separator: " ")
        let actions = targets.map { " " + $0 }.joined()
        let script = withScript ? "; script-src 'self'; connect-src 'self'" : ""
        let frames = framing ? "; frame-src 'self'" : ""
        reply.headers[.contentSecurityPolicy] =
            "\(Self.policy)\(actions)\(script)\(frames); frame-ancestors \(ancestors)"
        reply.headers[.referrerPolicy] = "same-origin"
        // A form page holds a key of its own for each visit; going back must still show what was written.
        reply.headers[.cacheControl] = "private, no-cache"
        return reply
    }

    /// What the pages load, by the last part of its path in /forms or /auth; nil for anything else.
    static func part(_ name: String) -> Reply? {
        var reply: Reply
        switch name {
        case "_page.css": reply = Reply(.ok, .css, EmbeddedTemplates.styleSheet)
        case "_docs.css": reply = Reply(.ok, .css, EmbeddedTemplates.docsStyleSheet)
        case "_docs.js": reply = Reply(.ok, .of(file: "docs.js"), EmbeddedTemplates.docsScript)
        case "_passkeys.js": reply = Reply(.ok, .of(file: name), EmbeddedTemplates.passkeysScript)
        // Without one, a browser asks for /favicon.ico and notes that it is not there.
        case "_icon.svg": reply = Reply(.ok, MediaType("image/svg+xml"), EmbeddedTemplates.icon)
        default: return nil
        }
        reply.headers[.cacheControl] = "public, max-age=3600"
        return reply
    }
}

/// The files of Templates/, which are part of the program.
enum EmbeddedTemplates {
    static let texts: [String: String] = [
        "_head": text(PackageResources._head_mustache),
        "_foot": text(PackageResources._foot_mustache),
        "_field": text(PackageResources._field_mustache),
        "_marks": text(PackageResources._marks_mustache),
        "form": text(PackageResources.form_mustache),
        "thanks": text(PackageResources.thanks_mustache),
        "refused": text(PackageResources.refused_mustache),
        "problem": text(PackageResources.problem_mustache),
        "problems": text(PackageResources.problems_mustache),
        "_summary": text(PackageResources._summary_mustache),
        "auth": text(PackageResources.auth_mustache),
        "account": text(PackageResources.account_mustache),
        "sessions": text(PackageResources.sessions_mustache),
        "totp": text(PackageResources.totp_mustache),
        "recovery-codes": text(PackageResources.recovery_codes_mustache),
        "passkeys": text(PackageResources.passkeys_mustache),
        "keys": text(PackageResources.keys_mustache),
        "new-key": text(PackageResources.new_key_mustache),
        "mails": text(PackageResources.mails_mustache),
        "mail": text(PackageResources.mail_mustache),
        "done": text(PackageResources.done_mustache),
        "welcome": text(PackageResources.welcome_mustache),
        "docs": text(PackageResources.docs_mustache),
        "_operation": text(PackageResources._operation_mustache),
        "_try": text(PackageResources._try_mustache),
    ]

    static let styleSheet = PackageResources.page_css
    static let docsStyleSheet = PackageResources.docs_css
    static let docsScript = PackageResources.docs_js
    static let passkeysScript = PackageResources.passkeys_js
    static let icon = PackageResources.icon_svg

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
