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
        let status = reply.status == .ok ? "200 OK" : "\(reply.status.code) \(reply.status.reasonPhrase)"
        var count = 13 + status.utf8.count + (closes ? 21 : 2) + body.count
        for field in reply.headers { count += field.name.rawName.utf8.count + field.value.utf8.count + 4 }
        var buffer = allocator.buffer(capacity: count)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { room in
            var piece = Pieces(room: room)
            piece.write("HTTP/1.1 ")
            piece.write(status)
            piece.write("\r\n")
            for field in reply.headers where !(closes && field.name == .connection) {
                piece.write(field.name.rawName)
                piece.write(": ")
                piece.write(field.value)
                piece.write("\r\n")
            }
            piece.write(closes ? "connection: close\r\n\r\n" : "\r\n")
            body.withUnsafeBytes { piece.write($0) }
            return piece.count
        }
        return (buffer, body.count)
    }

    /// Puts one piece behind the other, in room that was counted before.
    private struct Pieces {
        let room: UnsafeMutableRawBufferPointer
        private(set) var count = 0

        init(room: UnsafeMutableRawBufferPointer) {
            self.room = room
        }

        mutating func write(_ text: String) {
            var text = text
            text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
        }

        mutating func write(_ bytes: UnsafeRawBufferPointer) {
            guard !bytes.isEmpty else { return }
            // Traps rather than write behind the end.
            UnsafeMutableRawBufferPointer(rebasing: room[count..<count + bytes.count]).copyMemory(from: bytes)
            count += bytes.count
        }
    }
}
