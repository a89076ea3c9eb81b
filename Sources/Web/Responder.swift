import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import OffstageRecords
import OffstageSchema

/// Takes each request of a connection through the routes and writes what they answer.
struct Responder: Sendable {
    let app: WebApp
    let accessLog: AccessLog
    let logger: Logger

    /// Of a body that no route reads.
    private static let bytesPassedOver = 65_536

    @Sendable
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let start = ContinuousClock.now
        let id = app.records.newKey()
        let address = app.proxies.client(of: request.headers, from: channel.remoteAddress?.ipAddress ?? "local")
        if let expectation = request.headers[.expect], expectation.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        var reply = await reply(to: request, id: id, address: address)
        complete(&reply, request)
        let sent: Int
        do {
            sent = try await write(reply, writer, isHead: request.method == .head)
        } catch {
            accessLog.note(request.head, reply.status.code, bytes: 0, since: start, id: id, address: address)
            throw error
        }
        accessLog.note(request.head, reply.status.code, bytes: sent, since: start, id: id, address: address)
    }

    private func reply(to request: Request, id: String, address: String) async -> Reply {
        do throws(Failure) {
            var incoming = try IncomingRequest(
                head: request.head,
                body: request.body,
                id: id,
                address: address,
                sender: Sender(principal: .visitor(address: address), credentials: .none)
            )
            var reply: Reply
            do throws(Failure) {
                if let early = try await app.identified(&incoming, request.head) {
                    reply = early
                } else {
                    reply = try await app.reply(to: incoming)
                }
            } catch {
                reply = problem(error, id)
            }
            switch incoming.path.first {
            case "api", "forms", "auth": app.origins.share(&reply, with: incoming)
            default: break
            }
            return reply
        } catch {
            return problem(error, id)
        }
    }

    private func problem(_ failure: Failure, _ id: String) -> Reply {
        if let detail = failure.operatorDetail {
            logger.error("\(failure.kind.rawValue): \(detail)", metadata: ["request": .string(id)])
        }
        return Problem.reply(failure, request: id)
    }

    /// What every answer carries.
    private func complete(_ reply: inout Reply, _ request: Request) {
        // Appended, since setting a field by name builds an index of all fields first.
        reply.headers.append(HTTPField(name: .date, value: HTTPDate.now()))
        reply.headers.append(HTTPField(name: .xContentTypeOptions, value: "nosniff"))
        let hasBody = reply.status != .noContent && reply.status != .notModified
        switch reply.body {
        case .none: if hasBody { length(0, of: &reply) }
        case .bytes(let bytes): length(bytes.count, of: &reply)
        case .stream(let count, _): if let count { length(count, of: &reply) }
        }
        // A body that nobody read may still be on its way; the connection ends rather than take it all.
        let isLong =
            request.headers[.transferEncoding] != nil
            || request.headers[.contentLength].flatMap { Int($0) } ?? 0 > Self.bytesPassedOver
        let isUnread = ![.post, .patch, .put].contains(request.method) || reply.status.kind == .clientError
        if reply.status == .contentTooLarge || isLong && isUnread { reply.headers[.connection] = "close" }
    }

    private func length(_ count: Int, of reply: inout Reply) {
        reply.headers.append(HTTPField(name: .contentLength, value: String(count)))
    }

    /// - Returns: the bytes of the body that were sent.
    private func write(_ reply: Reply, _ writer: consuming ResponseWriter, isHead: Bool) async throws -> Int {
        let head = HTTPResponse(status: reply.status, headerFields: reply.headers)
        switch reply.body {
        case .bytes(let bytes) where !isHead:
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            return bytes.count
        case .stream(_, let body) where !isHead:
            let counter = CountingWriter(try await writer.writeHead(head))
            try await body(counter)
            return try await counter.finish()
        default:
            try await writer.writeResponse(head)
            return 0
        }
    }
}

/// Hands pieces of a body to the connection and counts their bytes. One task uses it at a time.
private final class CountingWriter: BodyWriter, @unchecked Sendable {
    private var writer: any ResponseBodyWriter
    private var count = 0

    init(_ writer: any ResponseBodyWriter) {
        self.writer = writer
    }

    func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        count += bytes.count
        try await writer.write(ByteBuffer(bytes: bytes))
    }

    func finish() async throws -> Int {
        try await writer.finish(nil)
        return count
    }
}
