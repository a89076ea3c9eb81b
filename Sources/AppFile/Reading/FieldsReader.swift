import OffstageSchema

/// What was read of a mapping of fields. A field that could not be read is still declared, so that nobody is told
/// that it is unknown as well.
struct FieldsRead {
    /// In the order of the file.
    let declared: [String]
    /// Those that could be read, in the same order.
    let fields: [Field]

    private let byName: [String: Field]
    private let declaredNames: Set<String>
    private let withDefault: Set<String>

    init(declared: [String], fields: [Field], withDefault: Set<String> = []) {
        self.declared = declared
        self.fields = fields
        byName = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        declaredNames = Set(declared)
        self.withDefault = withDefault
    }

    subscript(name: String) -> Field? { byName[name] }

    /// Whether the file gives it a default, be it possible or not.
    func hasDefault(_ name: String) -> Bool { withDefault.contains(name) }

    func isDeclared(_ name: String) -> Bool { declaredNames.contains(name) }

    /// The field that a node names, when it names one that could be read. A name of none is noted.
    ///
    /// - Parameter others: names that may stand there beside the fields'.
    func field(_ node: YAMLNode, others: [String] = [], faults: FaultList) -> Field? {
        guard let name = faults.text(node, expected: "the name of a field") else { return nil }
        guard isDeclared(name) else {
            faults.add(
                node.place,
                "unknown field \(Excerpt.quoted(name)); \(NearestName.expected(declared + others, insteadOf: name))"
            )
            return nil
        }
        return self[name]
    }
}

/// The fields of a collection, or those that accounts add.
struct FieldsReader {
    let names: AppNames
    var owner: String?
    let places: ExpressionPlaces
    let faults: FaultList

    func read(_ node: YAMLNode?) -> FieldsRead {
        guard let node else { return FieldsRead(declared: [], fields: []) }
        guard case .mapping(let entries) = node.content else {
            faults.expected("a mapping of field names to types, such as {title: text}", at: node)
            return FieldsRead(declared: [], fields: [])
        }
        var renames = Renames(entries.map(\.key), rule: .field)
        let reader = FieldReader(names: names, owner: owner, places: places, faults: faults)
        let fields = entries.compactMap { reader.read($0, renames: &renames) }
        let withDefault = entries.filter { entry in
            if case .mapping(let options) = entry.value.content {
                options.contains { $0.key == "default" }
            } else {
                false
            }
        }
        return FieldsRead(declared: entries.map(\.key), fields: fields, withDefault: Set(withDefault.map(\.key)))
    }
}
