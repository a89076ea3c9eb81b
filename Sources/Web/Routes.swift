import HTTPTypes
import OffstageRecords
import OffstageSchema

/// The whole route table.
extension WebApp {
    func reply(to request: IncomingRequest) async throws(Failure) -> Reply {
        let path = request.path
        switch path.first {
        case "api":
            var reply = try await api(request)
            reply.keepPrivate()
            return reply
        case "forms":
            return try await forms(request)
        case "auth":
            guard let auth else { throw .notFound }
            return try await auth.reply(to: request)
        case "dev" where path.count > 1 && path[1] == "mail":
            return try await only(.get, request) { () async throws(Failure) in try await devMail(request) }
        case "problems" where path.count <= 2:
            return try await only(.get, request) { () throws(Failure) in
                path.count == 2 && path[1] != "" ? try problems.page(path[1]) : problems.list()
            }
        case "openapi.json" where path.count == 1:
            return try await only(.get, request) { interface.document(request) }
        case "docs" where path.count == 1:
            // An app may have pages of its own there, which come first.
            return try await only(.get, request) { await files?.reply(request) ?? interface.page(request) }
        case "health" where path.count == 1:
            return try await only(.get, request) { () throws(Failure) in try await health() }
        default:
            return try await only(.get, request) { () async throws(Failure) in try await file(request) }
        }
    }

    private func api(_ request: IncomingRequest) async throws(Failure) -> Reply {
        if request.path.count == 2, request.path[1] == "batch" {
            if request.method == .options { return origins.preflight(request, [.post]) }
            return try await only(.post, request) { () async throws(Failure) in try await batch(request) }
        }
        guard let resource = RecordResource(request, catalog),
            records.isVisible(resource.collection, to: request.principal)
        else {
            if request.method == .options { return origins.preflight(request, Origins.methods) }
            throw .notFound
        }
        let collection = resource.collection
        let methods = resource.methods(for: request.principal)
        if request.method == .options {
            return origins.preflight(request, methods.isEmpty ? Origins.methods : methods)
        }
        guard resource.place.methods.contains(request.method) else {
            return Problem.methodNotAllowed(methods, request)
        }
        guard methods.contains(request.method) else {
            // What is nobody's is refused whatever was sent. A PUT may be meant to create.
            if [.post, .put].contains(request.method) {
                try records.authorizeCreation(in: collection, by: request.principal)
            }
            throw .notFound
        }
        switch (resource.place, request.method) {
        case (.list, .post): return try await create(collection, request)
        case (.list, _): return try await list(collection, request)
        case (.rows, _): return try await importRows(collection, request)
        case (.groups, _): return try await summary(collection, request)
        case (.record(let id), .patch): return try await update(id, collection, request)
        case (.record(let id), .put): return try await replace(id, collection, request)
        case (.record(let id), .delete): return try await delete(id, collection, request)
        case (.record(let id), _): return try await read(id, collection, request)
        }
    }

    private func forms(_ request: IncomingRequest) async throws(Failure) -> Reply {
        let path = request.path
        if path.count == 2, let part = Pages.part(path[1]) {
            return try await only(.get, request) { part }
        }
        if request.method == .options {
            return origins.preflight(request, path.count == 3 ? [.get, .head] : [.get, .head, .post])
        }
        guard (2...3).contains(path.count), let form = catalog.form(path[1]),
            let collection = catalog.collection(form.collection)
        else { throw .notFound }
        if path.count == 3 {
            guard path[2] == "thanks" else { throw .notFound }
            return try await only(.get, request) { thanksPage(form) }
        }
        return switch request.method {
        case .get, .head: try await formPage(form, collection, request)
        case .post: try await post(form, collection, request)
        default: Problem.methodNotAllowed([.get, .head, .post], request)
        }
    }

    private func file(_ request: IncomingRequest) async throws(Failure) -> Reply {
        if let reply = await files?.reply(request) { return reply }
        if request.path == [""] { return pages.welcome(catalog) }
        if let reply = await files?.missing(request) { return reply }
        throw .notFound
    }

    /// 200 when a write can commit.
    private func health() async throws(Failure) -> Reply {
        try await records.checkWriting()
        var reply = Reply(.ok, .json, Array("{\"status\":\"ok\"}".utf8))
        reply.headers[.cacheControl] = "no-store"
        return reply
    }

    private func only(
        _ method: HTTPRequest.Method,
        _ request: IncomingRequest,
        _ body: () async throws(Failure) -> Reply
    ) async throws(Failure) -> Reply {
        guard request.method == method || method == .get && request.method == .head else {
            return Problem.methodNotAllowed(method == .get ? [.get, .head] : [method], request)
        }
        return try await body()
    }
}

extension Problem {
    static func methodNotAllowed(_ allowed: [HTTPRequest.Method], _ request: IncomingRequest) -> Reply {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        let failure = Failure(
            .methodNotAllowed,
            "\(request.method.rawValue.prefix(40)) can't be used here; \(list) can."
        )
        var reply = reply(failure, request: request.id)
        reply.headers[.allow] = list
        return reply
    }
}
