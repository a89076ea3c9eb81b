import OffstageSchema

/// One form: a view of a collection for people without an account.
struct FormReader {
    static let keys: [Key] = [
        Key("into", "The collection that the records go into.", .named("name"), required: "messages"),
        Key(
            "fields",
            "The fields that it shows, in this order.",
            .list(of: .named("name")),
            required: "[name, message]"
        ),
        Key("title", "The heading; made from the name unless given.", .anyText),
        Key("send", "What the button says; Send unless given.", .anyText),
        Key(
            "thanks",
            "Where a browser goes next: a path on this site or a URL on a listed origin. Absent: the built-in page.",
            .anyText
        ),
        Key(
            "limit",
            "Posts taken from one address, such as 10/hour; \(Form.Limit.standard.posts)/hour unless given.",
            .pattern(LimitReader.pattern)
        ),
    ]

    /// Of the collections that the file declares.
    let names: AppNames
    let collections: [String: CollectionRead]
    let thanks: ThanksReader
    let faults: FaultList

    func read(_ entry: YAMLEntry) -> Form? {
        if let refusal = NameRule.form.refusal(entry.key) { faults.add(entry.place, refusal) }
        guard let section = Section(entry.value, what: "a form", place: entry.place, keys: Self.keys, faults: faults)
        else { return nil }
        let title = section.line("title")
        let send = section.line("send")
        let thanks = section["thanks"].flatMap { self.thanks.read($0) }
        let limit = section["limit"].flatMap { LimitReader(faults: faults).read($0) }
        let collection = collection(section)
        let fields = fields(section, of: collection.flatMap { collections[$0] })
        guard let collection else { return nil }
        return Form(
            name: entry.key,
            into: collection,
            fields: fields,
            title: title,
            send: send ?? "Send",
            thanks: thanks ?? .builtIn,
            limit: limit ?? .standard
        )
    }

    private func collection(_ section: Section) -> String? {
        guard let node = section["into"], let name = faults.text(node, expected: "the name of a collection") else {
            return nil
        }
        guard name != Collection.usersName else {
            faults.add(node.place, "a form cannot make accounts; people sign up at /auth/sign-up")
            return nil
        }
        return names.check(collection: name, at: node.place, faults: faults) ? name : nil
    }

    private func fields(_ section: Section, of collection: CollectionRead?) -> [String] {
        guard let node = section["fields"], let elements = faults.list(node, of: "field names") else { return [] }
        guard !elements.isEmpty else {
            faults.add(node.place, "a form needs at least one field")
            return []
        }
        var shown: [String] = []
        var seen: Set<String> = []
        for element in elements {
            guard let name = faults.text(element, expected: "the name of a field") else { continue }
            if !seen.insert(name).inserted {
                faults.add(element.place, "\(Excerpt.quoted(name)) is in the form twice")
            } else if let collection {
                check(name, at: element.place, in: collection)
            }
            shown.append(name)
        }
        if let collection { checkRequired(seen, at: node.place, in: collection) }
        return shown
    }

    private func check(_ name: String, at place: Place, in collection: CollectionRead) {
        guard collection.fields.isDeclared(name) else {
            faults.add(
                place,
                "unknown field \(Excerpt.quoted(name)) of \(collection.collection.name); "
                    + NearestName.expected(collection.fields.declared, insteadOf: name)
            )
            return
        }
        if let field = collection.fields[name], field.writable == .nobody || field.assign != nil {
            let reason = field.assign == nil ? "is not writable" : "is set by the server"
            faults.add(place, "\"\(name)\" \(reason), so a form cannot take it")
        }
    }

    /// A form without a field that every record needs could never store anything.
    private func checkRequired(_ shown: Set<String>, at place: Place, in collection: CollectionRead) {
        for field in collection.fields.fields
        where field.required && field.assign == nil && !collection.fields.hasDefault(field.name)
            && !shown.contains(field.name)
        {
            faults.add(
                place,
                "\"\(field.name)\" of \(collection.collection.name) is required and has no default, so a form without it "
                    + "could store nothing"
            )
        }
    }
}
