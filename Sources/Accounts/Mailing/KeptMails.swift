package import OffstageMail
import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// The mails that were kept since there is no mail server, for whoever develops the app.
extension Accounts {
    /// The newest first.
    package func keptMails(atMost count: Int) async throws(Failure) -> [StoredMail] {
        try await records.engine.reading(.scan) { connection throws(StorageFailure) in
            try Outbox.kept(limit: count, connection)
        }
    }

    /// - Throws: `.notFound`
    package func keptMail(_ id: Identifier) async throws(Failure) -> StoredMail {
        let mail = try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Outbox.kept(id: id, connection)
        }
        guard let mail else { throw .notFound }
        return mail
    }
}
