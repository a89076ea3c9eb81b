import OffstageSchema

/// What comes in without a person, and with somebody else's word: /auth/keys and /auth/with.
extension OpenAPI.AccountOperations {
    var keys: [Operation] {
        let name = collections.first { $0.name != users.name }?.name ?? users.name
        return [
            operation(
                "get",
                "/keys",
                "listOwnKeys",
                "My API keys",
                security: .needed,
                shown("The keys of the account, without their tokens.", "AuthKeys")
            ),
            operation(
                "post",
                "/keys",
                "makeKey",
                "Make an API key",
                "A key acts as its account, as far as its scope goes. It can't manage the account, nor make keys.",
                body: body(
                    "AuthKeyCreate",
                    [
                        "name": "Nightly export", "scope": .object([(name, .texts(["read"]))]),
                        "password": .text(Self.password),
                    ]
                ),
                security: .needed,
                [json(201, "The key, with its token, which is shown this once.", "AuthNewKey")],
                problems: [429]
            ),
            operation(
                "delete",
                "/keys/{id}",
                "removeKey",
                "Delete a key",
                parameters: [id("The key's id.")],
                security: .needed,
                [done("It is good for nothing any more.")],
                problems: [404]
            ),
        ]
    }

    var providers: [Operation] {
        let list = operation(
            "get",
            "/with",
            "listSignInProviders",
            "Whom one may sign in with",
            security: .none,
            [json(200, "The providers, by the order of the app file.", "AuthProviders")]
        )
        return [list] + (settings.providers.isEmpty ? [] : [depart, connect, disconnect, arrive])
    }

    var provider: OpenAPI.Parameter {
        let names = settings.providers.map(\.name)
        return OpenAPI.Parameter(
            name: "provider",
            place: .path,
            description: "The provider's name in the app file.",
            schema: ["type": "string", "enum": .texts(names)],
            example: names.first
        )
    }

    private var depart: Operation {
        operation(
            "get",
            "/with/{provider}",
            "signInWithProvider",
            "Sign in with a provider",
            "For browsers: a link to this address, not a request of a script.",
            parameters: [provider],
            security: .optional,
            [
                OpenAPI.Response(
                    status: 303,
                    description: "The browser goes to the provider's page.",
                    headers: [.location, .setCookie]
                )
            ],
            problems: [404, 429]
        )
    }

    private var arrive: Operation {
        func text(_ name: String, _ description: String, isRequired: Bool = false) -> OpenAPI.Parameter {
            OpenAPI.Parameter(
                name: name,
                place: .query,
                description: description,
                schema: ["type": "string"],
                isRequired: isRequired
            )
        }
        return operation(
            "get",
            "/with/{provider}/callback",
            "returnFromProvider",
            "Back from a provider",
            "Where the provider sends the browser to. Register `<address of the site>/auth/with/<provider>/callback` there.",
            parameters: [
                provider, text("state", "What the provider was sent.", isRequired: true),
                text("code", "What the provider gives for the person's yes."),
                text("iss", "The provider's issuer (RFC 9207)."),
                text("error", "Why there is no code."),
            ],
            security: .optional,
            [
                OpenAPI.Response(
                    status: 303,
                    description: "Signed in, or connected, or a code is asked for next.",
                    headers: [.location, .setCookie]
                )
            ],
            problems: [401, 403, 404, 409, 507]
        )
    }

    var connect: Operation {
        operation(
            "post",
            "/with/{provider}/connect",
            "connectProvider",
            "Connect my account with a provider",
            "From then on the account there signs in to this one. The browser goes to `location` next.",
            parameters: [provider],
            body: body("AuthProof", proof, isRequired: false),
            security: .needed,
            [json(200, "Where the browser goes.", "AuthDeparture")],
            problems: [404, 429]
        )
    }

    private var disconnect: Operation {
        operation(
            "delete",
            "/with/{provider}",
            "disconnectProvider",
            "Disconnect my account from a provider",
            parameters: [provider],
            security: .needed,
            [done("It signs nobody in to this account any more.")],
            problems: [404]
        )
    }
}
