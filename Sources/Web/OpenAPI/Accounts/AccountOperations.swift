import OffstageSchema

extension OpenAPI {
    /// The requests below /auth: what programs send and get, and the pages that say the same to people.
    ///
    /// One file an aspect, as the routes have it: coming in, the account itself, codes and passkeys, keys and providers.
    struct AccountOperations {
        let users: Collection
        let settings: AccountSettings
        /// What keys may be for: those that the document names.
        let collections: [Collection]
        /// The names of the users' schemas.
        let names: Names.Pair

        static let tag = "Accounts"
        static let about =
            "Signing up, signing in, and what an account does with itself. Who signs in gets a session: a token for "
            + "`Authorization: Bearer`, and a browser on this site the same as a cookie, which it sends by itself. All bodies may "
            + "be sent as forms too, and who accepts `text/html` rather than `application/json` is answered with pages."

        init(_ catalog: Catalog, users: Collection, names: Names.Pair) {
            self.users = users
            settings = catalog.accounts
            collections = catalog.collections.filter { !$0.access.isClosed }
            self.names = names
        }

        var all: [Operation] {
            entry + own + sessions + codes + passkeys + keys + providers
        }

        // MARK: Parts

        func operation(
            _ method: String,
            _ path: String,
            _ id: String,
            _ summary: String,
            _ description: String = "",
            parameters: [Parameter] = [],
            body: Body? = nil,
            security: Security,
            _ answers: [Response],
            problems: [Int] = []
        ) -> Operation {
            // What changes something must come from a page of this site where a browser sends it.
            let ofWrites = method == "get" ? [] : [403, 507]
            let ofBodies = body == nil ? [] : Problems.ofEveryBody + [422]
            let ofSessions = security == .needed ? [401, 403] : []
            var statuses = Problems.ofEveryRequest + ofWrites + ofBodies + ofSessions + problems
            let isThrottled = statuses.contains(429)
            statuses.removeAll { $0 == 429 }
            var responses = answers + Problems.responses(statuses)
            if isThrottled { responses.append(Problems.throttled) }
            return Operation(
                method: method,
                path: "/auth" + path,
                id: id,
                tag: Self.tag,
                summary: summary,
                description: description,
                parameters: parameters,
                body: body,
                security: security,
                responses: responses.sorted { $0.status < $1.status }
            )
        }

        func body(_ schema: String, _ example: Value, isRequired: Bool = true) -> Body {
            Body(
                content: [Content(type: "application/json", schema: .schema(schema))],
                example: example,
                isRequired: isRequired
            )
        }

        /// A body that has no members.
        var nothing: Body { body("AuthNothing", [:], isRequired: false) }

        func json(_ status: Int, _ description: String, _ schema: String, _ headers: [ResponseHeader] = []) -> Response
        {
            Response(
                status: status,
                description: description,
                headers: headers,
                content: [Content(type: "application/json", schema: .schema(schema))]
            )
        }

        func done(_ description: String, _ headers: [ResponseHeader] = []) -> Response {
            Response(status: 204, description: description, headers: headers)
        }

        /// That a mail is on its way, or would be.
        func accepted(_ description: String) -> Response { json(202, description, "AuthNothing") }

        /// JSON for programs, where people with a browser get a page; or the form to sign in.
        func shown(_ description: String, _ schema: String) -> [Response] {
            var response = json(200, description, schema)
            response.content.append(Content(type: "text/html", schema: ["type": "string"]))
            return [response]
        }

        /// The id of something that belongs to the account.
        func id(_ description: String) -> Parameter {
            Parameter(
                name: "id",
                place: .path,
                description: description,
                schema: RecordSchemas.id,
                example: Parameter.id.example
            )
        }

        static let password = "a few words in a row"
        static let token = "<token>"
    }
}
