extension OpenAPI {
    /// What the server does beyond the first interface. The document tells a feature when it stands in `served`, and
    /// nothing else has to change for it: this is the one switch.
    struct Features: OptionSet, Sendable {
        let rawValue: Int

        /// The parameters `filter` and `arg.<name>` of lists.
        static let filter = Features(rawValue: 1 << 0)
        /// The parameter `expand` of lists and records.
        static let expand = Features(rawValue: 1 << 1)
        /// The parameter `search` of lists.
        static let search = Features(rawValue: 1 << 2)
        /// `GET /api/{collection}/summary`.
        static let summary = Features(rawValue: 1 << 3)
        /// `POST /api/batch`.
        static let batch = Features(rawValue: 1 << 4)

        static let served: Features = [.filter, .expand, .search, .summary, .batch]
    }
}
