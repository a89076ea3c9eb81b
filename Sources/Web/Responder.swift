import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import OffstageRecords
import OffstageSchema

/// Takes each request of a connection through the routes and writes what they answer.
final class Responder: Sendable {
    private let app: WebApp
    private let accessLog: AccessLog
    private let logger: Logger

    init(app: WebApp, accessLog: AccessLog, logger: Logger) {
        self.app = app
        self.accessLog = accessLog
        self.logger = logger
    }

    private static let noSniffing = HTTPField(name: .xContentTypeOptions, value: "nosniff")

    /// Of a body that no route reads.
    private static let bytesPassedOver = 65_536

    /// Answers a request that came the server's way.
    @Sendable
    func respond(to request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let exchange = begin(request.head, peer: channel.remoteAddress?.ipAddress ?? "local")
        if let expectation = request.headers[.expect], expectation.lowercased() == "100-continue" {
            try await writer.writeInformationalHead(HTTPResponse(status: .continue))
        }
        let reply = await reply(to: exchange, body: request.body)
        let sent: Int
        do {
            sent = try await write(reply, writer, isHead: request.method == .head)
        } catch {
            note(exchange, reply.status, bytes: 0)
            throw error
        }
        note(exchange, reply.status, bytes: sent)
    }

    /// - Parameter peer: the network address at the other end of the connection.
    func begin(_ head: HTTPRequest, peer: String) -> Exchange {
        Exchange(
            head: head,
            start: .now,
            id: app.records.newKey(),
            address: app.proxies.client(of: head.headerFields, from: peer)
        )
    }

    /// The whole answer, whatever happens on the way to it.
    func reply(to exchange: Exchange, body: RequestBody) async -> Reply {
        var reply = await routed(exchange, body)
        complete(&reply, exchange.head)
        return reply
    }

    /// Puts the line of a request into the log.
    func note(_ exchange: Exchange, _ status: HTTPResponse.Status, bytes: Int) {
        accessLog.note(
            exchange.head,
            status.code,
            bytes: bytes,
            since: exchange.start,
            id: exchange.id,
            address: exchange.address
        )
    }

    private func routed(_ exchange: Exchange, _ body: RequestBody) async -> Reply {
        do throws(Failure) {
            var incoming = try IncomingRequest(
                head: exchange.head,
                body: body,
                id: exchange.id,
                address: exchange.address,
                sender: Sender(principal: .visitor(address: exchange.address), credentials: .none)
            )
            var reply: Reply
            do throws(Failure) {
                if let early = try await app.identified(&incoming, exchange.head) {
                    reply = early
                } else {
                    reply = try await app.reply(to: incoming)
                }
            } catch {
                reply = problem(error, exchange.id)
            }
            switch incoming.path.first {
            case "api", "forms", "auth": app.origins.share(&reply, with: incoming)
            default: break
            }
            return reply
        } catch {
            return problem(error, exchange.id)
        }
    }

    private func problem(_ failure: Failure, _ id: String) -> Reply {
        if let detail = failure.operatorDetail {
            logger.error("\(failure.kind.rawValue): \(detail)", metadata: ["request": .string(id)])
        }
        return Problem.reply(failure, request: id)
    }

    /// What every answer carries.
    private func complete(_ reply: inout Reply, _ request: HTTPRequest) {
        // Appended, since setting a field by name builds an index of all fields first.
        reply.headers.append(HTTPField(name: .date, value: HTTPDate.now()))
        reply.headers.append(Self.noSniffing)
        let hasBody = reply.status != .noContent && reply.status != .notModified
        switch reply.body {
        case .none: if hasBody { length(0, of: &reply) }
        case .bytes(let bytes): length(bytes.count, of: &reply)
        case .stream(let count, _): if let count { length(count, of: &reply) }
        }
        // A body that nobody read may still be on its way; the connection ends rather than take it all.
        let isLong =
            request.headerFields[.transferEncoding] != nil
            || request.headerFields[.contentLength].flatMap { Int($0) } ?? 0 > Self.bytesPassedOver
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

/// A request on its way to its answer: what the log says of it in the end.
struct Exchange: Sendable {
    let head: HTTPRequest
    let start: ContinuousClock.Instant
    /// Names the request in the log and in problems.
    let id: String
    /// The network address of whom it came from.
    let address: String
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
