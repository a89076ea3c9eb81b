import OffstageAppFile
import OffstageSchema
import Testing

/// `accounts`: what it makes of the collection `users`, and its faults word for word.
@Suite struct AccountsFaultTests {
    /// A file whose accounts have these lines; the first stands on line 3.
    private static func accounts(_ lines: String...) -> String {
        "offstage: 1\naccounts:\n" + lines.map { "  \($0)\n" }.joined()
    }

    static let cases: [Case] = [
        Case(
            "offstage: 1\naccounts: open\n",
            "2:11: expected the accounts: a mapping with \"sign_up\", \"fields\", \"providers\", …, found the text \"open\""
        ),
        Case(
            accounts("signup: open"),
            "3:3: unknown key \"signup\" in the accounts; expected one of sign_up, fields, providers, access; "
                + "did you mean \"sign_up\"?"
        ),
        Case(
            accounts("sign_up: opn"),
            "3:12: expected one of open, invite, closed, found the text \"opn\"; did you mean \"open\"?"
        ),
        Case(accounts("sign_up: true"), "3:12: expected one of open, invite, closed, found true"),
        Case(
            accounts("fields: {email: {type: text}, role: text}"),
            "3:12: every account has \"email\" already; another field needs another name"
        ),
        Case(
            accounts("fields: {team: text, suspended: boolean}"),
            "3:12: every account has \"team\" already; another field needs another name",
            "3:24: every account has \"suspended\" already; another field needs another name"
        ),
        Case(
            accounts("fields: {id: text}"),
            "3:12: \"id\" is a reserved name; a field needs another"
        ),
        Case(
            accounts("fields: {role: txt}"),
            "3:18: unknown type \"txt\"; expected one of text, email, url, integer, number, decimal, boolean, date, "
                + "datetime, choice, relation, json; did you mean \"text\"?"
        ),
        Case(
            accounts("access: {read: true, create: true, delete: true}"),
            "3:24: unknown verb \"create\"; expected one of read, update",
            "3:38: unknown verb \"delete\"; expected one of read, update"
        ),
        Case(
            accounts("access: {list: true}"),
            "3:12: unknown verb \"list\"; expected one of read, update; did you mean \"read\"?"
        ),
        // Rules of accounts are rules of their records and of who asks.
        Case(
            accounts(
                "fields: {role: text}",
                "access:",
                "  read: rol == user.role",
                "  update: id == user.id || user.rolle == \"a\""
            ),
            "5:11: unknown name \"rol\"; did you mean \"role\"?",
            "6:35: \"user\" has no field \"rolle\"; did you mean \"role\"?"
        ),
        Case(
            accounts("fields: {role: {type: text, writable: user.teem == \"owner\"}}"),
            "3:46: \"user\" has no field \"teem\"; did you mean \"team\"?"
        ),
        Case(
            "offstage: 1\ncollections: {a: {fields: {b: text}, access: {read: user.role == b}}}\n",
            "2:58: \"user\" has no field \"role\""
        ),
        Case(
            "offstage: 1\ncollections: {a: {fields: {b: text}}}\nforms: {join: {into: users, fields: [email]}}\n",
            "3:22: a form cannot make accounts; people sign up at /auth/sign-up"
        ),
    ]

    private static let google = "discovery: https://accounts.google.com/.well-known/openid-configuration"

    static let providers: [Case] = [
        Case(
            accounts("providers: google"),
            "3:14: expected a mapping of provider names to providers, found the text \"google\""
        ),
        Case(
            accounts("providers: {google: {\(google)}}"),
            "3:15: a provider needs \"client\", such as client: \"1234567890\""
        ),
        Case(
            accounts("providers: {google: {client: \"1\"}}"),
            "3:15: a provider needs \"discovery\", such as "
                + "discovery: https://accounts.google.com/.well-known/openid-configuration"
        ),
        Case(
            accounts("providers: {google: {\(google), client: \"1\", client_secret: hush}}"),
            "3:110: a client secret does not belong in the app file; remove it here and give it to the program"
        ),
        Case(
            accounts(
                "providers: {own: {client: \"1\", discovery: \"http://login.example/.well-known/openid-configuration\"}}"
            ),
            "3:45: the discovery URL must start with https://; http is for a provider on this machine alone"
        ),
        Case(
            accounts("providers: {own: {client: \"1\", discovery: \"https://login.example/\"}}"),
            "3:45: expected the provider's discovery URL, such as "
                + "https://accounts.google.com/.well-known/openid-configuration, found the text \"https://login.example/\"; "
                + "did you mean https://login.example/.well-known/openid-configuration?"
        ),
        Case(
            accounts(
                "providers: {own: {client: \"1\", discovery: \"https://login.example/.well-known/openid-configuration?a\"}}"
            ),
            "3:45: the discovery URL may not have a query or a fragment"
        ),
        Case(
            accounts("providers: {own: {client: \"é\", \(google), scopes: [email, email, \"a b\"]}}"),
            "3:29: expected the client id that the provider gave the app, in ASCII, found the text \"é\"",
            "3:115: the scopes need \"openid\", such as [openid, email, profile]",
            "3:123: \"email\" is in the scopes twice",
            "3:130: expected a scope, such as email: one word of ASCII characters, found the text \"a b\""
        ),
        Case(
            accounts("providers: {Own: {client: \"1\", \(google), lable: x}}"),
            "3:15: \"Own\" cannot name a provider; expected lower-case letters, digits and _ after a first letter; "
                + "did you mean \"own\"?",
            "3:107: unknown key \"lable\" in a provider; expected one of discovery, client, label, scopes; "
                + "did you mean \"label\"?"
        ),
    ]

    @Test(arguments: cases + providers)
    func aFaultOfTheAccountsHasItsPlace(_ test: Case) {
        #expect(Loading.faults(test.text) == test.faults)
    }

    @Test(arguments: ["", "accounts:\n", "accounts: {}\n", "accounts: {fields: , access: , providers: }\n"])
    func whoSaysNothingGetsWhatEveryAppHas(_ text: String) throws {
        let catalog = try Loading.catalog("offstage: 1\n" + text)
        #expect(catalog.collections == [.users()] && catalog.accounts == AccountSettings())
    }

    @Test func whatTheFileSaysIsInTheCatalog() throws {
        let catalog = try Loading.catalog(
            """
            offstage: 1
            collections:
              companies: {fields: {name: text, boss: {type: relation, to: users}}, access: {read: id == user.company}}
            accounts:
              sign_up: invite
              fields:
                company: {type: relation, to: companies}
                phone: text
              access: {read: company == user.company}
              providers:
                own: {discovery: "http://localhost:9000/.well-known/openid-configuration", client: shop, label: Us}
            """
        )
        let users = try #require(catalog.collections.last)
        #expect(users.name == "users" && users.fields.map(\.name).suffix(2) == ["company", "phone"])
        // The verb that the file leaves out is as it is without the file.
        #expect(users.access.read == .expression("company == user.company"))
        #expect(users.access.update == Collection.userAccess.update)
        #expect(users.access.create == .nobody && users.access.delete == .nobody)
        #expect(catalog.accounts.signUp == .invite)
        let provider = try #require(catalog.accounts.provider("own"))
        #expect(provider.label == "Us" && provider.client == "shop" && provider.scopes == Provider.standardScopes)
    }
}
