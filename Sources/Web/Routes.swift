import HTTPTypes
import OffstageRecords
import OffstageSchema

/// The whole route table.
extension WebApp {
    func reply(to request: IncomingRequest) async throws(Failure) -> Reply {
        let path = request.path
        switch path.first {
        case "api":
            if request.method == .options { return origins.preflight(request) }
            return try await api(request)
        case "forms":
            if request.method == .options { return origins.preflight(request) }
            return try await forms(request)
        case "problems" where path.count <= 2:
            return try await only(.get, request) { () throws(Failure) in
                path.count == 2 && path[1] != "" ? try problems.page(path[1]) : problems.list()
            }
        case "health" where path.count == 1:
            return try await only(.get, request) { () throws(Failure) in try await health() }
        default:
            return try await only(.get, request) { () async throws(Failure) in try await file(request) }
        }
    }

    private func api(_ request: IncomingRequest) async throws(Failure) -> Reply {
        let path = request.path
        if path.count == 2, path[1] == "batch" {
            return try await only(.post, request) { () async throws(Failure) in try await batch(request) }
        }
        guard path.count >= 2, let collection = catalog.collection(path[1]),
            records.isVisible(collection, to: request.principal)
        else { throw .notFound }
        switch (path.count, path.last) {
        case (2, _):
            return switch request.method {
            case .get, .head: try await list(collection, request)
            case .post: try await create(collection, request)
            default: Problem.methodNotAllowed([.get, .head, .post], request)
            }
        case (3, "import"):
            return switch request.method {
            case .post: try await importRows(collection, request)
            default: Problem.methodNotAllowed([.post], request)
            }
        case (3, "summary"):
            return switch request.method {
            case .get, .head: try await summary(collection, request)
            default: Problem.methodNotAllowed([.get, .head], request)
            }
        case (3, let text?):
            guard let id = Identifier(text) else { throw .notFound }
            return switch request.method {
            case .get, .head: try await read(id, collection, request)
            case .patch: try await update(id, collection, request)
            case .put: try await replace(id, collection, request)
            case .delete: try await delete(id, collection, request)
            default: Problem.methodNotAllowed([.get, .head, .patch, .put, .delete], request)
            }
        default: throw .notFound
        }
    }

    private func forms(_ request: IncomingRequest) async throws(Failure) -> Reply {
        let path = request.path
        if path.count == 2, let part = Pages.part(path[1]) {
            return try await only(.get, request) { part }
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
