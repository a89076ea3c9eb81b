import OffstageRules
import OffstageSchema

/// One field: a bare word for its type, or a mapping of options.
struct FieldReader {
    let names: AppNames
    /// The collection that the field is of; nil for those that accounts add.
    let owner: String?
    let places: ExpressionPlaces
    let faults: FaultList

    /// - Returns: nil when too little is known of the field to go on; why is noted.
    func read(_ entry: YAMLEntry, renames: inout Renames) -> Field? {
        if let refusal = NameRule.field.refusal(entry.key) { faults.add(entry.place, refusal) }
        guard let (type, section) = type(entry) else { return nil }
        guard let kind = type.read(section, names) else {
            _ = settings(entry.key, section, &renames)
            return nil
        }
        var field = settings(entry.key, section, &renames)(kind)
        field.many = many(type, section)
        checkUnique(field, section)
        checkClear(field, section)
        field.defaultValue = DefaultReader(faults: faults).read(section, for: field)
        return field
    }

    /// The field's type and its options, unknown ones noted.
    private func type(_ entry: YAMLEntry) -> (FieldType, Section)? {
        let entries: [YAMLEntry]
        let word: YAMLNode
        switch entry.value.content {
        case .scalar(.text):
            entries = []
            word = entry.value
        case .mapping(let given):
            entries = given
            guard let type = given.first(where: { $0.key == "type" }) else {
                faults.add(entry.place, "a field needs \"type\", one of \(FieldKind.names.joined(separator: ", "))")
                return nil
            }
            word = type.value
        default:
            faults.expected("a field: a type, such as text, or a mapping with \"type\"", at: entry.value)
            return nil
        }
        guard let type = type(word) else { return nil }
        var keys = FieldKeys.of(type)
        // A bare word has no options, so a missing one is told where the word stands.
        if entries.isEmpty { keys.removeFirst() }
        let section = Section(entries, what: type.what, place: entry.place, keys: keys, faults: faults) { key in
            let others = FieldKeys.types(withOption: key)
            guard !others.isEmpty else { return nil }
            return "\"\(key)\" is an option of \(others.joined(separator: ", ")), not of \(type.what); "
                + "\(NearestName.expected(keys.map(\.name), insteadOf: ""))"
        }
        return (type, section)
    }

    private func type(_ node: YAMLNode) -> FieldType? {
        guard let word = faults.text(node, expected: "a type, one of \(FieldKind.names.joined(separator: ", "))") else {
            return nil
        }
        if let type = FieldType.named(word) { return type }
        if word == NotYet.fileType {
            faults.add(node.place, NotYet.files)
        } else if let meant = FieldType.wordsElsewhere[word.lowercased()] {
            faults.add(
                node.place,
                "unknown type \(Excerpt.quoted(word)); expected one of \(FieldKind.names.joined(separator: ", "))"
                    + "; did you mean \"\(meant)\"?"
            )
        } else {
            faults.add(
                node.place,
                "unknown type \(Excerpt.quoted(word)); \(NearestName.expected(FieldKind.names, insteadOf: word))"
            )
        }
        return nil
    }

    /// What every field has, whatever its kind: read now, put together when the kind is known.
    private func settings(_ name: String, _ section: Section, _ renames: inout Renames) -> (FieldKind) -> Field {
        let required = section.boolean("required") ?? false
        let unique = section.boolean("unique") ?? false
        let label = section.line("label")
        let help = section.line("help")
        let readable = section["readable"].flatMap { faults.rule($0) } ?? .everybody
        let writable = section["writable"].flatMap { faults.rule($0) } ?? .everybody
        let assign = section["assign"].flatMap { faults.expression($0) }
        if let owner {
            places.note(.readable(field: name, of: owner), section["readable"])
            places.note(.writable(field: name, of: owner), section["writable"])
            places.note(.assign(field: name, of: owner), section["assign"])
        }
        let was = renames.read(section, name: name)
        return { kind in
            Field(
                name,
                kind,
                required: required,
                unique: unique,
                label: label,
                help: help,
                readable: readable,
                writable: writable,
                assign: assign,
                was: was
            )
        }
    }

    private func many(_ type: FieldType, _ section: Section) -> Bool {
        guard section.boolean("many") == true, let node = section["many"] else { return false }
        if type.mayBeMany { return true }
        let may = FieldKind.namesThatMayBeMany.joined(separator: ", ")
        faults.add(node.place, "\(type.what) cannot be many; only \(may) can")
        return false
    }

    private func checkUnique(_ field: Field, _ section: Section) {
        guard field.unique, let node = section["unique"] else { return }
        if field.many {
            faults.add(node.place, "a list cannot be unique; only single values are compared")
        } else if case .json = field.kind {
            faults.add(node.place, "a json field cannot be unique; only simple values are compared")
        }
    }

    private func checkClear(_ field: Field, _ section: Section) {
        guard case .relation(let kind) = field.kind, kind.onDelete == .clear, field.required,
            let node = section["on_delete"]
        else { return }
        faults.add(
            node.place,
            "a required field cannot be cleared; expected restrict or cascade, or leave out \"required\""
        )
    }
}
