import HTTPTypes
import NIOCore

/// An answer that is complete before its first byte leaves, written as HTTP/1.1 in one piece (RFC 9112, section 4).
///
/// Field names and values are checked when a field is made, so none holds a line break.
enum WholeAnswer {
    /// - Parameters:
    ///   - isHead: whether the request was HEAD, whose answer has the head alone.
    ///   - closes: whether the connection ends with it.
    static func bytes(
        _ reply: Reply,
        isHead: Bool,
        closes: Bool,
        allocator: ByteBufferAllocator
    ) -> (buffer: ByteBuffer, ofBody: Int) {
        let body: [UInt8] = if case .bytes(let bytes) = reply.body, !isHead { bytes } else { [] }
        var buffer = allocator.buffer(capacity: 512 + body.count)
        if reply.status == .ok {
            buffer.writeStaticString("HTTP/1.1 200 OK\r\n")
        } else {
            buffer.writeString("HTTP/1.1 \(reply.status.code) \(reply.status.reasonPhrase)\r\n")
        }
        for field in reply.headers {
            if closes, field.name == .connection { continue }
            buffer.writeString(field.name.rawName)
            buffer.writeStaticString(": ")
            buffer.writeString(field.value)
            buffer.writeStaticString("\r\n")
        }
        buffer.writeStaticString(closes ? "connection: close\r\n\r\n" : "\r\n")
        buffer.writeBytes(body)
        return (buffer, body.count)
    }
}
