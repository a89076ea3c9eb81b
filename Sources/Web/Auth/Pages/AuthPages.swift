import HTTPTypes
import OffstageAccounts
import OffstageSchema
import OffstageTemplates

extension AuthDesk {
    /// The page of a form, again with what was written and what is wrong with it.
    func page(
        _ place: AuthPlace,
        _ request: IncomingRequest,
        _ sent: Input? = nil,
        _ failure: Failure? = nil
    ) async throws(Failure) -> Reply {
        switch place {
        case .profile: return try await accountPage(request, sent, failure)
        case .key: return try await keyPage(request, sent, failure)
        default: break
        }
        // What the address of the page carried, its form sent along.
        var hidden: [(String, String)] = []
        for name in place.parameters {
            guard let value = request.query[name] ?? sent?.text(name) else { continue }
            hidden.append((name, value))
        }
        let form = try await form(place, request.carrying(hidden))
        let fields = controls(form.fields, sent, failure) + controls(form.ownFields, request, sent, failure)
        var data: [String: TemplateValue] = [
            "title": .text(form.title), "text": .text(form.text),
            "action": .text(place == .connect ? request.rawPath : place.path), "send": .text(form.send),
            "fields": .list(fields), "is_dangerous": .flag(form.isDangerous),
            "hidden": .list(hidden.map { .object(["name": .text($0.0), "value": .text($0.1)]) }),
            "links": .list(form.links.map { .object(["href": .text($0.href), "label": .text($0.label)]) }),
            "has_links": .flag(!form.links.isEmpty),
            "providers": .list(
                form.providers.map { .object(["href": .text("/auth/with/\($0.name)"), "label": .text($0.label)]) }
            ),
            "has_providers": .flag(!form.providers.isEmpty), "passkeys": .flag(form.offersPasskeys),
            "picture": .text(form.picture ?? ""), "secret": .text(form.secret ?? ""),
        ]
        data.merge(Self.marks(form.fields, form.ownFields)) { first, _ in first }
        data.merge(Self.faults(failure, labels: labels(form.fields, form.ownFields))) { first, _ in first }
        return reply("auth", data, failure, withScript: form.offersPasskeys)
    }

    /// A page with the status of what went wrong, if something did.
    func reply(
        _ template: String,
        _ data: [String: TemplateValue],
        _ failure: Failure?,
        withScript: Bool = false
    ) -> Reply {
        let status = failure.map { Problem.status($0.kind).code } ?? 200
        var reply = pages.reply(status, template, data, withScript: withScript)
        if let failure { reply.describe(failure) }
        return reply
    }

    // MARK: The controls of a form

    func controls(_ fields: [AuthField], _ sent: Input?, _ failure: Failure?) -> [TemplateValue] {
        fields.map { $0.data(sent?.text($0.name), fault: Self.fault(failure, $0.name)) }
    }

    /// Those of the collection's own fields.
    func controls(
        _ fields: [Field],
        _ request: IncomingRequest,
        _ sent: Input?,
        _ failure: Failure?
    ) -> [TemplateValue] {
        fields.map { field in
            let control = FormControl(
                field: field,
                texts: texts(of: field, sent, request),
                fault: Self.fault(failure, field.name),
                targets: nil
            )
            return .object(control.data)
        }
    }

    /// Whether the mark of what is required tells anything on a page: not where all is, or nothing.
    static func marks(_ fields: [AuthField], _ own: [Field] = []) -> [String: TemplateValue] {
        let required = fields.map(\.isRequired) + own.map(FormControl.isMarked)
        let isMixed = required.contains(true) && required.contains(false)
        return ["explains_mark": .flag(isMixed), "unmarked": .flag(!isMixed)]
    }

    private func texts(of field: Field, _ sent: Input?, _ request: IncomingRequest) -> [String] {
        if let sent {
            if case .texts(let texts)? = sent.members.first(where: { $0.name == field.name })?.content { return texts }
            return []
        }
        guard let who = request.sender.signedIn, let position = users.position(of: field.name) else {
            return FormControl.texts(of: field.initialValue)
        }
        return FormControl.texts(of: who.user.values[position])
    }

    // MARK: What went wrong

    static func fault(_ failure: Failure?, _ name: String) -> String? {
        failure?.faults.first { $0.pointer == "/\(name)" || $0.pointer.hasPrefix("/\(name)/") }?.message
    }

    func labels(_ fields: [AuthField], _ own: [Field] = []) -> [String: String] {
        let all = fields.map { ($0.name, $0.label) } + own.map { ($0.name, $0.label) }
        return Dictionary(all, uniquingKeysWith: { first, _ in first })
    }

    /// What the summary above a form says. A fault of a control that the page does not have has no link.
    static func faults(_ failure: Failure?, labels: [String: String]) -> [String: TemplateValue] {
        guard let failure else { return [:] }
        guard !failure.faults.isEmpty else {
            let only = TemplateValue.object(["id": "", "label": "", "message": .text(failure.detail)])
            return ["has_errors": true, "error_summary": .list([only])]
        }
        let entries = failure.faults.map { fault in
            let name = String(fault.pointer.dropFirst().prefix { $0 != "/" })
            let message = labels[name] == nil ? "\(name) \(fault.message)" : fault.message
            return TemplateValue.object([
                "id": .text(labels[name] == nil ? "" : name), "label": .text(labels[name] ?? ""),
                "message": .text(message),
            ])
        }
        return ["has_errors": true, "error_summary": .list(entries)]
    }

    /// Why something can't be done, where there is no form to say it in.
    func refusal(_ failure: Failure, _ request: IncomingRequest) -> Reply {
        if failure.kind == .unauthenticated, request.sender.signedIn == nil, [.get, .head].contains(request.method),
            request.path.count > 1, request.path[1] != "with"
        {
            let next = PercentEncoding.encode(request.rawPath)
            var reply = Reply(.seeOther, headers: [.location: "/auth/sign-in?next=\(next)"])
            if request.credentialFailure != nil {
                reply.headers.append(SessionCookie.clear(for: request, siteIsSecure: origins.siteIsSecure))
            }
            return reply
        }
        let faults = failure.faults.map { "\($0.pointer.dropFirst()) \($0.message)." }
        // Who is signed in and not believed is asked to sign in again.
        let isIn = request.sender.signedIn != nil && failure.kind != .unauthenticated
        let data: [String: TemplateValue] = [
            "title": .text(Problem.title(failure.kind)),
            "text": .text(([failure.detail] + faults).joined(separator: " ")),
            "next": .text(isIn ? "/auth/me" : "/auth/sign-in"),
            "way": .text(isIn ? "To your account" : "To signing in"),
        ]
        return reply("done", data, failure)
    }
}

extension IncomingRequest {
    /// The same with parameters that a form took along.
    fileprivate func carrying(_ parameters: [(String, String)]) -> IncomingRequest {
        var carrying = self
        carrying.query.carry(parameters)
        return carrying
    }
}
