/// The built-in collection of accounts, as far as records go: what proves who somebody is lives in tables of its own, which
/// no door reads.
extension Collection {
    package static let usersName = "users"

    /// The most characters of a person's name.
    package static let personNameAtMost = 200

    /// The fields that every account has.
    package static let userFields: [Field] = [
        // Changed by proof alone: a mail to the new address that was answered.
        Field("email", .email(EmailKind()), required: true, unique: true, label: "E-mail", writable: .nobody),
        Field("name", .text(TextKind(max: personNameAtMost)), label: "Name"),
        Field("verified", .boolean(BooleanKind()), defaultValue: .boolean(false), writable: .nobody),
        Field(
            "team",
            .choice(ChoiceKind(of: TeamRole.allCases.map(\.rawValue))),
            required: true,
            defaultValue: .text(TeamRole.none.rawValue),
            // Nobody takes their own role away: the last owner would leave the app without one.
            writable: .expression("user.team == \"owner\" && id != user.id")
        ),
        Field(
            "suspended",
            .boolean(BooleanKind()),
            defaultValue: .boolean(false),
            readable: .nobody,
            writable: .nobody
        ),
    ]

    /// Who may see and change an account unless the app file says otherwise: the person, and the owners of the app.
    package static let userAccess = Access(
        read: .expression("id == user.id || user.team == \"owner\""),
        update: .expression("id == user.id || user.team == \"owner\"")
    )

    /// The collection `users` with the fields that the app adds.
    package static func users(adding fields: [Field] = [], access: Access = userAccess) -> Collection {
        Collection(
            name: usersName,
            label: "Accounts",
            display: "name",
            fields: userFields + fields,
            // Each start asks whether there is an owner.
            indexes: [Index([Index.Key("team")])],
            access: access
        )
    }
}

/// What somebody is in the team that runs the app.
package enum TeamRole: String, Sendable, CaseIterable {
    case none, viewer, editor, owner
}

/// What the app file says of accounts, beside their fields.
package struct AccountSettings: Hashable, Sendable {
    package enum SignUp: String, Sendable, CaseIterable {
        /// Whoever wants one makes an account.
        case open
        /// Who was sent an invitation.
        case invite
        /// Nobody but those whom the team adds.
        case closed
    }

    package var signUp: SignUp
    package var providers: [Provider]

    package init(signUp: SignUp = .closed, providers: [Provider] = []) {
        self.signUp = signUp
        self.providers = providers
    }

    package func provider(_ name: String) -> Provider? {
        providers.first { $0.name == name }
    }
}
