package import OffstageSchema
import OffstageStorage

/// A mail as the database keeps it.
package struct StoredMail: Sendable {
    package enum State: String, Sendable {
        case waiting, sending, sent, failed
        /// Not sent but shown: there is no mail server.
        case kept
    }

    package let id: Identifier
    /// When it was added.
    package let at: Timestamp
    package let to: String
    package let subject: String
    /// Empty once the mail is sent or given up: it may hold secrets.
    package let text: String
    package let html: String
    /// Tries so far.
    package let attempts: Int
    package let state: State

    package var message: Message { Message(to: to, subject: subject, text: text, html: html) }

    /// What stands behind the at sign, for the log.
    var domain: Substring { to.split(separator: "@").last ?? "" }
}

extension StoredMail {
    static let columns: SQL = """
        \(SQL.Name("id")), \(SQL.Name("at")), \(SQL.Name("to")), \(SQL.Name("subject")), \(SQL.Name("text")),
        \(SQL.Name("html")), \(SQL.Name("attempts")), \(SQL.Name("state"))
        """

    init(_ row: any Row) throws(StorageFailure) {
        guard case .identifier(let id) = try row.value(0, as: .identifier), let state = State(rawValue: row.text(7))
        else {
            throw .damaged("a row of _mail is none")
        }
        self.id = id
        at = Timestamp(milliseconds: row.integer(1))
        to = row.text(2)
        subject = row.text(3)
        text = row.isNull(4) ? "" : row.text(4)
        html = row.isNull(5) ? "" : row.text(5)
        attempts = Int(clamping: row.integer(6))
        self.state = state
    }
}
