import OffstageRules
package import OffstageSchema
import OffstageStorage

extension Records {
    /// Does all operations of a batch in one transaction, or none.
    ///
    /// - Returns: `{"results":[…]}` in their order: records as their writer may see them, and `{"deleted":"<id>"}`.
    /// - Throws: the failure of the first operation that fails, with its place.
    package func batch(
        _ batch: Batch,
        by principal: Principal,
        repeatKey: RepeatKey?
    ) async throws(Failure) -> Answer {
        let steps = BatchStep.steps(of: batch, self, principal)
        let settled = try await engine.writing { [self] connection throws(StorageFailure) in
            let moment = now()
            return try answering(repeatKey, at: moment, connection) { () throws(StorageFailure) in
                var run = BatchRun(
                    records: self,
                    transaction: transaction(by: principal, at: moment),
                    connection: connection
                )
                for step in steps { try run.perform(step) }
                return run.results
            } answer: {
                answer($0)
            }
        }
        return settled.answer { answer($0) }
    }

    private func answer(_ results: [BatchResult]) -> Answer {
        var writer = JSONWriter(capacity: 256 * (results.count + 1))
        writer.raw("{\"results\":[")
        for (index, result) in results.enumerated() {
            if index > 0 { writer.raw(",") }
            switch result {
            case .record(let record, let collection): json(of: collection).write(record, to: &writer)
            case .deleted(let id):
                writer.raw("{\"deleted\":")
                writer.write(id)
                writer.raw("}")
            }
        }
        writer.raw("]}")
        return Answer(status: 200, headers: [("Content-Type", "application/json")], body: writer.bytes)
    }
}

/// What one operation came to.
private enum BatchResult: Sendable {
    case record(Record, Collection)
    case deleted(Identifier)
}

/// One operation, as far as it can be read before the transaction, which other writes wait for.
private struct BatchStep: Sendable {
    let index: Int
    let operation: BatchOperation
    /// Nil for a collection that is not there for whoever asks.
    let view: View?
    /// Nil while it waits for the results of others. A refusal is told when it is the operation's turn.
    let prepared: Result<BatchWrite, Failure>?

    static func steps(of batch: Batch, _ records: Records, _ principal: Principal) -> [BatchStep] {
        var views: [String: View] = [:]
        return batch.operations.enumerated().map { index, operation in
            if views[operation.collection] == nil, let collection = records.catalog.collection(operation.collection),
                records.isVisible(collection, to: principal)
            {
                views[collection.name] = records.view(of: collection, for: principal)
            }
            let view = views[operation.collection]
            guard !BatchReferences.isUsed(by: operation) else {
                return BatchStep(index: index, operation: operation, view: view, prepared: nil)
            }
            // Without a reference nothing of it is looked up.
            var none = BatchReferences()
            let prepared = Result { () throws(Failure) in try BatchWrite(operation, view, records, &none) }
            return BatchStep(index: index, operation: operation, view: view, prepared: prepared)
        }
    }

    /// What the operation itself brought about as a failure of the batch; the database's own trouble stays what it is.
    func placed(_ failure: StorageFailure) -> StorageFailure {
        switch failure {
        case .refused, .unique, .reference, .required:
            let refusal = Failure(failure)
            return .refused(placed(operation.verb == .delete ? refusal : BatchWrite.inValues(refusal)))
        default: return failure
        }
    }

    /// A failure of this operation as one of the batch.
    func placed(_ failure: Failure) -> Failure {
        let place = "/operations/\(index)"
        let faults =
            failure.faults.isEmpty
            ? [Fault(place, .operation, failure.detail)]
            : failure.faults.map { Fault(place + $0.pointer, $0.code, $0.message) }
        return Failure(
            failure.kind,
            "Operation \(index), counted from 0: \(failure.detail) Nothing of the batch was done.",
            faults: faults,
            operatorDetail: failure.operatorDetail,
            retryAfter: failure.retryAfter
        )
    }
}

/// The write of one operation, with everything it needs.
private struct BatchWrite: Sendable {
    let write: any PreparedWrite
    let view: View
    /// The id of the address; nil for `create`.
    let id: Identifier?

    /// - Throws: faults with pointers that start at the operation.
    init(
        _ operation: BatchOperation,
        _ view: View?,
        _ records: Records,
        _ references: inout BatchReferences
    ) throws(Failure) {
        guard let view else { throw .notFound }
        self.view = view
        if operation.verb == .create {
            id = nil
            write = try Self.inValues { () throws(Failure) in
                try records.creation(try Self.input(operation, view, &references), view)
            }
            return
        }
        guard let id = Identifier(try references.address(operation)) else { throw .notFound }
        self.id = id
        let precondition = operation.precondition
        write = try Self.inValues { () throws(Failure) -> any PreparedWrite in
            switch operation.verb {
            case .delete: return try Removal(id, view, if: precondition)
            case .replace:
                return try Replacement(id, with: Self.input(operation, view, &references), view, if: precondition)
            case .create, .update:
                return try Patching(id, with: Self.input(operation, view, &references), view, if: precondition)
            }
        }
    }

    private static func input(
        _ operation: BatchOperation,
        _ view: View,
        _ references: inout BatchReferences
    ) throws(Failure) -> Input {
        Input(try references.values(operation, view).map { ($0.name, .json($0.value)) })
    }

    /// The faults of a record as faults of the operation's values.
    static func inValues<Result>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            throw Self.inValues(error)
        }
    }

    static func inValues(_ failure: Failure) -> Failure {
        Failure(
            failure.kind,
            failure.detail,
            faults: failure.faults.map { $0.under("values") },
            operatorDetail: failure.operatorDetail,
            retryAfter: failure.retryAfter
        )
    }
}

/// A batch inside its transaction: one operation after the other, each seeing what those before it did.
private struct BatchRun {
    let records: Records
    let transaction: Journal.Transaction
    let connection: any Connection
    private(set) var results: [BatchResult] = []
    private var references = BatchReferences()
    private var bytes = 0

    /// Of the values in all results, about: a hundred small changes may touch a hundred large records.
    private static let bytesAtMost = 16 * 1_048_576

    init(records: Records, transaction: Journal.Transaction, connection: any Connection) {
        self.records = records
        self.transaction = transaction
        self.connection = connection
    }

    mutating func perform(_ step: BatchStep) throws(StorageFailure) {
        let write: BatchWrite
        do throws(Failure) {
            if let prepared = step.prepared {
                write = try prepared.get()
            } else {
                write = try BatchWrite(step.operation, step.view, records, &references)
            }
        } catch {
            throw .refused(step.placed(error))
        }
        let written: Written
        do throws(StorageFailure) {
            written = try connection.attempt { () throws(StorageFailure) in
                try write.write.perform(records, in: transaction, connection)
            }
        } catch {
            throw step.placed(error)
        }
        switch written {
        case .created(let record), .changed(let record):
            try keep(record, write.view, step)
        case .deleted:
            if let id = write.id { results.append(.deleted(id)) }
        }
    }

    private mutating func keep(_ record: Record, _ view: View, _ step: BatchStep) throws(StorageFailure) {
        bytes += record.values.reduce(0) { $0 + $1.bytes }
        guard bytes <= Self.bytesAtMost else {
            throw .refused(
                step.placed(
                    Failure(.tooLarge, "The results come to more than \(Self.bytesAtMost) bytes; do less at once.")
                )
            )
        }
        results.append(.record(record, view.collection))
        if let name = step.operation.name { references.add(record, of: view.collection, as: name) }
    }
}
