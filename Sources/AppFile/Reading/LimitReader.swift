import OffstageSchema

/// `10/hour`: posts that one address may send.
struct LimitReader {
    /// For JSON Schema (ECMA 262).
    static let pattern = "^[1-9][0-9]{0,5}/(minute|hour|day)$"
    private static let postsAtMost = 999_999

    let faults: FaultList

    func read(_ node: YAMLNode) -> Form.Limit? {
        let parts = node.text?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard parts.count == 2, let first = parts.first, let last = parts.last,
            first.utf8.allSatisfy({ (0x30...0x39).contains($0) }), first.utf8.first != UInt8(ascii: "0"),
            let posts = Int(first), (1...Self.postsAtMost).contains(posts)
        else {
            faults.expected("a limit of 1 to \(Self.postsAtMost) posts, such as 10/hour", at: node)
            return nil
        }
        guard let period = Form.Limit.Period(rawValue: String(last)) else {
            let periods = Form.Limit.Period.allCases.map(\.rawValue)
            faults.add(
                node.place,
                "unknown period \(Excerpt.quoted(String(last))); \(NearestName.expected(periods, insteadOf: String(last)))"
            )
            return nil
        }
        return Form.Limit(posts, per: period)
    }
}
