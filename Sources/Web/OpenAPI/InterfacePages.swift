import HTTPTypes
import OffstageSchema
import OffstageTemplates

/// The interface of the running app as it is served: the document for programs and the page for people, both made once
/// at the start from the same operations.
struct InterfacePages: Sendable {
    private let bytes: [UInt8]
    private let tag: String
    /// The page, cut where the address of the server stands in it.
    private let pieces: [String]
    private let frame: Reply
    private let address: String?

    /// Stands in the page for the address until a request comes.
    private static let place = "\u{e000}"

    init(_ catalog: Catalog, pages: Pages) {
        let document = OpenAPI.Document(catalog)
        bytes = document.bytes
        tag = EntityTag.of(bytes)
        address = catalog.address?.origin
        let page = InterfacePage(document: document, address: Self.place)
        frame = pages.reply(200, "docs", page.data(named: catalog.name), withScript: true)
        let html = if case .bytes(let bytes) = frame.body { String(decoding: bytes, as: UTF8.self) } else { "" }
        pieces = html.split(separator: Self.place, omittingEmptySubsequences: false).map(String.init)
    }

    /// GET /openapi.json
    func document(_ request: IncomingRequest) -> Reply {
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        if let header = request.headers[.ifNoneMatch], EntityTag.list(header, names: tag) {
            return Reply(.notModified, headers: headers)
        }
        var reply = Reply(.ok, .json, bytes)
        reply.headers.append(contentsOf: headers)
        return reply
    }

    /// GET /docs. The curl lines name the app's public address, or the one that the request was sent to.
    func page(_ request: IncomingRequest) -> Reply {
        let address = address ?? "http://\(request.authority ?? "localhost")"
        var reply = frame
        reply.body = .bytes(Array(pieces.joined(separator: HTML.escaped(address)).utf8))
        return reply
    }
}
