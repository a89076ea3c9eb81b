extension KeptTable {
    /// The tables of accounts and of mail, in the order in which they are made and moved.
    ///
    /// None refers to `users` by a foreign key: a migration may write that table anew, and what hangs on an old one would go
    /// with it. Who deletes a user deletes here as well.
    package static let all = [
        accounts, sessions, tickets, passkeys, recoveryCodes, identities, throttles, mail,
    ]

    /// What a user signs in with, beside passkeys and other identities.
    private static let accounts = KeptTable(
        "_accounts",
        key: ["user"],
        [
            .identifier("user"), .text("password").nullable, .short("language"), .text("totp").nullable,
            .integer("totp_step").nullable,
        ]
    )

    private static let sessions = KeptTable(
        "_sessions",
        key: ["id"],
        unique: ["token"],
        indexes: [["user"], ["expires"]],
        [
            .identifier("id"), .identifier("user"), .short("token"), .short("kind"), .text("name").nullable,
            .text("scope").nullable, .datetime("created"), .datetime("used"), .datetime("expires").nullable,
            .datetime("factor_at").nullable, .text("address"), .text("agent"),
        ]
    )

    /// What is handed out once and used once, such as the link of a mail.
    private static let tickets = KeptTable(
        "_tickets",
        key: ["token"],
        indexes: [["user"], ["expires"]],
        [
            .short("token"), .short("purpose"), .identifier("user").nullable, .text("data"), .datetime("created"),
            .datetime("expires"),
        ]
    )

    /// The public keys of WebAuthn. Credentials may have 1023 bytes, more than an index holds, so they are found by a hash.
    private static let passkeys = KeptTable(
        "_passkeys",
        key: ["id"],
        unique: ["credential_hash"],
        indexes: [["user"]],
        [
            .identifier("id"), .identifier("user"), .short("credential_hash"), .text("credential"), .text("public_key"),
            .integer("counter"), .text("name"), .text("transports"), .boolean("backed_up"), .boolean("backup_eligible"),
            .datetime("created"),
            .datetime("used").nullable,
        ]
    )

    private static let recoveryCodes = KeptTable(
        "_recovery_codes",
        key: ["user", "code"],
        [.identifier("user"), .short("code")]
    )

    /// Who a user is to other providers.
    private static let identities = KeptTable(
        "_identities",
        key: ["provider", "subject"],
        indexes: [["user"]],
        [
            .short("provider"), .short("subject"), .identifier("user"), .text("email").nullable, .datetime("created"),
        ]
    )

    /// How often something was tried.
    private static let throttles = KeptTable(
        "_throttles",
        key: ["key"],
        indexes: [["expires"]],
        [.short("key"), .integer("count"), .datetime("since"), .datetime("expires")]
    )

    /// Mail that is to be sent, or was.
    private static let mail = KeptTable(
        "_mail",
        key: ["id"],
        indexes: [["state", "next"]],
        [
            .identifier("id"), .datetime("at"), .text("to"), .text("subject"), .text("text").nullable,
            .text("html").nullable, .integer("attempts"), .datetime("next"), .short("state"),
            .datetime("sent").nullable, .text("problem").nullable,
        ]
    )
}
