import OffstageSchema

/// What proves more than a password: /auth/totp and /auth/passkeys.
extension OpenAPI.AccountOperations {
    var codes: [Operation] {
        [
            operation(
                "get",
                "/totp",
                "getCodes",
                "Whether my account has codes",
                "With a `ticket` it is the page that asks for the code of a sign-in, which is before there is a session.",
                parameters: Self.pageParameters(.code),
                security: .optional,
                shown("What there is.", "AuthCodes"),
                problems: [401, 403]
            ),
            operation(
                "post",
                "/totp",
                "showCode",
                "Show a code",
                "With the `ticket` of a sign-in, the code completes it. Without, within a session, it renews `user.factor_age`. "
                    + "Recovery codes count too, each once.",
                body: body("AuthCode", ["ticket": "<ticket>", "code": "123456"]),
                security: .optional,
                [json(200, "A session.", "AuthSession", [.setCookie]), done("The code was right.")],
                problems: [401, 409, 429]
            ),
            operation(
                "delete",
                "/totp",
                "removeCodes",
                "Switch codes off",
                body: body("AuthOwnCode", ["code": "123456"]),
                security: .needed,
                [done("The password alone signs in again.")],
                problems: [409, 429]
            ),
            operation(
                "post",
                "/totp/setup",
                "startCodes",
                "Begin with codes of an authenticator app",
                "The account has codes once the first was confirmed, within 15 minutes.",
                body: body("AuthProof", proof, isRequired: false),
                security: .needed,
                [json(200, "The secret, for the app to scan or to be typed.", "AuthCodeSecret")],
                problems: [409, 429]
            ),
            operation(
                "post",
                "/totp/confirm",
                "confirmCodes",
                "Switch codes on",
                "All other sessions end. The recovery codes are shown this once.",
                body: body("AuthCodeConfirmation", ["ticket": "<ticket>", "code": "123456"]),
                security: .needed,
                [json(200, "Codes are on.", "AuthRecoveryCodes")],
                problems: [409, 429]
            ),
            operation(
                "post",
                "/totp/recovery",
                "renewRecoveryCodes",
                "Make new recovery codes",
                "The former ones end.",
                body: body("AuthOwnCode", ["code": "123456"]),
                security: .needed,
                [json(200, "The new ones, shown this once.", "AuthRecoveryCodes")],
                problems: [409, 429]
            ),
        ]
    }

    var passkeys: [Operation] {
        [
            operation(
                "get",
                "/passkeys",
                "listOwnPasskeys",
                "My passkeys",
                security: .needed,
                shown("The passkeys of the account.", "AuthPasskeys")
            ),
            operation(
                "post",
                "/passkeys/options",
                "startPasskey",
                "Begin a new passkey",
                "The options are for `PublicKeyCredential.parseCreationOptionsFromJSON()` (WebAuthn Level 3).",
                body: body("AuthProof", proof, isRequired: false),
                security: .needed,
                [
                    json(
                        200,
                        "What to ask the browser for, and the ticket to come back with within 5 minutes.",
                        "AuthPasskeyRequest"
                    )
                ],
                problems: [409, 429]
            ),
            operation(
                "post",
                "/passkeys",
                "addPasskey",
                "Keep a new passkey",
                body: body(
                    "AuthPasskeyRegistration",
                    ["ticket": "<ticket>", "name": "My phone", "credential": ["id": "…", "type": "public-key"]]
                ),
                security: .needed,
                [json(201, "The passkey.", "AuthPasskey")],
                problems: [409]
            ),
            operation(
                "delete",
                "/passkeys/{id}",
                "removePasskey",
                "Remove a passkey",
                parameters: [id("The passkey's id.")],
                security: .needed,
                [done("It signs nobody in any more.")],
                problems: [404]
            ),
            operation(
                "post",
                "/passkeys/sign-in/options",
                "startPasskeySignIn",
                "Begin a sign-in with a passkey",
                "The options are for `PublicKeyCredential.parseRequestOptionsFromJSON()` (WebAuthn Level 3).",
                body: nothing,
                security: .none,
                [
                    json(
                        200,
                        "What to ask the browser for, and the ticket to come back with within 5 minutes.",
                        "AuthPasskeyRequest"
                    )
                ],
                problems: [429]
            ),
            operation(
                "post",
                "/passkeys/sign-in",
                "signInWithPasskey",
                "Sign in with a passkey",
                "A passkey counts as both factors: no code is asked for.",
                body: body(
                    "AuthPasskeySignIn",
                    ["ticket": "<ticket>", "credential": ["id": "…", "type": "public-key"]]
                ),
                security: .none,
                [json(200, "A session.", "AuthSession", [.setCookie])],
                problems: [401]
            ),
        ]
    }
}
