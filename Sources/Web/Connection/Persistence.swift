import NIOHTTP1

/// Whether a connection goes on after an answer (RFC 9112, section 9.3): it ends when one side says so, which HTTP/1.0 does
/// by saying nothing.
struct Persistence {
    private struct Wanted {
        let version: HTTPVersion
        let isKept: Bool
        let isHead: Bool
    }

    /// Of each request that is not answered yet, in order.
    private var wanted: ArraySlice<Wanted> = []
    private var closesAfterAnswer = false

    /// Whether the connection ends with the answer that is being written.
    var endsAfterAnswer: Bool { closesAfterAnswer }

    /// Takes note of a request.
    ///
    /// - Returns: false for one that does not name one host (section 3.2), and so is not answered as others are.
    mutating func received(_ head: HTTPRequestHead) -> Bool {
        var hosts = 0
        var upgrades = false
        for (name, _) in head.headers {
            switch name.utf8.count {
            case 4 where name.lowercased() == "host": hosts += 1
            case 7 where name.lowercased() == "upgrade": upgrades = true
            default: break
            }
        }
        guard hosts == 1 || hosts == 0 && head.version == .http1_0 else { return false }
        // After a request to upgrade the parser reads no further requests, so there is one answer and no more.
        let isKept = head.isKeepAlive && !upgrades && head.method != .CONNECT
        wanted.append(Wanted(version: head.version, isKept: isKept, isHead: head.method == .HEAD))
        return true
    }

    /// Makes the head of an answer say what becomes of the connection.
    mutating func begin(_ head: inout HTTPResponseHead) {
        // An older client knows no chunks, so the end of the connection ends the body.
        if wanted.first?.version == .http1_0 { head.version = .http1_0 }
        // The answer to HEAD has no body, and so not the end of a chunked one either.
        let hasLength = head.headers.contains(name: "content-length") || [204, 304].contains(head.status.code)
        if wanted.first?.isHead == true, !hasLength { head.version = .http1_0 }
        closesAfterAnswer = !head.isKeepAlive || wanted.first.map { !$0.isKept } ?? false
        if closesAfterAnswer { head.headers.replaceOrAdd(name: "connection", value: "close") }
    }

    /// The same for an answer that is written whole, with its length.
    ///
    /// - Parameter closes: whether the server wants the connection to end.
    /// - Returns: whether it ends after the answer.
    mutating func beginWhole(closes: Bool) -> Bool {
        closesAfterAnswer = closes || wanted.first.map { !$0.isKept } ?? false
        return closesAfterAnswer
    }

    /// Takes note that an answer is complete.
    ///
    /// - Returns: whether the connection ends now.
    mutating func ended() -> Bool {
        if !wanted.isEmpty { wanted.removeFirst() }
        if wanted.isEmpty { wanted = [] }
        return closesAfterAnswer
    }
}
