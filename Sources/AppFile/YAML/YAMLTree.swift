/// The tree of a file of one YAML document, with the place of every key and value, bounded in size and depth.
///
/// Aliases are written out; what they add counts, so that a few lines cannot become a gigabyte.
struct YAMLTree {
    /// Mappings and lists inside each other.
    static let depthAtMost = 32
    /// What the written-out tree may cost: 32 for a value and 1 for each byte of its text.
    static let costAtMost = 4_194_304
    private static let nodeCost = 32

    private let events: YAMLEvents
    private let faults: FaultList
    private var anchors: [String: Anchored] = [:]
    private var cost = 0

    /// A node that an alias may name, what it costs and how deep it is.
    private struct Anchored {
        let node: YAMLNode
        let cost: Int
        let height: Int
    }

    private init(_ bytes: some Swift.Collection<UInt8>, faults: FaultList) throws(YAMLRefusal) {
        events = try YAMLEvents(bytes)
        self.faults = faults
    }

    /// Reads a file.
    ///
    /// - Returns: the value of the document, or nil when the file holds nothing but white space and comments.
    /// - Throws: a refusal when the syntax breaks or a bound is passed. Duplicate keys, tags and the like go to `faults`.
    static func read(_ bytes: [UInt8], largestBytes: Int, faults: FaultList) throws(YAMLRefusal) -> YAMLNode? {
        guard bytes.count <= largestBytes else {
            throw YAMLRefusal(
                place: .start,
                reason: "the file has \(bytes.count) bytes; at most \(largestBytes) are read"
            )
        }
        let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes[...]
        try YAMLCharacters.check(text)
        var tree = try YAMLTree(text, faults: faults)
        return try tree.stream()
    }

    private mutating func stream() throws(YAMLRefusal) -> YAMLNode? {
        _ = try events.next()
        guard case .documentStart = try events.next().content else { return nil }
        let (node, _) = try value(try events.next(), depth: 1)
        _ = try events.next()
        let after = try events.next()
        guard case .streamEnd = after.content else {
            throw YAMLRefusal(
                place: after.place,
                reason: "a second document starts here; the file must be one document"
            )
        }
        return node
    }

    /// The value that an event starts, and its height: 0 for a scalar.
    private mutating func value(
        _ event: YAMLEvents.Event,
        depth: Int
    ) throws(YAMLRefusal) -> (node: YAMLNode, height: Int) {
        let costBefore = cost
        let content: YAMLNode.Content
        var height = 0
        var style = YAMLStyle.plain
        let properties: YAMLEvents.Properties
        switch event.content {
        case .alias(let name): return try written(out: name, at: event.place, depth: depth)
        case .scalar(let text, let written, let given):
            style = written
            try spend(Self.nodeCost + text.utf8.count, at: event.place)
            content = .scalar(scalar(text, plain: style == .plain, tag: given.tag, at: event.place))
            properties = given
        case .sequenceStart(let given):
            try enter(depth, at: event.place)
            try spend(Self.nodeCost, at: event.place)
            refuseTag(given.tag, at: event.place)
            (content, height) = try sequence(depth: depth)
            properties = given
        case .mappingStart(let given):
            try enter(depth, at: event.place)
            try spend(Self.nodeCost, at: event.place)
            refuseTag(given.tag, at: event.place)
            (content, height) = try mapping(depth: depth)
            properties = given
        default:
            throw YAMLRefusal(place: event.place, reason: "not YAML: a value is missing")
        }
        let node = YAMLNode(
            place: event.place,
            content: content,
            style: style,
            isOnOneLine: event.endLine == event.place.line
        )
        if let name = properties.anchor {
            anchors[name] = Anchored(node: node, cost: cost - costBefore, height: height)
        }
        return (node, height)
    }

    private mutating func sequence(depth: Int) throws(YAMLRefusal) -> (YAMLNode.Content, Int) {
        var elements: [YAMLNode] = []
        var height = 1
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.content { return (.sequence(elements), height) }
            let element = try value(event, depth: depth + 1)
            elements.append(element.node)
            height = max(height, element.height + 1)
        }
    }

    private mutating func mapping(depth: Int) throws(YAMLRefusal) -> (YAMLNode.Content, Int) {
        var entries: [YAMLEntry] = []
        var lines: [String: Int] = [:]
        var height = 1
        while true {
            let event = try events.next()
            if case .mappingEnd = event.content { return (.mapping(entries), height) }
            let key = try key(event, depth: depth)
            let value = try value(try events.next(), depth: depth + 1)
            height = max(height, value.height + 1)
            guard let key else { continue }
            if let line = lines[key] {
                faults.add(event.place, "key \(Excerpt.quoted(key)) is given twice; the first is on line \(line)")
                continue
            }
            lines[key] = event.place.line
            entries.append(YAMLEntry(key: key, place: event.place, value: value.node))
        }
    }

    /// A key's text; nil, with the fault noted, for a key that no mapping here may have.
    private mutating func key(_ event: YAMLEvents.Event, depth: Int) throws(YAMLRefusal) -> String? {
        if case .scalar(let text, let style, let properties) = event.content, properties.anchor == nil {
            try spend(Self.nodeCost + text.utf8.count, at: event.place)
            refuseTag(properties.tag, at: event.place)
            guard !(style == .plain && text == "<<") else {
                faults.add(event.place, "\"<<\" is not part of YAML 1.2; write the keys out")
                return nil
            }
            return text
        }
        _ = try value(event, depth: depth + 1)
        faults.add(event.place, "a key must be a plain text")
        return nil
    }

    private mutating func written(
        out name: String,
        at place: Place,
        depth: Int
    ) throws(YAMLRefusal) -> (node: YAMLNode, height: Int) {
        guard let anchored = anchors[name] else {
            throw YAMLRefusal(
                place: place,
                reason:
                    "alias \(Excerpt.quoted("*" + name)) has no anchor before it; put a text that starts with * in quotes"
            )
        }
        try spend(anchored.cost, at: place)
        if anchored.height > 0 { try enter(depth + anchored.height - 1, at: place) }
        return (anchored.node, anchored.height)
    }

    private func enter(_ depth: Int, at place: Place) throws(YAMLRefusal) {
        guard depth <= Self.depthAtMost else {
            throw YAMLRefusal(place: place, reason: "more than \(Self.depthAtMost) levels inside each other")
        }
    }

    private mutating func spend(_ more: Int, at place: Place) throws(YAMLRefusal) {
        cost += more
        guard cost <= Self.costAtMost else {
            throw YAMLRefusal(
                place: place,
                reason: "too many values, those that aliases repeat counted; none is read from here"
            )
        }
    }

    private func scalar(_ text: String, plain: Bool, tag: String?, at place: Place) -> YAMLScalar {
        guard let tag else { return plain ? YAMLScalar(plain: text) : .text(text, plain: false) }
        if tag != "!", tag != "tag:yaml.org,2002:str" { refuseTag(tag, at: place) }
        return .text(text, plain: false)
    }

    private func refuseTag(_ tag: String?, at place: Place) {
        guard let tag, tag != "!" else { return }
        faults.add(
            place,
            "\(Excerpt.quoted(tag)) is a YAML tag, which has no meaning here; put a text that starts with ! in quotes"
        )
    }
}
