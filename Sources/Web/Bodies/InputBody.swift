import HTTPTypes
import OffstageSchema

/// A body as the input of a record: JSON, urlencoded and multipart alike.
enum InputBody {
    /// What was read, and the bytes it was read from.
    struct Content {
        let input: Input
        let bytes: [UInt8]
    }

    static func read(
        _ request: IncomingRequest,
        atMost limit: Int = BodyReader.bytesAtMost
    ) async throws(Failure) -> Content {
        let type = BodyReader.mediaType(request.headers)
        guard let reader = Self.reader(for: type, request.headers) else {
            throw Failure(
                .unsupportedMediaType,
                "The body must be application/json, application/x-www-form-urlencoded or multipart/form-data, "
                    + (type.map { "not \($0.prefix(80))." } ?? "said in Content-Type.")
            )
        }
        let bytes = try await BodyReader.read(request, atMost: limit)
        return Content(input: try reader(bytes), bytes: bytes)
    }

    private static func reader(
        for type: String?,
        _ headers: HTTPFields
    ) -> (([UInt8]) throws(Failure) -> Input)? {
        switch type {
        case "application/json", "application/merge-patch+json": json
        case "application/x-www-form-urlencoded":
            { bytes throws(Failure) in Input(fields: try URLEncodedBody.read(bytes)) }
        case "multipart/form-data":
            { bytes throws(Failure) in Input(fields: try MultipartBody.read(bytes, type: headers[.contentType] ?? "")) }
        default: nil
        }
    }

    /// Any JSON, or the place where it is none.
    static func parse(_ bytes: [UInt8]) throws(Failure) -> JSON {
        do throws(JSONParser.Refusal) {
            return try JSONParser.parse(bytes)
        } catch {
            throw Failure(.malformed, "The body is not JSON: \(error.reason), at byte \(error.offset + 1).")
        }
    }

    private static func json(_ bytes: [UInt8]) throws(Failure) -> Input {
        let json = try parse(bytes)
        guard let input = Input(json: json) else {
            throw Failure(.malformed, "The body must be a JSON object, not \(json.kindInWords).")
        }
        return input
    }
}

extension Input {
    /// The fields of a form: all texts of one name together, in the order in which the names came first.
    init(fields: [(name: String, value: String)]) {
        var positions: [String: Int] = [:]
        var members: [(name: String, texts: [String])] = []
        for (name, value) in fields {
            let text = Self.withLineFeeds(value)
            if let position = positions[name] {
                members[position].texts.append(text)
            } else {
                positions[name] = members.count
                members.append((name, [text]))
            }
        }
        self.init(members.map { ($0.name, .texts($0.texts)) })
    }

    /// Browsers send the line breaks of a text area as CR LF (WHATWG HTML, "constructing the entry list"); they are kept
    /// as people mean them, and as JSON clients send them.
    private static func withLineFeeds(_ text: String) -> String {
        guard text.utf8.contains(0x0d) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var previous: UInt8 = 0
        for byte in text.utf8 {
            if byte == 0x0a, previous == 0x0d { bytes.removeLast() }
            bytes.append(byte)
            previous = byte
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
