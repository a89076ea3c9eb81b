import OffstageRules
import OffstageSchema

/// `access: {read: true}`: a rule for each verb, closed where there is none.
struct AccessReader {
    static let keys: [Key] = [
        Key(
            "read",
            "Who may read records. Absent: nobody but the team. true: everybody. Or an expression.",
            .named("rule")
        ),
        Key(
            "create",
            "Who may create records. Absent: nobody but the team. true: everybody. Or an expression.",
            .named("rule")
        ),
        Key(
            "update",
            "Who may change records. Absent: nobody but the team. true: everybody. Or an expression.",
            .named("rule")
        ),
        Key(
            "delete",
            "Who may delete records. Absent: nobody but the team. true: everybody. Or an expression.",
            .named("rule")
        ),
    ]

    let collection: String
    let places: ExpressionPlaces
    let faults: FaultList

    /// - Parameter verbs: those that may be given here.
    func read(_ node: YAMLNode?, place: Place, verbs: [Access.Verb] = Access.Verb.allCases) -> Access {
        var access = Access()
        // All verbs commented out is as closed as it looks.
        guard let node, !node.isNull,
            let section = Section(
                node,
                what: "the access of a collection",
                place: place,
                keys: Self.keys.filter { key in verbs.contains { $0.rawValue == key.name } },
                faults: faults,
                unknown: { unknown($0, verbs) }
            )
        else { return access }
        access.read = rule(.read, section)
        access.create = rule(.create, section)
        access.update = rule(.update, section)
        access.delete = rule(.delete, section)
        return access
    }

    private func rule(_ verb: Access.Verb, _ section: Section) -> Rule {
        places.note(.access(verb, of: collection), section[verb.rawValue])
        return section[verb.rawValue].flatMap { faults.rule($0) } ?? .nobody
    }

    private func unknown(_ verb: String, _ verbs: [Access.Verb]) -> String {
        let verbs = verbs.map(\.rawValue)
        let meant: [String: String] = [
            "list": "read", "view": "read", "get": "read", "insert": "create", "add": "create", "post": "create",
            "write": "update", "edit": "update", "patch": "update", "put": "update", "remove": "delete",
        ]
        let expected = "unknown verb \(Excerpt.quoted(verb)); expected one of \(verbs.joined(separator: ", "))"
        if let meant = meant[verb.lowercased()], verbs.contains(meant) {
            return expected + "; did you mean \"\(meant)\"?"
        }
        return expected + NearestName.question(verbs, verb)
    }
}
