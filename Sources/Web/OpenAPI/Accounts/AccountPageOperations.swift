import OffstageSchema

/// The pages of accounts, which work without script. Each form sends to its own address what programs send as JSON.
extension OpenAPI.AccountOperations {
    static let pageTag = "Account pages"
    static let aboutPages =
        "For people with a browser. Each is a form that works without script and sends itself to its own address. A form knows no "
        + "`DELETE` and no `PATCH`: where programs use these, pages send `POST`."

    var pages: [Operation] {
        let signUp = settings.signUp == .closed ? [] : [page(.signUp, "SignUp", "Make an account")]
        return signUp + [
            page(.signIn, "SignIn", "Sign in"), page(.signOut, "SignOut", "Sign out"),
            page(.link, "SignInByLink", "Sign in by mail"), page(.reset, "ResetPassword", "Choose another password"),
            page(.verify, "VerifyEmail", "Confirm an address"), page(.password, "ChangePassword", "Change my password"),
            page(.email, "ChangeEmail", "Change my e-mail address"),
            page(.delete, "DeleteOwnAccount", "Delete my account"),
            page(.codeSetup, "StartCodes", "Codes of an authenticator app"),
            page(.codeConfirmation, "ConfirmCodes", "Scan and confirm"),
            page(.recoveryCodes, "RenewRecoveryCodes", "New recovery codes"),
            page(.codeRemoval, "RemoveCodes", "Switch codes off"),
        ] + (settings.providers.isEmpty ? [] : [connectPage]) + standIns
    }

    private var connectPage: Operation {
        var operation = page(.connect, "ConnectProvider", "Connect my account with a provider")
        operation.path = connect.path
        operation.parameters = [provider]
        return operation
    }

    /// POST where programs send PATCH or DELETE, which a page's form can't.
    private var standIns: [Operation] {
        let own = [AuthPlace.delete.path, AuthPlace.codeRemoval.path]
        return all.filter { ["patch", "delete"].contains($0.method) }.map { operation in
            var operation = operation
            // Where POST means something else, the address has one more part.
            let elsewhere = own.first { $0.hasPrefix(operation.path + "/") && operation.method == "delete" }
            operation.path = elsewhere ?? operation.path
            operation.method = "post"
            operation.id += "ByForm"
            operation.tag = Self.pageTag
            operation.summary += ": what the page sends"
            return operation
        }
    }

    private func page(_ place: AuthPlace, _ name: String, _ summary: String) -> Operation {
        let problems: [Int] =
            switch place {
            case .signUp: [401, 403]
            case .codeConfirmation: [409]
            case .verify: [401]
            default: []
            }
        var operation = operation(
            "get",
            String(place.path.dropFirst("/auth".count)),
            "show\(name)Page",
            summary + ": the page",
            parameters: Self.pageParameters(place),
            security: place.needsSession ? .needed : .none,
            [
                OpenAPI.Response(
                    status: 200,
                    description: "A page.",
                    content: [OpenAPI.Content(type: "text/html", schema: ["type": "string"])]
                )
            ],
            problems: problems
        )
        operation.tag = Self.pageTag
        return operation
    }

    /// What the address of a page may carry, which its form sends along.
    static func pageParameters(_ place: AuthPlace) -> [OpenAPI.Parameter] {
        place.parameters.map { name in
            let meaning =
                switch name {
                case "next": "A path of this site, to go to afterwards."
                case "invite": "The token of an invitation."
                case "ticket": "What the step before gave."
                default: "What a mail's link carries."
                }
            return OpenAPI.Parameter(name: name, place: .query, description: meaning, schema: ["type": "string"])
        }
    }
}
