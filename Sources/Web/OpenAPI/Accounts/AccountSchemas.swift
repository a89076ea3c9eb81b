import OffstageSchema

/// The bodies and answers below /auth.
extension OpenAPI.AccountOperations {
    typealias Value = OpenAPI.Value
    private typealias Members = [(String, Value)]

    /// What the names of these schemas are, so that no collection takes one.
    static let schemaNames = [
        "AuthNothing", "AuthSignUp", "AuthSignIn", "AuthSession", "AuthCodeNeeded", "AuthOutcome", "AuthLink",
        "AuthMailLink",
        "AuthLinkToken", "AuthReset", "AuthResetToken", "AuthVerify", "AuthProof", "AuthPasswordChange",
        "AuthEmailChange",
        "AuthSessions", "AuthOpenSession", "AuthCodes", "AuthCode", "AuthOwnCode", "AuthCodeSecret",
        "AuthCodeConfirmation",
        "AuthRecoveryCodes", "AuthPasskey", "AuthPasskeys", "AuthPasskeyRequest", "AuthPasskeyRegistration",
        "AuthPasskeySignIn", "AuthKey", "AuthKeys", "AuthKeyCreate", "AuthNewKey", "AuthProvider", "AuthProviders",
        "AuthDeparture",
    ]

    var schemas: [(String, Value)] {
        (settings.signUp == .closed ? [] : [("AuthSignUp", signUpBody)]) + entrySchemas + ownSchemas + factorSchemas
            + keySchemas
    }

    // MARK: Values

    private static func described(_ value: Value, _ description: String) -> Value {
        value.with("description", .text(description))
    }
    private static let email: Value = ["type": "string", "format": "email", "maxLength": .number(EmailKind.maximum)]
    /// A password that is shown, not chosen: whatever it is, it is compared.
    private static let knownPassword: Value = ["type": "string", "format": "password", "minLength": 1]
    private static let newPassword: Value = [
        "type": "string", "format": "password", "minLength": 8, "maxLength": 1024,
        "description": "At least 8 characters. Not one of the most used, nor the address or the name; no other rules.",
    ]
    private static let someText: Value = ["type": "string", "minLength": 1]
    private static let maybeText: Value = ["type": ["string", "null"]]
    private static let moment: Value = ["type": "string", "format": "date-time"]
    private static let maybeMoment: Value = ["type": ["string", "null"], "format": "date-time"]
    private static let next = described(maybeText, "For pages: a path of this site, to go to afterwards.")
    private static let ownPassword = described(
        ["type": ["string", "null"], "format": "password"],
        "The account's password. An account that has none needs a sign-in of the last ten minutes instead (401)."
    )
    private static let ticket = described(someText, "What the step before gave. It works once.")
    private static let credential: Value = [
        "type": "object", "description": "What `PublicKeyCredential.toJSON()` gives (WebAuthn Level 3).",
    ]

    private static func sent(_ description: String, _ members: [(String, Value)], required: [String]) -> Value {
        OpenAPI.RecordSchemas.closed(description, members, required: required)
    }

    /// An answer, which has all its members.
    private static func answer(_ description: String, _ members: [(String, Value)]) -> Value {
        [
            "type": "object", "description": .text(description), "required": .texts(members.map(\.0)),
            "properties": .object(members),
        ]
    }

    private static func list(_ name: String) -> Value {
        answer("All of them.", [("items", ["type": "array", "items": .schema(name)])])
    }

    // MARK: Coming in

    private var signUpBody: Value {
        let fields = signUpFields
        let invite = Self.described(
            settings.signUp == .open ? Self.maybeText : Self.someText,
            "The token of an invitation. The address must be the invited one then, and counts as confirmed."
        )
        return Self.sent(
            "A new account.",
            [
                ("email", Self.email), ("password", Self.newPassword),
            ] + fields.map { ($0.name, OpenAPI.FieldSchema(field: $0, place: .body).jsonOfNewRecord) }
                + [("invite", invite), ("next", Self.next)],
            required: ["email", "password"] + fields.filter { $0.mustBeSent && $0.writable == .everybody }.map(\.name)
                + (settings.signUp == .open ? [] : ["invite"])
        )
    }

    private var entrySchemas: [(String, Value)] {
        [
            ("AuthNothing", ["type": "object", "additionalProperties": false]),
            (
                "AuthSignIn",
                Self.sent(
                    "An address and its password.",
                    [
                        ("email", Self.someText), ("password", Self.knownPassword),
                        (
                            "code",
                            Self.described(Self.maybeText, "A code of the authenticator app, or a recovery code.")
                        ),
                        ("next", Self.next),
                    ],
                    required: ["email", "password"]
                )
            ),
            (
                "AuthSession",
                Self.answer(
                    "A session that was just opened.",
                    [
                        ("token", Self.described(["type": "string"], "For `Authorization: Bearer`. Shown this once.")),
                        ("expires", Self.described(Self.moment, "When it ends unless it is used before.")),
                        ("user", .schema(names.one)),
                    ]
                )
            ),
            (
                "AuthCodeNeeded",
                Self.answer(
                    "The password was right, and the account asks for a code: `POST /auth/totp`.",
                    [
                        ("needs", ["type": "string", "const": "totp"]), ("ticket", ["type": "string"]),
                        ("expires", Self.moment),
                    ]
                )
            ),
            ("AuthOutcome", ["oneOf": [.schema("AuthSession"), .schema("AuthCodeNeeded")]]),
            (
                "AuthMailLink",
                Self.sent("Whom to mail a link.", [("email", Self.email)], required: ["email"])
            ),
            (
                "AuthLinkToken",
                Self.sent(
                    "A link of a mail.",
                    [("token", Self.described(Self.someText, "What the link carries.")), ("next", Self.next)],
                    required: ["token"]
                )
            ),
            ("AuthLink", ["oneOf": [.schema("AuthMailLink"), .schema("AuthLinkToken")]]),
            (
                "AuthResetToken",
                Self.sent(
                    "A link of a mail, and the new password.",
                    [
                        ("token", Self.described(Self.someText, "What the link carries.")),
                        ("password", Self.newPassword),
                    ],
                    required: ["token", "password"]
                )
            ),
            ("AuthReset", ["oneOf": [.schema("AuthMailLink"), .schema("AuthResetToken")]]),
            (
                "AuthVerify",
                Self.sent(
                    "A link of a mail, or nothing to have one sent.",
                    [("token", Self.described(Self.maybeText, "What the link carries."))],
                    required: []
                )
            ),
        ]
    }

    // MARK: The account itself

    private var ownSchemas: [(String, Value)] {
        [
            (
                "AuthProof",
                Self.sent("That it is the owner who asks.", [("password", Self.ownPassword)], required: [])
            ),
            (
                "AuthPasswordChange",
                Self.sent(
                    "The password of now and the next.",
                    [("password", Self.ownPassword), ("new_password", Self.newPassword)],
                    required: ["new_password"]
                )
            ),
            (
                "AuthEmailChange",
                Self.sent(
                    "The address that the account is to have.",
                    [("email", Self.email), ("password", Self.ownPassword)],
                    required: ["email"]
                )
            ),
            (
                "AuthOpenSession",
                Self.answer(
                    "A session of the account.",
                    [
                        ("id", OpenAPI.RecordSchemas.id), ("created", Self.moment),
                        ("used", Self.described(Self.moment, "About when it was used last, to some minutes.")),
                        ("expires", Self.maybeMoment),
                        ("address", Self.described(["type": "string"], "The network address that it was used from.")),
                        ("agent", Self.described(["type": "string"], "What the client called itself.")),
                        ("current", Self.described(["type": "boolean"], "Whether it is the one that asks.")),
                    ]
                )
            ),
            ("AuthSessions", Self.list("AuthOpenSession")),
        ]
    }

    // MARK: Codes and passkeys

    private var factorSchemas: [(String, Value)] {
        [
            (
                "AuthCodes",
                Self.answer(
                    "Codes of an authenticator app.",
                    [("enabled", ["type": "boolean"]), ("recovery_codes_left", ["type": "integer", "minimum": 0])]
                )
            ),
            (
                "AuthCode",
                Self.sent(
                    "A code, and the sign-in that waits for it.",
                    [
                        ("ticket", Self.described(Self.maybeText, "Of a sign-in; left out within a session.")),
                        ("code", Self.code), ("next", Self.next),
                    ],
                    required: ["code"]
                )
            ),
            ("AuthOwnCode", Self.sent("A code.", [("code", Self.code)], required: ["code"])),
            (
                "AuthCodeSecret",
                Self.answer(
                    "What an authenticator app is told.",
                    [
                        ("secret", Self.described(["type": "string"], "In Base32, as it is typed.")),
                        ("uri", Self.described(["type": "string"], "`otpauth://totp/…`, as apps read it.")),
                        ("qr", Self.described(Self.maybeText, "The same as a picture: an SVG.")),
                        ("ticket", Self.described(["type": "string"], "For the confirmation.")),
                    ]
                )
            ),
            (
                "AuthCodeConfirmation",
                Self.sent(
                    "The first code.",
                    [("ticket", Self.ticket), ("code", Self.code)],
                    required: ["ticket", "code"]
                )
            ),
            (
                "AuthRecoveryCodes",
                Self.answer(
                    "Codes on paper, each of which stands in once for an authenticator that is gone.",
                    [("recovery_codes", ["type": "array", "items": ["type": "string"]])]
                )
            ),
            (
                "AuthPasskeyRequest",
                Self.answer(
                    "What a browser is asked for.",
                    [("options", ["type": "object"]), ("ticket", ["type": "string"])]
                )
            ),
            (
                "AuthDeparture",
                Self.answer("Where the browser goes next.", [("location", ["type": "string", "format": "uri"])])
            ),
            (
                "AuthPasskeyRegistration",
                Self.sent(
                    "What the browser made.",
                    [
                        ("ticket", Self.ticket),
                        ("name", Self.described(Self.maybeText, "What to call it; the first 100 characters count.")),
                        ("credential", Self.credential),
                    ],
                    required: ["ticket", "credential"]
                )
            ),
            (
                "AuthPasskeySignIn",
                Self.sent(
                    "What the browser signed.",
                    [("ticket", Self.ticket), ("credential", Self.credential), ("next", Self.next)],
                    required: ["ticket", "credential"]
                )
            ),
            (
                "AuthPasskey",
                Self.answer(
                    "A passkey of the account.",
                    [
                        ("id", OpenAPI.RecordSchemas.id), ("name", ["type": "string"]), ("created", Self.moment),
                        ("used", Self.maybeMoment),
                        (
                            "backed_up",
                            Self.described(["type": "boolean"], "Whether it is in a keychain that other devices share.")
                        ),
                    ]
                )
            ),
            ("AuthPasskeys", Self.list("AuthPasskey")),
        ]
    }

    private static let code = described(
        someText,
        "The six digits of the moment, or a recovery code. Each is good once."
    )

    // MARK: Keys and providers

    private static let scope: Value = [
        "type": "object",
        "description": "Collections, `*` for all, each with what the key may do there, as far as its account may.",
        "additionalProperties": [
            "type": "array", "items": ["type": "string", "enum": .texts(Access.Verb.allCases.map(\.rawValue))],
        ],
    ]

    private var keySchemas: [(String, Value)] {
        let key: Members = [
            ("id", OpenAPI.RecordSchemas.id), ("name", ["type": "string"]), ("scope", Self.scope),
            ("created", Self.moment),
            ("used", Self.described(Self.maybeMoment, "About when it was used last; null before the first time.")),
            ("expires", Self.described(Self.maybeMoment, "Null for one that holds until it is deleted.")),
        ]
        var sentScope = Self.scope.with("minProperties", 1).with(
            "propertyNames",
            ["pattern": #"^(?:\*|[a-z][a-z0-9_]{0,62})$"#]
        )
        sentScope["additionalProperties"] = sentScope["additionalProperties"]?.with("minItems", 1)
        let token = Self.described(["type": "string"], "For `Authorization: Bearer`. Shown this once.")
        return [
            ("AuthKey", Self.answer("An API key of the account.", key)), ("AuthKeys", Self.list("AuthKey")),
            ("AuthNewKey", Self.answer("A key that was just made.", [("token", token)] + key)),
            (
                "AuthKeyCreate",
                Self.sent(
                    "A new key.",
                    [
                        ("name", ["type": "string", "minLength": 1, "maxLength": 100, "pattern": #"^[^\u0000]*$"#]),
                        ("scope", sentScope),
                        (
                            "expires",
                            Self.described(
                                Self.maybeText,
                                "A moment to come, `2027-01-31T12:00:00Z`, or a day. Without it the key holds until it is deleted."
                            )
                        ),
                        ("password", Self.ownPassword),
                    ],
                    required: ["name", "scope"]
                )
            ),
            (
                "AuthProvider",
                Self.answer(
                    "Somebody to sign in with.",
                    [
                        ("name", ["type": "string"]), ("label", Self.described(["type": "string"], "For a button.")),
                        (
                            "href",
                            Self.described(["type": "string", "format": "uri-reference"], "Where the button leads.")
                        ),
                    ]
                )
            ),
            ("AuthProviders", Self.list("AuthProvider")),
        ]
    }
}
