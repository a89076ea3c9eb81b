import Foundation
import OffstageAccounts
import OffstageMail
import OffstageRecords
import OffstageSchema
import OffstageStorage
import Testing

/// The room of accounts as tests serve it: with hashes that cost little, and no mail sent.
enum AccountsUnderTest {
    /// What links in mails start with, where the app file names no address.
    static let base = "http://localhost:8080"

    static func make(_ records: Records, _ clock: TestClock) throws -> Accounts {
        guard let users = records.catalog.collection(Collection.usersName),
            let sealing = Sealing(secrets: ["the secret of tests"])
        else { throw ConnectionFailure(description: "no accounts") }
        let address = records.catalog.address?.origin
        return Accounts(
            records: records,
            users: users,
            passwords: PasswordHasher(
                threads: 2,
                waiting: 1000,
                parameters: PasswordHash.Parameters(memory: 64, passes: 1, lanes: 1)
            ),
            sealing: sealing,
            desk: MailDesk(templates: try MailTemplates(siteName: records.catalog.name), ring: {}),
            base: { address ?? base },
            now: clock.now
        )
    }
}

extension Apps {
    /// Orders of accounts, which anybody may make.
    static func accounts(signUp: String = "open", more: String = "") -> String {
        """
        name: Corner Shop
        \(more)
        accounts:
          sign_up: \(signUp)
          fields:
            role: {type: choice, of: [customer, staff], default: customer, writable: false}
            nickname: {type: text, max: 20, unique: true}
        collections:
          orders:
            fields:
              customer: {type: relation, to: users, assign: user.id, on_delete: cascade}
              status: {type: choice, of: [new, paid], default: new}
              note: {type: text}
            access:
              read: customer == user.id || user.role == "staff"
              create: has(user.id)
              update: user.role == "staff" && user.factor_age < duration("5m")
              delete: customer == user.id
          invoices:
            fields:
              payer: {type: relation, to: users, on_delete: restrict, required: true}
            access: {read: true}
          notes:
            access: {read: true, create: true}
            fields: {word: {type: text}}
        forms:
          note: {into: notes, fields: [word], limit: 100/hour}
        """
    }
}

/// A mail that is to be sent.
struct SentMail: Sendable {
    let to: String
    let subject: String
    let text: String

    /// The secret in its link.
    var token: String {
        guard let equals = link.lastIndex(of: "=") else { return "" }
        return String(link[link.index(after: equals)...])
    }

    var link: String {
        text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("http") }.map(String.init) ?? ""
    }
}

extension Client {
    static let password = "correct horse battery"

    /// All mails that were wanted, the oldest first.
    func mails() async throws -> [SentMail] {
        try await app.engine.read(.scan) { connection throws(StorageFailure) in
            try connection.all(
                "SELECT \(SQL.Name("to")), \(SQL.Name("subject")), \(SQL.Name("text")) FROM \(SQL.Name("_mail")) ORDER BY \(SQL.Name("id"))"
            ) { SentMail(to: $0.text(0), subject: $0.text(1), text: $0.text(2)) }
        }
    }

    /// Makes an account.
    ///
    /// - Returns: its token.
    @discardableResult
    func signUp(_ email: String, password: String = Client.password) async throws -> Somebody {
        let response = try await post("/auth/sign-up", ["email": .string(email), "password": .string(password)])
        guard response.status == 201 else { throw ConnectionFailure(description: response.text) }
        return Somebody(response)
    }

    func signIn(_ email: String, password: String = Client.password, _ headers: Headers = [:]) async throws -> Response
    {
        try await post("/auth/sign-in", ["email": .string(email), "password": .string(password)], headers)
    }

    /// Gives an account what only the team may.
    func set(_ field: String, _ value: String, of somebody: Somebody) async throws {
        let users = app.records.catalog.collection(Collection.usersName) ?? Collection.users()
        let write = WriteRequest(by: .team("test")) { _ in Answer(status: 200) }
        let id = try #require(Identifier(somebody.id))
        _ = try await app.records.update(id, with: Input([(field, .texts([value]))]), in: users, write)
    }
}

/// An account that is signed in.
struct Somebody: Sendable {
    let id: String
    let token: String

    init(_ response: Response) {
        id = response.json["user"]?["id"]?.string ?? ""
        token = response.json["token"]?.string ?? ""
    }

    var bearer: Headers { ["Authorization": "Bearer \(token)"] }
    var cookie: Headers { ["Cookie": "offstage_session=\(token)"] }
}

extension Engine {
    /// The HTML part of the mail that was wanted last.
    func lastMailHTML() async throws -> String {
        try await read(.scan) { connection throws(StorageFailure) in
            try connection.first("SELECT \(SQL.Name("html")) FROM \(SQL.Name("_mail")) ORDER BY \(SQL.Name("id")) DESC")
            {
                $0.text(0)
            } ?? ""
        }
    }
}
