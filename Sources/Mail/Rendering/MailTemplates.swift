package import OffstageTemplates

/// Mails in the languages there are: the program's own templates, and an app's instead of some or all of them.
///
/// A mail is two files, `<name>.<language>.txt.mustache` and `<name>.<language>.html.mustache`; the first line of the
/// text is its subject. What begins with an underscore is a partial, with or without a language.
package struct MailTemplates: Sendable {
    /// A file among an app's own templates that is none.
    package struct Refusal: Error, CustomStringConvertible {
        package let file: String
        package let reason: String
        package var description: String { "\(file): \(reason)" }
    }

    private enum Part: String {
        case text = "txt"
        case html
    }

    /// The names of the program's own files: what an app may have instead.
    package static var names: [String] { MailTemplateFiles.texts.keys.map { $0 + ending }.sorted() }

    /// Languages in which there is at least one mail, `en` among them.
    package let languages: [String]

    private let siteName: String
    /// By file name, without the ending.
    private let templates: [String: Template]

    private static let ending = ".mustache"
    private static let fallback = MailLanguage.usual

    /// - Parameters:
    ///   - siteName: what mails call the site.
    ///   - overrides: the text of an app's own templates by file name, such as `reset.en.txt.mustache`.
    /// - Throws: the first file whose name or text is none of a mail.
    package init(siteName: String, overrides: [String: String] = [:]) throws(Refusal) {
        var templates: [String: Template] = [:]
        var languages: Set<String> = []
        for (name, text) in MailTemplateFiles.texts {
            templates[name] = try Self.template(text, file: name + Self.ending)
            languages.formUnion(Self.language(of: name))
        }
        for (file, text) in overrides.sorted(by: { $0.key < $1.key }) {
            let name = try Self.name(of: file)
            templates[name] = try Self.template(text, file: file)
            languages.formUnion(Self.language(of: name))
        }
        self.siteName = siteName
        self.templates = templates
        self.languages = languages.sorted()
    }

    // MARK: Files

    private static func name(of file: String) throws(Refusal) -> String {
        let name = String(file.dropLast(ending.count))
        let pieces = name.split(separator: ".", omittingEmptySubsequences: false)
        guard file.hasSuffix(ending), let stem = pieces.first, let last = pieces.last,
            Part(rawValue: String(last)) != nil,
            pieces.count == 3 || pieces.count == 2 && stem.hasPrefix("_"),
            stem.hasPrefix("_") || MailTemplate(rawValue: String(stem)) != nil,
            pieces.count == 2 || isLanguage(pieces[1])
        else {
            let mails = MailTemplate.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(
                file: file,
                reason: "is no template of a mail. There are <mail>.<language>.txt.mustache and "
                    + "<mail>.<language>.html.mustache, such as reset.en.txt.mustache; the mails are \(mails)."
            )
        }
        return name
    }

    private static func isLanguage(_ text: Substring) -> Bool {
        (2...20).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
            }
    }

    /// The language of a mail's text; a partial alone makes none.
    private static func language(of name: String) -> [String] {
        let pieces = name.split(separator: ".")
        guard pieces.count == 3, pieces[2] == Part.text.rawValue, !name.hasPrefix("_") else { return [] }
        return [String(pieces[1])]
    }

    private static func template(_ text: String, file: String) throws(Refusal) -> Template {
        if file.hasSuffix(".\(Part.text.rawValue)\(ending)"), !file.hasPrefix("_"), !text.hasPrefix(subjectMark) {
            throw Refusal(file: file, reason: "must begin with a line such as \"\(subjectMark) Your new password\".")
        }
        do throws(Template.Refusal) {
            return try Template(text)
        } catch {
            throw Refusal(file: file, reason: "line \(error.line): \(error.reason)")
        }
    }

    private static let subjectMark = "Subject:"

    // MARK: Rendering

    /// - Parameters:
    ///   - language: one of ``languages``; where the mail does not exist in it, English.
    ///   - to: one address.
    ///   - data: what the templates name; `site_name` is there. Values are one line each.
    /// - Throws: when the app's template leaves the subject empty.
    package func render(
        _ name: MailTemplate,
        language: String,
        to: String,
        data: [String: TemplateValue]
    ) throws(Refusal) -> Message {
        let exists = template(name, language, .text) != nil && template(name, language, .html) != nil
        let language = exists ? language : Self.fallback
        guard let text = template(name, language, .text), let html = template(name, language, .html) else {
            throw Refusal(file: name.rawValue, reason: "is missing")
        }
        var values = data.mapValues(MailValue.oneLine)
        values["site_name"] = MailValue.oneLine(.text(siteName))
        values["to"] = MailValue.oneLine(.text(to))
        values["language"] = .text(language)
        if case .text(let name)? = values["name"] { values["name"] = .text(MailValue.greeted(name)) }
        let plain = text.render(values, partials: partials(language, .text), escape: { $0 })
        let lines = plain.split(maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let subject = String((lines.first ?? "").dropFirst(Self.subjectMark.count).drop { $0 == " " })
        guard MessageFormat.isSubject(subject) else {
            throw Refusal(
                file: "\(name.rawValue).\(language).\(Part.text.rawValue)\(Self.ending)",
                reason: "the subject is empty"
            )
        }
        values["subject"] = .text(subject)
        return Message(
            to: to,
            subject: subject,
            text: String((lines.dropFirst().first ?? "").drop(while: \.isNewline)),
            html: html.render(values, partials: partials(language, .html))
        )
    }

    private func template(_ name: MailTemplate, _ language: String, _ part: Part) -> Template? {
        templates["\(name.rawValue).\(language).\(part.rawValue)"]
    }

    /// By name, without the underscore: those without a language, the English ones instead, the language's instead of both.
    private func partials(_ language: String, _ part: Part) -> [String: Template] {
        var partials: [String: Template] = [:]
        for middle in ["", ".\(Self.fallback)", ".\(language)"] {
            let end = "\(middle).\(part.rawValue)"
            for (name, template) in templates where name.hasPrefix("_") && name.hasSuffix(end) {
                let stem = name.dropFirst().dropLast(end.count)
                if !stem.contains(".") { partials[String(stem)] = template }
            }
        }
        return partials
    }
}

/// Values from outside in a mail that the site signs.
enum MailValue {
    /// Without line ends and other controls, which would end a header or begin a paragraph.
    static func oneLine(_ value: TemplateValue) -> TemplateValue {
        switch value {
        case .text(let text):
            guard text.unicodeScalars.contains(where: HeaderText.isControl) else { return value }
            var clean = ""
            clean.unicodeScalars.append(
                contentsOf: text.unicodeScalars.map { HeaderText.isControl($0) ? " " : $0 }
            )
            return .text(clean)
        case .flag: return value
        case .list(let elements): return .list(elements.map(oneLine))
        case .object(let members): return .object(members.mapValues(oneLine))
        }
    }

    /// A name to greet with; empty for what mail programs would make a link of, or that is a letter of its own: anybody can
    /// sign up with the address of somebody else, and choose a name.
    static func greeted(_ name: String) -> String {
        guard name.count <= 60, !name.contains("/"), !name.contains("@") else { return "" }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        // "example.com", but neither "Dr. Ada" nor "J.R. Tolkien".
        let holdsDomain = zip(parts, parts.dropFirst()).contains { before, after in
            !before.isEmpty && before.last != " " && after.prefix(2).count == 2
                && after.prefix(2).allSatisfy(\.isLetter)
        }
        return holdsDomain ? "" : name
    }
}
