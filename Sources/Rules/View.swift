import OffstageExpressions
package import OffstageSchema
package import OffstageStorage

/// One collection as somebody may see and change it: every rule folded for them, once a request.
package struct View: Sendable {
    package let collection: Collection
    package let asker: Asker
    package let rules: Rules
    let dialect: any Dialect
    private let folded: FoldedRules

    var known: Known { folded.known }
    var own: CollectionRules { folded.own }

    /// - Parameter dialect: of the database that the conditions are for.
    package init(_ collection: Collection, for asker: Asker, _ rules: Rules, dialect: any Dialect) {
        self.collection = collection
        self.asker = asker
        self.rules = rules
        self.dialect = dialect
        folded = rules.folded(collection, for: asker, dialect)
    }

    package var principal: Principal { asker.principal }

    // MARK: Records

    /// Whether the rule lets somebody at records of the collection, and at which.
    ///
    /// - Parameter alias: what the rows are called in the statement; the collection's own name unless given.
    package func permission(to verb: Access.Verb, of alias: SQL.Name? = nil) throws(Failure) -> Permission {
        try permission(.access(verb), of: alias)
    }

    /// Whether the rule says no before any record is looked at, and without an expression.
    package func isClosed(to verb: Access.Verb) -> Bool {
        !principal.isTeam && collection.access[verb] == .nobody
    }

    func decision(to verb: Access.Verb) -> Decision {
        folded.decision(to: verb)
    }

    /// The conditions that every record keeps, asked of the record as it would be.
    package func checks() throws(Failure) -> [(check: Check, holds: Permission)] {
        var checks: [(check: Check, holds: Permission)] = []
        for (place, entry) in folded.own.checks.enumerated() {
            checks.append((entry.check, try permission(.check(place), of: .candidate)))
        }
        return checks
    }

    // MARK: Fields

    /// Whether somebody may read the field of every record. Only then may it be filtered and sorted by.
    package func showsAlways(_ position: Int) -> Bool {
        if case .always = folded.readable[position] { true } else { false }
    }

    /// Whether somebody may not read the field of any record.
    package func hidesAlways(_ position: Int) -> Bool {
        folded.hidden.contains(position)
    }

    package func showsAlways(_ name: String) -> Bool {
        collection.position(of: name).map { showsAlways($0) } ?? false
    }

    /// Whether a name is one of a member that somebody may see of any record.
    package func shows(_ name: String) -> Bool {
        guard let position = collection.position(of: name) else { return Scope.Variable.own[name] != nil }
        return !hidesAlways(position)
    }

    /// The members of a record that somebody may see, in the order of the interface.
    package var names: [String] {
        ["id"] + collection.fields.indices.filter { !hidesAlways($0) }.map { collection.fields[$0].name }
            + ["created", "updated", "version"]
    }

    /// The fields that somebody may read of no record.
    package var hidden: Set<Int> { folded.hidden }

    /// The fields that are read of some records and not of others, each with the condition.
    package func sometimesReadable() throws(Failure) -> [(position: Int, condition: SQL)] {
        guard folded.hasSometimes else { return [] }
        var fields: [(position: Int, condition: SQL)] = []
        for (position, decision) in folded.readable.enumerated() {
            guard case .when = decision, case .when(let sql) = try permission(.readable(position), of: nil) else {
                continue
            }
            fields.append((position, sql))
        }
        return fields
    }

    /// Whether somebody may set the field.
    ///
    /// - Parameter alias: the row that the rule looks at: the stored record, or at creation the new one.
    package func permission(toWrite position: Int, of alias: SQL.Name? = nil) throws(Failure) -> Permission {
        try permission(.writable(position), of: alias)
    }

    /// Whether somebody can never set the field.
    package func neverWrites(_ position: Int) -> Bool {
        if case .never = folded.decision(toWrite: position) { true } else { false }
    }

    /// What the server sets at creation, by the positions of the fields, as a client would send it. A value that fails is
    /// nothing.
    package func assigned(to record: Record) -> [(position: Int, value: JSON)] {
        let assigns = folded.own.assigns
        guard !assigns.isEmpty else { return [] }
        let fields = DatumMap(record, of: collection)
        var known = asker.known()
        for (key, value) in zip(fields.keys, fields.values) {
            if case .string(let name) = key { known.values[name] = value }
        }
        return assigns.map { position, value in
            guard case .success(let datum) = value.evaluate(known) else { return (position, .null) }
            return (position, JSON(datum))
        }
    }

    // MARK: Conditions

    private func permission(_ question: FoldedRules.Question, of alias: SQL.Name?) throws(Failure) -> Permission {
        let alias = alias ?? SQL.Name(collection)
        return try folded.permission(question, of: alias) { (decision) throws(Failure) in
            try permission(decision, of: alias)
        }
    }

    func permission(_ decision: Decision, of alias: SQL.Name?) throws(Failure) -> Permission {
        do throws(TranslationRefusal) {
            return try translated(decision, of: alias)
        } catch {
            // Only a value of `user` gets here that no database can compare with; the answer is no, and loud.
            throw undecidable(error.fault)
        }
    }

    /// A decision as a condition of rows.
    ///
    /// - Parameter visible: what must hold of records of other collections to be seen; rules see all.
    func translated(
        _ decision: Decision,
        of alias: SQL.Name?,
        seeing visible: [String: Decision] = [:]
    ) throws(TranslationRefusal) -> Permission {
        switch decision {
        case .always: return .always
        case .never: return .never
        case .when(let term):
            let row = RowSource(collection: collection, alias: alias ?? SQL.Name(collection))
            var translator = Translator(catalog: rules.catalog, dialect: dialect, root: row)
            translator.new = RowSource(collection: collection, alias: .candidate)
            translator.visible = visible
            if case .map(let user)? = known.values["user"] { translator.user = user }
            return Permission(try translator.finished(term))
        }
    }

    func undecidable(_ fault: ExpressionFault) -> Failure {
        Failure(
            .internalError,
            "A rule of this app cannot be decided for you. Nothing was done.",
            operatorDetail: "a rule beside those of \(collection.name): \(fault)"
        )
    }
}

/// What a rule came to: for every record, for none, or for those that fulfil a condition.
package enum Permission: Hashable, Sendable {
    case always
    case never
    case when(SQL)

    init(_ condition: SQL) {
        self = condition.isYes ? .always : condition.isNo ? .never : .when(condition)
    }

    /// Whether it is decided by the record's own row, without a look at any other.
    package var staysInRow: Bool {
        guard case .when(let condition) = self else { return true }
        return condition.staysInRow
    }

    /// Whether it only compares what stands in the record's own row.
    package var comparesOnly: Bool {
        guard case .when(let condition) = self else { return true }
        return condition.comparesOnly
    }

    /// Both must allow.
    package func and(_ other: Permission) -> Permission {
        switch (self, other) {
        case (.never, _), (_, .never): .never
        case (.always, let other): other
        case (let own, .always): own
        case (.when(let first), .when(let second)): .when(.all([first, second]))
        }
    }

    /// As a condition in a statement.
    package var sql: SQL {
        switch self {
        case .always: .yes
        case .never: .no
        case .when(let condition): condition
        }
    }
}

extension SQL {
    /// Whether it holds no query of its own.
    package var staysInRow: Bool {
        !pieces.contains { piece in
            if case .literal(let text) = piece { Self.holdsQuery(text) } else { false }
        }
    }

    /// Whether "SELECT" stands in a literal. Every request asks, and the standard library's search takes longer than a read.
    private static func holdsQuery(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            let word: StaticString = "SELECT"
            guard bytes.count >= word.utf8CodeUnitCount else { return false }
            return (0...(bytes.count - word.utf8CodeUnitCount)).contains { start in
                (0..<word.utf8CodeUnitCount).allSatisfy { bytes[start + $0] == word.utf8Start[$0] }
            }
        }
    }

    /// Whether it holds no query of its own and calls no function: a name with a bracket right behind it.
    package var comparesOnly: Bool {
        staysInRow
            && pieces.allSatisfy { piece in
                guard case .literal(let text) = piece else { return true }
                return zip(text.utf8, text.utf8.dropFirst()).allSatisfy { before, bracket in
                    guard bracket == UInt8(ascii: "(") else { return true }
                    switch before {
                    case UInt8(ascii: " "), UInt8(ascii: "("): return true
                    default: return false
                    }
                }
            }
    }

    /// The tables that a condition looks into beside the row that it is asked of.
    package var tablesRead: Set<String> {
        var tables: Set<String> = []
        for (piece, next) in zip(pieces, pieces.dropFirst()) {
            guard case .literal(let text) = piece, text.hasSuffix("FROM "), case .name(let name) = next else {
                continue
            }
            tables.insert(name)
        }
        return tables
    }
}

extension CheckedRule {
    func decide(_ known: Known, isTeam: Bool) -> Decision {
        switch self {
        case _ where isTeam: .always
        case .everybody: .always
        case .nobody: .never(nil)
        case .expression(let checked): checked.decide(known)
        }
    }
}
