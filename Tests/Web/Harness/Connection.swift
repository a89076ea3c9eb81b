import NIOCore
import NIOPosix
import Synchronization

/// One TCP connection to the server: sends any bytes, reads what comes back. One task uses it at a time.
final class Connection: Sendable {
    private let channel: any Channel
    private let mailbox: Mailbox

    static func open(port: Int) async throws -> Connection {
        let mailbox = Mailbox()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .channelInitializer { channel in
                channel.pipeline.addHandler(Collector(mailbox))
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Connection(channel, mailbox)
    }

    private init(_ channel: any Channel, _ mailbox: Mailbox) {
        self.channel = channel
        self.mailbox = mailbox
    }

    /// False once the server has ended the connection.
    var isOpen: Bool { channel.isActive }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Hands bytes to the connection without waiting until the server takes them.
    func sendWithoutWaiting(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Says that nothing more will be sent; what the server sends is still taken.
    func endSending() async throws {
        try await channel.close(mode: .output)
    }

    /// Stops taking what the server sends, or goes on.
    func read(_ isReading: Bool) async throws {
        try await channel.setOption(.autoRead, value: isReading).get()
    }

    /// The next byte that comes, or nil at the end of the connection.
    func next() async throws -> UInt8? {
        if let byte = mailbox.take() { return byte }
        return try await mailbox.wait(on: channel.eventLoop) ? mailbox.take() : nil
    }

    /// All that comes until the server ends the connection.
    func rest() async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = try await next() { bytes.append(byte) }
        return bytes
    }

    /// The next response. `method` is that of the request it answers, since a response to HEAD has no body.
    func response(to method: String = "GET") async throws -> Response {
        try await ResponseReader(connection: self).read(method)
    }

    func close() async {
        try? await channel.close()
    }
}

/// What went wrong with a connection of a test.
struct ConnectionFailure: Error, CustomStringConvertible {
    let description: String
}

/// Bytes that have come and were not taken yet.
private final class Mailbox: Sendable {
    private struct State {
        var bytes: [UInt8] = []
        var next = 0
        var hasEnded = false
        var waiter: CheckedContinuation<Bool, any Error>?
    }

    private let state = Mutex(State())

    func take() -> UInt8? {
        state.withLock { state in
            guard state.next < state.bytes.count else { return nil }
            state.next += 1
            return state.bytes[state.next - 1]
        }
    }

    /// True when there are bytes, false at the end.
    func wait(on loop: any EventLoop, atMost limit: TimeAmount = .seconds(30)) async throws -> Bool {
        let late = loop.scheduleTask(in: limit) {
            self.takeWaiter()?.resume(throwing: ConnectionFailure(description: "nothing came for \(limit)"))
        }
        defer { late.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            let known = state.withLock { state -> Bool? in
                if state.next < state.bytes.count { return true }
                if state.hasEnded { return false }
                state.waiter = continuation
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func put(_ bytes: ByteBufferView) {
        state.withLock { state in
            if state.next == state.bytes.count {
                state.bytes.removeAll(keepingCapacity: true)
                state.next = 0
            }
            state.bytes.append(contentsOf: bytes)
        }
        takeWaiter()?.resume(returning: true)
    }

    func end() {
        state.withLock { $0.hasEnded = true }
        takeWaiter()?.resume(returning: false)
    }

    private func takeWaiter() -> CheckedContinuation<Bool, any Error>? {
        state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
    }
}

private final class Collector: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let mailbox: Mailbox

    init(_ mailbox: Mailbox) {
        self.mailbox = mailbox
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        mailbox.put(unwrapInboundIn(data).readableBytesView)
    }

    func channelInactive(context: ChannelHandlerContext) {
        mailbox.end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
