import HTTPTypes
import HummingbirdCore
import NIOCore
import OffstageSchema

/// Reads the whole body of a request, within a limit.
enum BodyReader {
    /// Of requests other than imports.
    static let bytesAtMost = 1_048_576

    static func read(_ request: IncomingRequest, atMost limit: Int = bytesAtMost) async throws(Failure) -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge(limit) }
        var bytes: [UInt8] = []
        do {
            for try await buffer in request.body {
                guard bytes.count + buffer.readableBytes <= limit else { throw tooLarge(limit) }
                bytes.append(contentsOf: buffer.readableBytesView)
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            // The connection ended in the middle; nobody is there to read this.
            throw Failure(.malformed, "The body ended before it was complete.")
        }
        return bytes
    }

    static func tooLarge(_ limit: Int) -> Failure {
        Failure(.tooLarge, "The body is larger than \(limit) bytes, which is the most that is read here.")
    }

    /// The media type of the body, in lower case and without parameters; nil when none is named.
    static func mediaType(_ headers: HTTPFields) -> String? {
        guard let text = headers[.contentType] else { return nil }
        let end = text.firstIndex(of: ";") ?? text.endIndex
        return String(text[..<end].filter { $0 != " " && $0 != "\t" }).lowercased()
    }
}
