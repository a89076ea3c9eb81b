import OffstageSchema

/// The account itself, and its sessions: /auth/me, password, email, sessions.
extension OpenAPI.AccountOperations {
    var own: [Operation] {
        [me] + (users.offersUpdate ? [updateMe] : []) + [deleteMe, password, email]
    }

    private var me: Operation {
        operation(
            "get",
            "/me",
            "getOwnAccount",
            "Who am I",
            "A key may ask whose it is.",
            security: .needed,
            shown("The account's record.", names.one),
            problems: [406]
        )
    }

    private var updateMe: Operation {
        operation(
            "patch",
            "/me",
            "updateOwnAccount",
            "Change the fields of my account",
            "A merge patch (RFC 7396), as far as the rules of accounts let their owner.",
            body: OpenAPI.Body(
                content: ["application/json", "application/merge-patch+json"].map {
                    OpenAPI.Content(type: $0, schema: .schema(names.one + "Patch"))
                },
                example: OpenAPI.Example.change(signUpFields),
                isRequired: false
            ),
            security: .needed,
            [json(200, "The account's record as it is now.", names.one)],
            problems: [404, 409]
        )
    }

    private var deleteMe: Operation {
        operation(
            "delete",
            "/me",
            "deleteOwnAccount",
            "Delete my account",
            "Relations that point to it decide what becomes of their records, or that it stays (409). The only owner of the app "
                + "stays too.",
            body: body("AuthProof", proof, isRequired: false),
            security: .needed,
            [done("It is gone, with its sessions and keys.", [.setCookie])],
            problems: [409, 429]
        )
    }

    private var password: Operation {
        operation(
            "post",
            "/password",
            "changePassword",
            "Change my password",
            "All other sessions end.",
            body: body("AuthPasswordChange", ["password": .text(Self.password), "new_password": "another few words"]),
            security: .needed,
            [done("It is changed.")],
            problems: [429]
        )
    }

    private var email: Operation {
        operation(
            "post",
            "/email",
            "changeEmail",
            "Change my e-mail address",
            "A mail goes to the new address. The account has it once the link there was followed, within a day.",
            body: body("AuthEmailChange", ["email": "ada@example.org", "password": .text(Self.password)]),
            security: .needed,
            [accepted("A mail is on its way to the new address.")],
            problems: [429]
        )
    }

    /// What shows that it is really the owner who asks.
    var proof: OpenAPI.Value { ["password": .text(Self.password)] }

    var sessions: [Operation] {
        [
            operation(
                "get",
                "/sessions",
                "listOwnSessions",
                "Where am I signed in",
                security: .needed,
                shown("The sessions of the account, the one that was used last first.", "AuthSessions")
            ),
            operation(
                "delete",
                "/sessions",
                "endOtherSessions",
                "End all sessions but this one",
                security: .needed,
                [done("They have ended.")]
            ),
            operation(
                "delete",
                "/sessions/{id}",
                "endSession",
                "End one session",
                parameters: [id("The session's id.")],
                security: .needed,
                [done("It has ended.", [.setCookie])],
                problems: [404]
            ),
        ]
    }
}
