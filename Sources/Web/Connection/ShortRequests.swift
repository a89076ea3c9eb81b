import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Answers short requests where they arrive, on the event loop of their connection. The server's own way changes to another
/// thread and back for each request, which costs more than reading a record does. Routes, rules and answers are the same on
/// both ways: here they begin on the event loop, and leave it only when they have to wait.
///
/// Which requests are short is said by `HTTPRequest.init(short:)`; all others are given on. Answers leave in the order of their
/// requests: while one is made here, what comes after it waits, and while one is made by the server, what comes after it goes
/// there too. Nothing is begun while the other side does not read what it was sent.
final class ShortRequests: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        /// Whatever comes next is a new request, or part of one that was given on.
        case open
        case collecting(HTTPRequest, ByteBuffer)
        case answering
    }

    private let responder: Responder
    private let requestGuard: RequestGuard
    /// Where the bytes of whole answers go on, past the encoder.
    private let encoder: ChannelHandlerContext
    private var state = State.open
    /// Requests that the server has and has not answered completely.
    private var givenOn = 0
    /// What came while an answer was being made.
    private var waiting: ArraySlice<HTTPServerRequestPart> = []
    /// Events that end the connection, held back until the answer is out.
    private var held: [Any] = []
    private var wantsToRead = false
    private var isReading = false
    private var needsFlush = false
    private var isTakingUp = false
    private var context: ChannelHandlerContext?
    /// What tasks of this connection that have to wait go on with.
    private var executor: LoopExecutor?
    /// The network address of the other side.
    private var peer: String?

    /// Parts that are read ahead of an answer.
    private static let partsAtMost = 64

    init(responder: Responder, requestGuard: RequestGuard, encoder: ChannelHandlerContext) {
        self.responder = responder
        self.requestGuard = requestGuard
        self.encoder = encoder
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        let part = unwrapInboundIn(data)
        if waiting.isEmpty, mayTake(context) {
            take(part, context)
        } else {
            waiting.append(part)
        }
    }

    /// Whether the next part can go on, or has to wait for an answer or for the other side.
    private func mayTake(_ context: ChannelHandlerContext) -> Bool {
        switch state {
        case .answering: false
        case .collecting: true
        case .open: givenOn > 0 || context.channel.isWritable
        }
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, state) {
        case (.head(let head), .open):
            if givenOn == 0, let short = HTTPRequest(short: head) {
                state = .collecting(short, ByteBuffer())
                return
            }
            givenOn += 1
        case (.body(var piece), .collecting(let head, var body)):
            // Let go first, so that appending does not copy.
            state = .open
            if body.readableBytes == 0 { body = piece } else { body.writeBuffer(&piece) }
            state = .collecting(head, body)
            return
        case (.end, .collecting(let head, let body)):
            answer(head, body, context)
            return
        default: break
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    private func answer(_ head: HTTPRequest, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        state = .answering
        let peer = peer ?? context.remoteAddress?.ipAddress ?? "local"
        self.peer = peer
        let exchange = responder.begin(head, peer: peer)
        let own = NIOLoopBound(self, eventLoop: context.eventLoop)
        // Runs here and now until it has to wait for something.
        let work: @Sendable () async -> Void = { [responder] in
            await Self.answer(exchange, RequestBody(buffer: body), responder, own)
        }
        switch head.method {
        case .get, .head: Task.immediate(operation: work)
        // A write waits for its sync.
        default: Task(executorPreference: executor(context), operation: work)
        }
    }

    private func executor(_ context: ChannelHandlerContext) -> LoopExecutor {
        if let executor { return executor }
        let made = LoopExecutor(context.eventLoop)
        executor = made
        return made
    }

    private static func answer(
        _ exchange: Exchange,
        _ body: RequestBody,
        _ responder: Responder,
        _ own: NIOLoopBound<ShortRequests>
    ) async {
        let reply = await responder.reply(to: exchange, body: body)
        let loop = own.eventLoop
        if case .stream(_, let pieces) = reply.body, exchange.head.method != .head {
            await send(reply, pieces, exchange, responder, own)
        } else if loop.inEventLoop {
            own.value.send(reply, exchange)
        } else {
            loop.execute { own.value.send(reply, exchange) }
        }
    }

    // MARK: Answers

    private func send(_ reply: Reply, _ exchange: Exchange) {
        guard let context, !requestGuard.hasEnded else { return }
        let closes = requestGuard.beginWhole(closes: reply.headers.contains { $0.name == .connection })
        let (buffer, count) = WholeAnswer.bytes(
            reply,
            isHead: exchange.head.method == .head,
            closes: closes,
            allocator: context.channel.allocator
        )
        let written: EventLoopPromise<Void>? = closes || !held.isEmpty ? context.eventLoop.makePromise() : nil
        encoder.write(NIOAny(IOData.byteBuffer(buffer)), promise: written)
        requestGuard.endWhole(written?.futureResult)
        responder.note(exchange, reply.status, bytes: count)
        finish(written?.futureResult, context)
    }

    /// Sends an answer of pieces, each when the one before it is with the system.
    private static func send(
        _ reply: Reply,
        _ pieces: @Sendable (any BodyWriter) async throws -> Void,
        _ exchange: Exchange,
        _ responder: Responder,
        _ own: NIOLoopBound<ShortRequests>
    ) async {
        let writer = PieceWriter(own)
        let loop = own.eventLoop
        do {
            try await loop.submit { own.value.begin(reply) }.get()
            try await pieces(writer)
            responder.note(exchange, reply.status, bytes: writer.count)
            try await loop.submit { own.value.end() }.get()
        } catch {
            // Half an answer must not pass for a whole one.
            responder.note(exchange, reply.status, bytes: writer.count)
            loop.execute { own.value.context?.close(promise: nil) }
        }
    }

    private func begin(_ reply: Reply) {
        let status = HTTPResponseStatus(statusCode: reply.status.code)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: HTTPHeaders(reply.headers))
        context?.write(wrapOutboundOut(.head(head)), promise: nil)
    }

    fileprivate func write(_ piece: [UInt8]) -> EventLoopFuture<Void>? {
        guard let context else { return nil }
        let buffer = context.channel.allocator.buffer(bytes: piece)
        let promise = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(buffer))), promise: promise)
        return promise.futureResult
    }

    private func end() {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        context.write(wrapOutboundOut(.end(nil)), promise: written)
        finish(written.futureResult, context)
    }

    /// Goes on with what came while the answer was made.
    ///
    /// - Parameter written: told when the answer is with the system; needed where events were held back.
    private func finish(_ written: EventLoopFuture<Void>?, _ context: ChannelHandlerContext) {
        state = .open
        // Behind an answer that ends the connection nothing is answered.
        if requestGuard.isDeaf { waiting = [] }
        if isReading, held.isEmpty { needsFlush = true } else { context.flush() }
        takeUp(context)
        if !held.isEmpty, let written {
            let own = NIOLoopBound(self, eventLoop: context.eventLoop)
            written.whenComplete { _ in own.value.letGo() }
        }
    }

    private func takeUp(_ context: ChannelHandlerContext) {
        // An answer may be there at once, and then comes here again from within.
        guard !isTakingUp else { return }
        isTakingUp = true
        let before = givenOn
        while mayTake(context), let part = waiting.popFirst() {
            take(part, context)
        }
        isTakingUp = false
        if waiting.isEmpty { waiting = [] }
        // The server takes what it is given when a reading ends.
        if givenOn > before { context.fireChannelReadComplete() }
        if wantsToRead {
            wantsToRead = false
            read(context: context)
        }
    }

    // MARK: The connection

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        if needsFlush {
            needsFlush = false
            context.flush()
        }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        let isFull = waiting.count >= Self.partsAtMost || !waiting.isEmpty && !context.channel.isWritable
        if isFull { wantsToRead = true } else { context.read() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { takeUp(context) }
        context.fireChannelWritabilityChanged()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { givenOn -= 1 }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        let ends = event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed
        switch state {
        case .answering where ends: held.append(event)
        case .open where ends && !waiting.isEmpty: held.append(event)
        case .collecting where event is ChannelShouldQuiesceEvent: held.append(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    private func letGo() {
        guard let context, case .open = state, waiting.isEmpty else { return }
        for event in held { context.fireUserInboundEventTriggered(event) }
        held = []
    }
}

/// Hands the pieces of an answer to the connection, and waits until the system has taken each. One task uses it at a time.
private final class PieceWriter: BodyWriter, @unchecked Sendable {
    private let connection: NIOLoopBound<ShortRequests>
    private(set) var count = 0

    init(_ connection: NIOLoopBound<ShortRequests>) {
        self.connection = connection
    }

    func write(_ bytes: [UInt8]) async throws {
        guard !bytes.isEmpty else { return }
        count += bytes.count
        let loop = connection.eventLoop
        try await loop.flatSubmit { [connection] in
            connection.value.write(bytes) ?? loop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }.get()
    }
}
