package import OffstageMail
import OffstageRecords
import OffstageSchema
import OffstageStorage
import OffstageTemplates

/// Writes the mails of accounts into the transaction that wants them. What is not committed is not sent.
package struct MailDesk: Sendable {
    private let templates: MailTemplates
    private let bell: @Sendable () -> Void

    /// - Parameter ring: tells the service that sends mail of what was committed.
    package init(templates: MailTemplates, ring: @escaping @Sendable () -> Void) {
        self.templates = templates
        bell = ring
    }

    /// - Returns: the id of its row in the outbox.
    @discardableResult
    func add(
        _ mail: MailTemplate,
        to address: String,
        name: String,
        link: String = "",
        validity: Duration? = nil,
        newAddress: String? = nil,
        language: String,
        _ write: JointWrite
    ) throws(StorageFailure) -> Identifier {
        let minutes = validity.map { Int(clamping: $0.components.seconds / 60) }
        let data: [String: TemplateValue] = [
            "name": .text(name), "link": .text(link), "address": .text(newAddress ?? address),
            "validity": .text(minutes.map { MailLanguage.validity(minutes: $0, language: language) } ?? ""),
            "when": .text("\(write.at.description.prefix(16)) UTC".replacing("T", with: " ")),
        ]
        let message: Message
        do throws(MailTemplates.Refusal) {
            message = try templates.render(mail, language: language, to: address, data: data)
        } catch {
            throw .refused(
                Failure(.internalError, Failure.internalDetail, operatorDetail: "a mail can't be written: \(error)")
            )
        }
        let id = write.newID()
        try Outbox.add(message, id: id, at: write.at, write.connection)
        return id
    }

    /// To be called when the transaction is through.
    func ring() { bell() }
}

extension Accounts {
    /// The language that an account is written to in.
    func language(of user: Record, _ connection: any Connection) throws(StorageFailure) -> String {
        try AccountSecrets.read(user.id, connection)?.language ?? "en"
    }

    func mailVerification(to user: Record, language: String, _ write: JointWrite) throws(StorageFailure) {
        let token = tokens.next()
        try Ticket.revoke(.verify, of: user.id, write.connection)
        try Ticket.issue(
            .verify,
            token,
            for: user.id,
            data: .object([.init("email", .string(text("email", of: user)))]),
            at: write.at,
            write.connection
        )
        try desk.add(
            .verify,
            to: text("email", of: user),
            name: text("name", of: user),
            link: link("/auth/verify", "token", token),
            validity: Ticket.Purpose.verify.validity,
            language: language,
            write
        )
    }
}
