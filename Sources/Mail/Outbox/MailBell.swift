/// Wakes the ``MailService`` of this process. Nothing depends on it: the service looks by itself from time to time.
package final class MailBell: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    package init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// To be rung after the commit of a transaction that added a mail.
    package func ring() { continuation.yield() }

    /// One element for the rings since the one before. For one reader.
    var rings: AsyncStream<Void> { stream }
}
