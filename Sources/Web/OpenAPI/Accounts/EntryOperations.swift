import OffstageSchema

/// Coming in and going out: /auth/sign-up, sign-in, sign-out, and what comes by mail.
extension OpenAPI.AccountOperations {
    typealias Operation = OpenAPI.Operation

    var entry: [Operation] {
        (settings.signUp == .closed ? [] : [signUp]) + [signIn, signOut, link, reset, verify]
    }

    /// The fields of accounts that whoever signs up may send.
    var signUpFields: [Field] {
        users.takenFields.filter { $0.name != "team" }
    }

    private var signUp: Operation {
        let isOpen = settings.signUp == .open
        var example: OpenAPI.Value = ["email": "ada@example.com", "password": .text(Self.password)]
        if !isOpen { example["invite"] = .text(Self.token) }
        for field in signUpFields where field.mustBeSent && field.writable == .everybody {
            example[field.name] = OpenAPI.Example.record([field])[field.name]
        }
        return operation(
            "post",
            "/sign-up",
            "signUp",
            "Make an account and sign in",
            (isOpen ? "" : "Takes an invitation. ")
                + "Who sends the same address and password again, as after a double click, is signed in.",
            body: body("AuthSignUp", example),
            security: .none,
            [json(201, "The account and its first session.", "AuthSession", [.setCookie])],
            problems: [401, 409, 429]
        )
    }

    private var signIn: Operation {
        operation(
            "post",
            "/sign-in",
            "signIn",
            "Sign in with a password",
            "An unknown address and a wrong password are answered alike. Where the account has codes and none was sent along, the "
                + "answer is a ticket for `POST /auth/totp`.",
            body: body("AuthSignIn", ["email": "ada@example.com", "password": .text(Self.password)]),
            security: .none,
            [entered],
            problems: [401, 409, 429]
        )
    }

    /// A session, or what is still needed.
    var entered: OpenAPI.Response {
        json(200, "A session, or what is still needed for one.", "AuthOutcome", [.setCookie])
    }

    private var signOut: Operation {
        operation(
            "post",
            "/sign-out",
            "signOut",
            "End this session",
            "Whoever has none is answered the same.",
            body: nothing,
            security: .optional,
            [done("There is no session any more, and no cookie.", [.setCookie])]
        )
    }

    private var link: Operation {
        operation(
            "post",
            "/link",
            "signInByLink",
            "Sign in by mail",
            "With `email` a link is mailed, if there is an account; with the `token` of the link it signs in. A link works once, for "
                + "15 minutes.",
            body: body("AuthLink", ["email": "ada@example.com"]),
            security: .none,
            [entered, accepted("If there is an account, a mail is on its way.")],
            problems: [401, 429]
        )
    }

    private var reset: Operation {
        operation(
            "post",
            "/reset",
            "resetPassword",
            "Set a forgotten password anew",
            "With `email` a link is mailed, if there is an account; with the `token` of the link and a `password` that is set, and all "
                + "sessions end. A link works once, for an hour.",
            body: body("AuthReset", ["email": "ada@example.com"]),
            security: .none,
            [
                accepted("If there is an account, a mail is on its way."),
                done("The password is set. Sign in with it.", [.setCookie]),
            ],
            problems: [401, 429]
        )
    }

    private var verify: Operation {
        operation(
            "post",
            "/verify",
            "verifyEmail",
            "Confirm an address",
            "With the `token` of a mail, the address that it went to is the account's and confirmed. Without one, a session has the "
                + "mail sent again. A link works once, for 7 days, and for a day where it changes an address.",
            body: body("AuthVerify", ["token": .text(Self.token)], isRequired: false),
            security: .optional,
            [
                accepted("If the address was not confirmed yet, a mail is on its way."),
                done("The address is confirmed."),
            ],
            problems: [401, 409, 429]
        )
    }
}
