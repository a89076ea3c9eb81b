import OffstageExpressions
import OffstageStorage

extension Translator {
    /// A term as a condition that a database can read as a whole.
    mutating func finished(_ term: Term) throws(TranslationRefusal) -> SQL {
        let sql = try condition(term, is: true)
        guard sql.depth <= SQL.depthAtMost else {
            throw TranslationRefusal("an expression with so many parts inside each other", at: term.position)
        }
        return sql
    }
}

extension SQL {
    /// SQLite's parser keeps at most 100 pieces open: about four for a bracket, seven for a `CASE` or a query.
    fileprivate static let depthAtMost = 84

    fileprivate var depth: Int {
        var depth = 0
        var deepest = 0
        for piece in pieces {
            guard case .literal(let text) = piece else { continue }
            for word in Words(text) {
                switch word {
                case .open: depth += 4
                case .close: depth -= 4
                case .begin: depth += 3
                case .end: depth -= 3
                }
                deepest = max(deepest, depth)
            }
        }
        return deepest
    }
}

/// The brackets of a literal piece of SQL, and its words `CASE` and `END`.
private struct Words: Sequence, IteratorProtocol {
    enum Word { case open, close, begin, end }

    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    mutating func next() -> Word? {
        while let byte = rest.first {
            if rest.starts(with: "CASE ".utf8) {
                rest.removeFirst(5)
                return .begin
            }
            if rest.starts(with: " END".utf8) {
                rest.removeFirst(4)
                return .end
            }
            rest.removeFirst()
            if byte == UInt8(ascii: "(") { return .open }
            if byte == UInt8(ascii: ")") { return .close }
        }
        return nil
    }
}
