/// Header fields of a request, in order; a name may stand more than once.
struct Headers: ExpressibleByDictionaryLiteral, Sendable {
    var pairs: [(name: String, value: String)]

    init(dictionaryLiteral elements: (String, String)...) {
        pairs = elements.map { (name: $0.0, value: $0.1) }
    }

    /// Both, the first ones first.
    init(_ first: Headers, _ second: Headers) {
        pairs = first.pairs + second.pairs
    }

    func adding(_ name: String, _ value: String) -> Headers {
        var headers = self
        headers.pairs.append((name: name, value: value))
        return headers
    }
}
