import HTTPTypes
import OffstageRecords
import OffstageSchema
import OffstageTemplates

extension WebApp {
    /// The name of the field that people leave empty, and of the one that makes a repeat a repeat.
    static let trapField = "_trap"
    static let keyField = "_key"

    /// POST /forms/{name}
    func post(_ form: Form, _ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        let isPage = Accept(request.headers).best(of: ["text/html", "application/json"]) != "application/json"
        do throws(Failure) {
            return try await accept(form, collection, request, isPage: isPage)
        } catch {
            return isPage ? refused(error, form, request) : Problem.reply(error, request: request.id)
        }
    }

    private func accept(
        _ form: Form,
        _ collection: Collection,
        _ request: IncomingRequest,
        isPage: Bool
    ) async throws(Failure) -> Reply {
        guard origins.allows(request) else {
            throw Failure(.forbidden, "This form takes posts from this site and its listed origins only.")
        }
        if let seconds = postLimits.count(form, from: request.address) {
            throw Failure(
                .rateLimited,
                "This form takes \(form.limit.posts) posts an \(form.limit.period.rawValue) from one address.",
                retryAfter: seconds,
                limit: Failure.RateLimit(
                    name: "posts",
                    quota: Int64(form.limit.posts),
                    window: Int64(form.limit.period.seconds)
                )
            )
        }
        let content = try await InputBody.read(request)
        var input = content.input
        let trapped = input.take(Self.trapField) ?? ""
        let key = input.take(Self.keyField)
        guard trapped.isEmpty else {
            try await records.setAside(input, form: form, address: request.address)
            return isPage ? thanks(form) : Reply(.created, .json, Array("{}".utf8))
        }
        let repeatKey =
            try request.repeatKey(body: content.bytes) ?? key.flatMap { Self.repeatKey($0, form, content.bytes) }
        let write = WriteRequest(by: request.principal, repeatKey: repeatKey) { [self] written in
            answer(written, form, collection, isPage: isPage)
        }
        do throws(Failure) {
            let restricted = try input.restricted(to: form, of: collection)
            let answer = try await records.create(restricted, in: collection, granted: .form(form), write)
            var reply = Reply(answer)
            if isPage, form.thanks == .builtIn { reply.body = thanks(form).body }
            return reply
        } catch {
            guard isPage, !error.faults.isEmpty else { throw error }
            return try await formPage(form, collection, request, status: 422, input, error.faults)
        }
    }

    /// The one-time key of a page, with the body: a reload or a double click is the same post, while a post that was
    /// written anew after going back is another, and stored too.
    private static func repeatKey(_ key: String, _ form: Form, _ body: [UInt8]) -> RepeatKey? {
        guard (1...64).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
        let plain = RepeatKey(key: key, scope: "", body: body)
        return RepeatKey(key: "\(key) \(plain.fingerprint)", scope: "form \(form.name)", body: body)
    }

    private func answer(_ written: Written, _ form: Form, _ collection: Collection, isPage: Bool) -> Answer {
        guard !isPage else { return Answer(status: 303, headers: [("Location", location(form))]) }
        guard case .created(let record) = written else { return Answer(status: 201) }
        return Answer(
            status: 201,
            headers: [("Content-Type", MediaType.json.text)],
            body: RecordJSON(collection, fields: ["id", "created"] + form.fields).bytes(record)
        )
    }

    private func location(_ form: Form) -> String {
        switch form.thanks {
        case .builtIn: "/forms/\(form.name)/thanks"
        case .location(let location): location
        }
    }

    private func thanks(_ form: Form) -> Reply {
        Reply(.seeOther, headers: [.location: location(form)])
    }

    /// GET /forms/{name}/thanks
    func thanksPage(_ form: Form) -> Reply {
        pages.reply(200, "thanks", ["title": "Thank you", "back": "/"], framedBy: origins.listed)
    }

    /// What is wrong, with the values that are: "photo is a file; …".
    private func detail(_ failure: Failure) -> String {
        ([failure.detail] + failure.faults.map { "\($0.pointer.dropFirst()) \($0.message)." }).joined(separator: " ")
    }

    /// A page for a person whose post was not taken for a reason that is not in its fields.
    private func refused(_ failure: Failure, _ form: Form, _ request: IncomingRequest) -> Reply {
        var data: [String: TemplateValue] = [
            "title": .text(Problem.title(failure.kind)),
            "detail": .text(detail(failure)),
            "back": .text("/forms/\(form.name)"),
        ]
        if failure.kind == .rateLimited, let seconds = failure.retryAfter {
            let minutes = (seconds + 59) / 60
            data["retry"] = .text("Please try again in \(minutes == 1 ? "1 minute" : "\(minutes) minutes").")
        }
        var reply = pages.reply(Problem.status(failure.kind).code, "refused", data, framedBy: origins.listed)
        reply.describe(failure)
        return reply
    }
}

extension Input {
    /// Takes a member out and gives its text.
    mutating func take(_ name: String) -> String? {
        guard let index = members.firstIndex(where: { $0.name == name }) else { return nil }
        switch members.remove(at: index).content {
        case .texts(let texts): return texts.first { !$0.isEmpty } ?? ""
        case .json(.string(let text)): return text
        case .json(.null): return ""
        case .json: return " "
        }
    }

    /// The input as the form's page means it: no other fields, a check box that was not sent is "no", and each line of
    /// a list's text area is an element.
    func restricted(to form: Form, of collection: Collection) throws(Failure) -> Input {
        let unknown = members.filter { !form.fields.contains($0.name) }
        guard unknown.isEmpty else {
            throw .invalid(unknown.map { Fault("", .unknown, "is not a field of this form").under($0.name) })
        }
        var meant = self
        let isFromPage = members.allSatisfy { if case .texts = $0.content { true } else { false } }
        guard isFromPage else { return meant }
        for name in form.fields {
            guard let field = collection.field(name) else { continue }
            let index = meant.members.firstIndex { $0.name == name }
            switch (field.kind, index) {
            case (.boolean, nil): meant.members.append((name, .texts(["false"])))
            case (.text, let index?) where field.many, (.integer, let index?) where field.many:
                guard case .texts(let texts) = meant.members[index].content else { continue }
                let lines = texts.flatMap { $0.split(separator: "\n").map(String.init) }
                meant.members[index].content = .texts(lines)
            default: break
            }
        }
        return meant
    }
}
