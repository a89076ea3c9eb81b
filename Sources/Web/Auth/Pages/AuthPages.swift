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
        if place == .key { return try await keyPage(request, failure) }
        // What the address of the page carried, its form sent along.
        var hidden: [(String, String)] = []
        for name in place.parameters {
            guard let value = request.query[name] ?? sent?.text(name) else { continue }
            hidden.append((name, value))
        }
        let form = try await form(place, request.carrying(hidden))
        var fields = form.fields.map { field in
            field.data(sent?.text(field.name), fault: Self.fault(failure, field.name))
        }
        for field in form.ownFields {
            let control = FormControl(
                field: field,
                texts: texts(of: field, sent, request),
                fault: Self.fault(failure, field.name),
                targets: nil
            )
            fields.append(.object(control.data))
        }
        var data: [String: TemplateValue] = [
            "title": .text(form.title), "text": .text(form.text), "action": .text(place.path), "send": .text(form.send),
            "fields": .list(fields), "is_dangerous": .flag(form.isDangerous),
            "hidden": .list(hidden.map { .object(["name": .text($0.0), "value": .text($0.1)]) }),
            "links": .list(form.links.map { .object(["href": .text($0.href), "label": .text($0.label)]) }),
            "providers": .list(
                form.providers.map { .object(["href": .text("/auth/with/\($0.name)"), "label": .text($0.label)]) }
            ),
            "has_providers": .flag(!form.providers.isEmpty), "passkeys": .flag(form.offersPasskeys),
            "picture": .text(form.picture ?? ""), "secret": .text(form.secret ?? ""),
        ]
        if let failure {
            data["has_errors"] = true
            data["error_summary"] = .list(summary(failure, form))
        }
        var reply = pages.reply(
            failure.map { Problem.status($0.kind).code } ?? 200,
            "auth",
            data,
            withScript: form.offersPasskeys
        )
        if let failure { reply.describe(failure) }
        return reply
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

    private static func fault(_ failure: Failure?, _ name: String) -> String? {
        failure?.faults.first { $0.pointer == "/\(name)" || $0.pointer.hasPrefix("/\(name)/") }?.message
    }

    private func summary(_ failure: Failure, _ form: AuthForm) -> [TemplateValue] {
        guard !failure.faults.isEmpty else {
            return [.object(["id": "", "label": "", "message": .text(failure.detail)])]
        }
        return failure.faults.map { fault in
            let name = String(fault.pointer.dropFirst().prefix { $0 != "/" })
            let label =
                form.fields.first { $0.name == name }?.label ?? form.ownFields.first { $0.name == name }?.label ?? name
            return .object(["id": .text(name), "label": .text(label), "message": .text(fault.message)])
        }
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
        let isIn = request.sender.signedIn != nil
        var reply = pages.reply(
            Problem.status(failure.kind).code,
            "done",
            [
                "title": .text(Problem.title(failure.kind)),
                "text": .text(([failure.detail] + faults).joined(separator: " ")),
                "next": .text(isIn ? "/auth/me" : "/auth/sign-in"),
            ]
        )
        reply.describe(failure)
        return reply
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
