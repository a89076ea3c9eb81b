import OffstageAccounts
import OffstageMail
import OffstageOutgoing
import OffstageRecords
import OffstageSchema
import OffstageTemplates
import Synchronization

/// The room of accounts over an app's records, with what it needs of this machine: the secret, the mail templates, the
/// providers' secrets.
struct AccountsRoom {
    let accounts: Accounts
    let bell: MailBell
    /// Where the app is reached while its file does not say: known once the server listens.
    private let listening: Listening

    init(_ folder: AppFolder, _ records: Records) throws(Complaint) {
        let bell = MailBell()
        let listening = Listening(folder.catalog.address?.origin)
        let users = folder.users()
        guard let sealing = Sealing(secrets: try AppSecret.read(in: folder)) else {
            throw Complaint("OFFSTAGE_SECRET is empty.", code: Complaint.faulty)
        }
        accounts = Accounts(
            records: records,
            users: users,
            passwords: PasswordHasher(),
            sealing: sealing,
            desk: MailDesk(templates: try Self.templates(folder), ring: { bell.ring() }),
            providers: try Self.providers(folder.catalog),
            base: { listening.base },
            now: Settings.now
        )
        self.bell = bell
        self.listening = listening
    }

    func listens(at base: String) { listening.set(base) }

    func close() async { await accounts.passwords.close() }

    /// The built-in mails with the app's own of the same name in their place.
    private static func templates(_ folder: AppFolder) throws(Complaint) -> MailTemplates {
        let place = "\(folder.path)/templates/mail"
        var overrides: [String: String] = [:]
        for name in Disk.isFolder(place) ? Disk.names(in: place) : [] {
            guard let bytes = try Disk.read("\(place)/\(name)") else { continue }
            overrides[name] = String(decoding: bytes, as: UTF8.self)
        }
        do throws(MailTemplates.Refusal) {
            return try MailTemplates(siteName: folder.catalog.name, overrides: overrides)
        } catch {
            throw Complaint("\(place)/\(error)", code: Complaint.faulty)
        }
    }

    private static func providers(_ catalog: Catalog) throws(Complaint) -> [String: ProviderClient] {
        guard !catalog.accounts.providers.isEmpty else { return [:] }
        let allowed: AllowedNetworks
        do throws(Failure) {
            allowed = try AllowedNetworks(Settings.text("OFFSTAGE_OUTGOING_ALLOW") ?? "")
        } catch {
            throw Complaint("OFFSTAGE_OUTGOING_ALLOW: \(error.detail)", code: Complaint.faulty)
        }
        let fetcher = CurlFetcher(allowing: allowed)
        let clients = catalog.accounts.providers.map { provider in
            (
                provider.name,
                ProviderClient(
                    provider: provider,
                    clientSecret: Settings.text("OFFSTAGE_PROVIDER_\(provider.name.uppercased())_SECRET"),
                    fetcher: fetcher,
                    now: Settings.now
                )
            )
        }
        return Dictionary(clients, uniquingKeysWith: { first, _ in first })
    }
}

/// The address that links start with.
private final class Listening: Sendable {
    private let known: String?
    private let found = Mutex("http://localhost:8080")

    init(_ known: String?) { self.known = known }

    var base: String { known ?? found.withLock { $0 } }

    func set(_ base: String) { found.withLock { $0 = base } }
}
