import HTTPTypes
import OffstageSchema

/// Failures as problems (RFC 9457). Every `type` is a page that the server itself serves: Pages/ProblemPages.
enum Problem {
    static func reply(_ failure: Failure, request id: String) -> Reply {
        var reply = Reply(status(failure.kind), .problem, bytes(failure, request: id))
        reply.headers[.cacheControl] = "no-store"
        reply.describe(failure)
        if failure.kind == .unauthenticated { reply.headers[.wwwAuthenticate] = "Bearer" }
        return reply
    }

    private static func bytes(_ failure: Failure, request id: String) -> [UInt8] {
        var members: [JSON.Member] = [
            JSON.Member("type", .string("/problems/\(failure.kind.rawValue)")),
            JSON.Member("title", .string(title(failure.kind))),
            JSON.Member("status", .number(String(status(failure.kind).code))),
            JSON.Member("detail", .string(failure.detail)),
            JSON.Member("code", .string(failure.kind.rawValue)),
            JSON.Member("request", .string(id)),
        ]
        if !failure.faults.isEmpty {
            let faults = failure.faults.map { fault in
                JSON.object([
                    JSON.Member("pointer", .string(fault.pointer)),
                    JSON.Member("code", .string(fault.code.rawValue)),
                    JSON.Member("message", .string(fault.message)),
                ])
            }
            members.append(JSON.Member("errors", .array(faults)))
        }
        var writer = JSONWriter(capacity: 256)
        writer.write(.object(members))
        return writer.bytes
    }

    static func status(_ kind: Failure.Kind) -> HTTPResponse.Status {
        switch kind {
        case .malformed: .badRequest
        case .unauthenticated: .unauthorized
        case .forbidden: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .timeout: .requestTimeout
        case .conflict: .conflict
        case .stale: .preconditionFailed
        case .tooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .invalid, .keyReused: .unprocessableContent
        case .rateLimited: .tooManyRequests
        case .headersTooLarge: .requestHeaderFieldsTooLarge
        case .internalError: .internalServerError
        case .unavailable: .serviceUnavailable
        case .storageFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    static func title(_ kind: Failure.Kind) -> String {
        switch kind {
        case .malformed: "The request can't be read"
        case .unauthenticated: "You have to sign in"
        case .forbidden: "This is not allowed"
        case .notFound: "Not found"
        case .methodNotAllowed: "This can't be done here"
        case .notAcceptable: "No such format"
        case .timeout: "The request took too long to arrive"
        case .conflict: "Something is in the way"
        case .stale: "The record has changed"
        case .tooLarge: "Too large"
        case .unsupportedMediaType: "The body has a type that is not read here"
        case .invalid: "Some values are not valid"
        case .keyReused: "The key was used for another request"
        case .rateLimited: "Too many requests"
        case .headersTooLarge: "The headers are too large"
        case .internalError: "Something went wrong here"
        case .unavailable: "Not available at the moment"
        case .storageFull: "The disk is full"
        }
    }
}

extension Reply {
    /// When to try again, and the limit that was reached (draft-ietf-httpapi-ratelimit-headers).
    mutating func describe(_ failure: Failure) {
        guard let seconds = failure.retryAfter else { return }
        headers[.retryAfter] = String(seconds)
        guard let limit = failure.limit else { return }
        headers[.rateLimitPolicy] = "\"\(limit.name)\";q=\(limit.quota);w=\(limit.window)"
        headers[.rateLimit] = "\"\(limit.name)\";r=0;t=\(seconds)"
    }
}
