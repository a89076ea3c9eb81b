import HTTPTypes
import OffstageSchema
import OffstageTemplates
import Synchronization

/// The interface of the running app as it is served: the document for programs and the page for people, made from the same
/// operations. Made when one of them is first asked for, and kept: most starts of the program are not for that, and
/// it takes longer than the rest of a start.
final class InterfacePages: Sendable {
    private struct Made: Sendable {
        let bytes: [UInt8]
        let tag: String
        /// The page, cut where the address of the server stands in it.
        let pieces: [String]
        let frame: Reply
    }

    private let catalog: Catalog
    private let pages: Pages
    private let made = Mutex<Made?>(nil)

    /// Stands in the page for the address until a request comes.
    private static let place = "\u{e000}"

    init(_ catalog: Catalog, pages: Pages) {
        self.catalog = catalog
        self.pages = pages
    }

    /// Whoever asks at the same time waits for the first.
    private func interface() -> Made {
        made.withLock { made in
            if let made { return made }
            let fresh = make()
            made = fresh
            return fresh
        }
    }

    private func make() -> Made {
        let document = OpenAPI.Document(catalog)
        let bytes = document.bytes
        let page = InterfacePage(document: document, address: Self.place)
        let frame = pages.reply(200, "docs", page.data(named: catalog.name), withScript: true)
        let html = if case .bytes(let bytes) = frame.body { String(decoding: bytes, as: UTF8.self) } else { "" }
        return Made(
            bytes: bytes,
            tag: EntityTag.of(bytes),
            pieces: html.split(separator: Self.place, omittingEmptySubsequences: false).map(String.init),
            frame: frame
        )
    }

    /// GET /openapi.json
    func document(_ request: IncomingRequest) -> Reply {
        let interface = interface()
        let headers: HTTPFields = [.eTag: interface.tag, .cacheControl: "no-cache"]
        if let header = request.headers[.ifNoneMatch], EntityTag.list(header, names: interface.tag) {
            return Reply(.notModified, headers: headers)
        }
        var reply = Reply(.ok, .json, interface.bytes)
        reply.headers.append(contentsOf: headers)
        return reply
    }

    /// GET /docs. The curl lines name the app's public address, or the one that the request was sent to.
    func page(_ request: IncomingRequest) -> Reply {
        let interface = interface()
        let address = catalog.address?.origin ?? "http://\(request.authority ?? "localhost")"
        var reply = interface.frame
        reply.body = .bytes(Array(interface.pieces.joined(separator: HTML.escaped(address)).utf8))
        return reply
    }
}
