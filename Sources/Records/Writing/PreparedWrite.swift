import OffstageRules
import OffstageSchema
import OffstageStorage

/// One write of one record: read and judged as far as that goes without the record, and done inside a transaction. A request
/// of its own, a batch and an import all write through these.
protocol PreparedWrite: Sendable {
    /// Does the write, or throws and leaves it to the transaction to take back what was done.
    func perform(
        _ records: Records,
        in transaction: Journal.Transaction,
        _ connection: any Connection
    ) throws(StorageFailure) -> Written
}

extension Records {
    /// Does one write in a transaction of its own.
    ///
    /// - Returns: the answer that the request makes of it, or the one that was kept under its key.
    func commit(_ write: some PreparedWrite, _ request: WriteRequest) async throws(Failure) -> Answer {
        let settled = try await engine.writing { [self] connection throws(StorageFailure) in
            let moment = now()
            return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                try write.perform(self, in: transaction(by: request.principal, at: moment), connection)
            } answer: {
                request.answer($0)
            }
        }
        return settled.answer { request.answer($0) }
    }

    func transaction(by principal: Principal, at moment: Timestamp) -> Journal.Transaction {
        Journal.Transaction(id: ids.next(), at: moment, actor: principal.actor)
    }

    /// A record that was just written, as its writer may see it.
    func shown(_ record: Record, _ view: View, _ connection: any Connection) throws(StorageFailure) -> Record {
        let table = try table(view.collection)
        let reading = try refusing { () throws(Failure) in try view.reading(table) }
        return try reading.shown(record, connection)
    }
}
