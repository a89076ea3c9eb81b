package import OffstageAccounts
package import OffstageRecords
package import OffstageSchema

/// Everything that the routes need, made at the start and never changed.
///
/// A class, since every request carries it about: handing it on costs a reference.
package final class WebApp: Sendable {
    let records: Records
    let pages: Pages
    let problems: ProblemPages
    /// What /openapi.json and /docs show.
    let interface: InterfacePages
    let files: StaticFiles?
    let origins: Origins
    let postLimits: PostLimits
    /// A folder for what arrives in a stream and is needed as a whole, such as an import.
    let temporaryFolder: String
    let proxies: TrustedProxies
    let sessions: SessionReader
    let auth: AuthDesk?
    /// Whether kept mails may be looked at: only where there is no mail server, and the server listens to this machine alone.
    let showsMail: Bool
    let now: @Sendable () -> Timestamp

    var catalog: Catalog { records.catalog }

    package init(
        records: Records,
        pages: Pages,
        files: StaticFiles?,
        temporaryFolder: String,
        proxies: TrustedProxies = .none,
        sessions: SessionReader = .visitors,
        accounts: Accounts? = nil,
        showsMail: Bool = false,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.records = records
        self.pages = pages
        self.files = files
        self.temporaryFolder = temporaryFolder
        self.proxies = proxies
        self.sessions = sessions
        self.showsMail = showsMail
        self.now = now
        problems = ProblemPages(pages: pages)
        interface = InterfacePages(records.catalog, pages: pages)
        let origins = Origins(records.catalog)
        self.origins = origins
        auth = accounts.map { AuthDesk(accounts: $0, pages: pages, origins: origins) }
        postLimits = PostLimits(now: now)
    }
}
