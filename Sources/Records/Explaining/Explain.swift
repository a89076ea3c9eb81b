import OffstageExpressions
import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// Explains what would come of a request. Reads only, and asks the plan of the very statements that the request would run.
    ///
    /// - Throws: `.malformed` for a filter or a sort that the principal could not ask for either.
    package func explain(
        _ request: Explanation.Request,
        of collection: Collection,
        for principal: Principal
    ) async throws(Failure) -> Explanation {
        let view = view(of: collection, for: principal)
        let rules = try request.verb.rules.map { verb throws(Failure) in (verb: verb, rule: try view.explained(verb)) }
        var filter: ExplainedRule?
        if let text = request.filter { filter = try view.explainedFilter(text, arguments: request.arguments) }
        var draft: Draft?
        var faults: [Fault] = []
        if let values = request.values {
            do throws(Failure) {
                draft = try Draft(values, view, isWhole: request.verb == .create)
            } catch {
                faults = error.faults
            }
        }
        let question = ExplainedQuestion(
            records: self,
            view: view,
            request: request,
            rules: rules,
            filter: filter,
            draft: draft,
            faults: faults,
            sort: try request.sort.map { text throws(Failure) in try Sort(text, view) } ?? Sort(),
            table: try prepared(collection)
        )
        return try await engine.reading(.scan) { connection throws(StorageFailure) in
            try question.explanation(connection)
        }
    }
}

extension Explanation.Verb {
    /// The verbs whose rules must all say yes.
    fileprivate var rules: [Access.Verb] {
        switch self {
        case .list, .read: [.read]
        case .create: [.create]
        case .update: [.read, .update]
        case .delete: [.read, .delete]
        }
    }
}

/// Everything that is known of a request before the database is asked.
struct ExplainedQuestion: Sendable {
    let records: Records
    let view: View
    let request: Explanation.Request
    let rules: [(verb: Access.Verb, rule: ExplainedRule)]
    let filter: ExplainedRule?
    let draft: Draft?
    /// What is wrong with the values that were given.
    let faults: [Fault]
    let sort: Sort
    let table: Table

    /// Stands for a record where none is named, so that there is a statement to show.
    static let anyRecord = Identifier(high: 0x0000_0000_0000_7000, low: 0x8000_0000_0000_0000)

    func explanation(_ connection: any Connection) throws(StorageFailure) -> Explanation {
        let stored = try request.record.map { id throws(StorageFailure) in try table.record(id, connection) } ?? nil
        var statements: [Explanation.ExplainedStatement] = []
        for (purpose, statement) in try refusing({ () throws(Failure) in try self.statements(stored) }) {
            statements.append(
                Explanation.ExplainedStatement(
                    purpose: purpose,
                    statement: statement,
                    plan: try connection.plan(of: statement)
                )
            )
        }
        return Explanation(
            collection: view.collection,
            request: request,
            principal: view.principal,
            rules: rules,
            filter: filter,
            statements: statements,
            warnings: warnings(statements),
            fields: try refusing { () throws(Failure) in try fields() },
            verdict: try verdict(stored, connection)
        )
    }

    // MARK: Statements

    /// What holds of the records that the request is about.
    var condition: Permission {
        var condition = filter?.permission ?? .always
        for (verb, rule) in rules where verb == .read || verb == .delete { condition = rule.permission.and(condition) }
        return condition
    }

    /// The record as it would be: the new one, or the stored one with the changes on it.
    func candidate(_ stored: Record?) throws(Failure) -> Record {
        let collection = view.collection
        let now = records.now()
        if request.verb == .create {
            let values = (draft ?? Draft.nothing).initialValues(of: collection)
            let id = draft?.id ?? Self.anyRecord
            let plain = Record(id: id, created: now, updated: now, version: 1, values: values)
            return try view.completed(plain, draft ?? Draft.nothing)
        }
        let empty = Record(
            id: request.record ?? Self.anyRecord,
            created: now,
            updated: now,
            version: 1,
            values: collection.fields.map(\.emptyValue)
        )
        var record = stored ?? empty
        if let draft { record.values = try draft.merged(into: record.values, of: collection) }
        record.updated = now
        record.version += 1
        return record
    }

    var gate: Gate {
        get throws(Failure) {
            let draft = draft ?? Draft.nothing
            return request.verb == .create ? try view.creationGate(draft) : try view.changeGate(draft)
        }
    }

    private func statements(_ stored: Record?) throws(Failure) -> [(String, Statement)] {
        let id = request.record ?? Self.anyRecord
        let dialect = records.engine.dialect
        switch request.verb {
        case .list:
            guard condition != .never else { return [] }
            let query = ListQuery(sort: sort, filter: filter?.permission ?? .always)
            return [("reads a page", records.statement(query, try view.reading(table), condition))]
        case .read:
            return [("reads the record", records.statement(id, view, try view.reading(table), condition))]
        case .delete:
            guard condition != .never else { return [] }
            return [
                ("reads the record", records.statement(id, table, where: condition)),
                ("deletes it", table.delete.binding([.identifier(id)])),
            ]
        case .create, .update:
            let gate = try gate
            guard condition != .never, gate.rule != .never else { return [] }
            var statements: [(String, Statement)] = []
            if request.verb == .update {
                statements.append(("reads the record", records.statement(id, table, where: condition)))
            }
            if !gate.isOpen {
                let replaced = request.verb == .update ? id : nil
                let question = table.question(gate.conditions, of: try candidate(stored), replacing: replaced)
                statements.append(("asks the rules of the record as it would be", dialect.render(question)))
            }
            return statements + [write(try candidate(stored))]
        }
    }

    /// The statement that stores a record as it would be.
    private func write(_ candidate: Record) -> (String, Statement) {
        let times: [Value] = [.datetime(candidate.updated), .integer(candidate.version)]
        if request.verb == .create {
            let own: [Value] = [.identifier(candidate.id), .datetime(candidate.created)]
            return ("stores the record", table.insert.binding(own + times + candidate.values))
        }
        let place: [Value] = [.identifier(candidate.id), .integer(candidate.version - 1)]
        return ("changes it", table.update.binding(times + candidate.values + place))
    }

    // MARK: Fields

    private func fields() throws(Failure) -> [Explanation.ExplainedField] {
        var found: [Explanation.ExplainedField] = []
        let isWriting = request.verb == .create || request.verb == .update
        for (position, field) in view.collection.fields.enumerated() {
            let readable = try view.explained(readable: position)
            if readable.permission != .always {
                found.append(
                    .init(
                        name: field.name,
                        limit: readable.permission == .never ? .hidden : .hiddenSometimes,
                        rule: readable
                    )
                )
            }
            guard isWriting, !view.principal.isTeam else { continue }
            let writable = try view.explained(writable: position)
            if field.assign != nil {
                found.append(.init(name: field.name, limit: .notWritable, rule: nil))
            } else if writable.permission != .always {
                found.append(
                    .init(
                        name: field.name,
                        limit: writable.permission == .never ? .notWritable : .notWritableSometimes,
                        rule: writable
                    )
                )
            }
        }
        return found
    }
}

extension Draft {
    /// A request that says nothing of a record.
    fileprivate static let nothing = Draft()

    private init() {}
}
