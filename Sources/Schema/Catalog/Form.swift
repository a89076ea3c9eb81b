/// A form: a view of a collection for people without an account.
package struct Form: Hashable, Sendable {
    package var name: String
    /// The collection that the records go into.
    package var collection: String
    package var fields: [String]
    package var title: String
    /// What the button says.
    package var send: String
    package var thanks: Thanks
    package var limit: Limit

    package init(
        name: String,
        into collection: String,
        fields: [String],
        title: String? = nil,
        send: String = "Send",
        thanks: Thanks = .builtIn,
        limit: Limit = .standard
    ) {
        self.name = name
        self.collection = collection
        self.fields = fields
        self.title = title ?? Field.label(from: name)
        self.send = send
        self.thanks = thanks
        self.limit = limit
    }

    /// Where a browser goes after a form was stored.
    package enum Thanks: Hashable, Sendable {
        case builtIn
        /// A path on this site, or a URL on a listed origin.
        case location(String)
    }

    /// Posts from one address.
    package struct Limit: Hashable, Sendable {
        package let posts: Int
        package let period: Period

        package enum Period: String, Sendable, CaseIterable {
            case minute, hour, day

            package var seconds: Int {
                switch self {
                case .minute: 60
                case .hour: 3600
                case .day: 86_400
                }
            }
        }

        package init(_ posts: Int, per period: Period) {
            self.posts = posts
            self.period = period
        }

        /// What holds when the file gives none: enough for a person or an office behind one address, not for a script.
        package static let standard = Limit(30, per: .hour)
    }
}
