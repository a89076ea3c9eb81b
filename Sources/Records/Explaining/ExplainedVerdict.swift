import OffstageExpressions
import OffstageRules
import OffstageSchema
import OffstageStorage

/// What comes of a request for one record, part by part.
extension ExplainedQuestion {
    /// - Returns: nil when neither a record nor values for a new one are given.
    func verdict(_ stored: Record?, _ connection: any Connection) throws(StorageFailure) -> Explanation.Verdict? {
        if request.verb == .create {
            guard request.values != nil else { return nil }
        } else {
            guard request.record != nil else { return nil }
            guard stored != nil else { return Explanation.Verdict(answer: .absent, parts: [], hidden: []) }
        }
        guard faults.isEmpty || isDenied else {
            return Explanation.Verdict(answer: .invalid(faults), parts: [], hidden: [])
        }
        let candidate: Record
        do throws(Failure) {
            candidate = try self.candidate(stored)
        } catch {
            return Explanation.Verdict(answer: .invalid(error.faults), parts: [], hidden: [])
        }
        var questions: [(label: String, question: PartQuestion)] = rules.compactMap { verb, rule in
            rule.part.map { (verb.rawValue, $0) }
        }
        if let part = filter?.part { questions.append(("filter", part)) }
        var answers: [(of: String, answer: Explanation.PartAnswer)] = []
        for (label, question) in questions {
            answers.append((label, try answer(question, stored, candidate, connection)))
        }
        return Explanation.Verdict(
            answer: try answer(stored, candidate, connection),
            parts: answers,
            hidden: try hidden(stored, candidate, connection)
        )
    }

    /// Whether a rule says no whatever the record and its values are; they are not even looked at then.
    private var isDenied: Bool {
        rules.contains { $0.rule.permission == .never }
    }

    /// The answer of the statements themselves, not of the parts.
    private func answer(
        _ stored: Record?,
        _ candidate: Record,
        _ connection: any Connection
    ) throws(StorageFailure) -> Explanation.Verdict.Answer {
        if isDenied { return .denied }
        if let stored, try records.record(stored.id, view.collection, where: condition, connection) == nil {
            return .denied
        }
        guard request.verb == .create || request.verb == .update else { return .allowed }
        let gate = try refusing { () throws(Failure) in try self.gate }
        switch try gate.verdict(on: candidate, replacing: stored?.id, table, connection) {
        case .refused: return .denied
        case .faults(let faults): return .invalid(faults)
        case .allowed: break
        }
        do throws(Failure) {
            try Draft.requireComplete(candidate.values, of: view.collection)
        } catch {
            return .invalid(error.faults)
        }
        return .allowed
    }

    private func answer(
        _ question: PartQuestion,
        _ stored: Record?,
        _ candidate: Record,
        _ connection: any Connection
    ) throws(StorageFailure) -> Explanation.PartAnswer {
        let truth = try truth(question, stored, candidate, connection)
        var parts: [Explanation.PartAnswer] = []
        var joined: String?
        switch question.kind {
        case .single: break
        case .all(let questions):
            joined = "all"
            for question in questions { parts.append(try answer(question, stored, candidate, connection)) }
        case .any(let questions):
            joined = "any"
            for question in questions { parts.append(try answer(question, stored, candidate, connection)) }
        }
        let new = request.verb == .update ? candidate : nil
        return Explanation.PartAnswer(
            text: question.text,
            truth: truth,
            failure: truth == .error && parts.isEmpty
                ? question.failure(on: stored ?? candidate, new: new, of: view.collection) : nil,
            joined: joined,
            parts: parts
        )
    }

    private func truth(
        _ question: PartQuestion,
        _ stored: Record?,
        _ candidate: Record,
        _ connection: any Connection
    ) throws(StorageFailure) -> Explanation.PartAnswer.Truth {
        if question.yes == .always { return .yes }
        if question.no == .always { return .no }
        if question.yes == .never, question.no == .never { return .error }
        let query = table.question([question.yes.sql, question.no.sql], of: candidate, replacing: stored?.id)
        let answer = try connection.first(query) { row -> Explanation.PartAnswer.Truth in
            row.integer(0) == 1 ? .yes : row.integer(1) == 1 ? .no : .error
        }
        return answer ?? .error
    }

    /// The fields of the record that are not shown.
    private func hidden(
        _ stored: Record?,
        _ candidate: Record,
        _ connection: any Connection
    ) throws(StorageFailure) -> [String] {
        let reading = try refusing { () throws(Failure) in try view.reading(table) }
        guard let stored else { return reading.hidden.sorted().map { view.collection.fields[$0].name } }
        let shown = try reading.shown(stored, connection)
        return shown.hidden.sorted().map { view.collection.fields[$0].name }
    }
}
