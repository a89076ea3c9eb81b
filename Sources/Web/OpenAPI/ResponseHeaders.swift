extension OpenAPI {
    /// The header fields that answers carry, each a component of the document.
    enum ResponseHeader: String, CaseIterable, Sendable {
        case eTag = "ETag"
        /// Of what is read together with other records, which change without it.
        case eTagUnlessExpanded = "ETag-Unless-Expanded"
        case location = "Location"
        case link = "Link"
        case retryAfter = "Retry-After"
        case rateLimit = "RateLimit"
        case rateLimitPolicy = "RateLimit-Policy"
        case idempotentReplayed = "Idempotent-Replayed"
        case allow = "Allow"
        case wwwAuthenticate = "WWW-Authenticate"
        case setCookie = "Set-Cookie"
        case contentDisposition = "Content-Disposition"

        var name: String { self == .eTagUnlessExpanded ? Self.eTag.rawValue : rawValue }
        /// Names of components have no further rule than this, and no surprise for generators.
        var component: String { rawValue.filter { $0 != "-" } }

        var json: Value {
            let (description, schema) = meaning
            // Only some of the answers that may have these do.
            let isAlways = ![.link, .idempotentReplayed, .retryAfter, .eTagUnlessExpanded, .setCookie].contains(self)
            let value: Value = ["description": .text(description)]
            return value.with("required", isAlways ? true : nil).with("schema", schema)
        }

        private var meaning: (String, Value) {
            let text: Value = ["type": "string"]
            switch self {
            case .eTag:
                return (
                    "What is there now, for If-Match and If-None-Match; of a record its version in quotes, with an ending where fields of it are hidden.",
                    ["type": "string", "pattern": "^\"[!#-~]+\"$"]
                )
            case .eTagUnlessExpanded:
                let (description, schema) = Self.eTag.meaning
                return (description + " Not with `expand`.", schema)
            case .location:
                return ("Where the new record, or the next page, is.", ["type": "string", "format": "uri-reference"])
            case .link: return ("The next page of a list: `<…>; rel=\"next\"`. Not on the last page.", text)
            case .retryAfter:
                return ("Seconds after which a further try makes sense.", ["type": "integer", "minimum": 0])
            case .rateLimit: return ("What is left of the limit: `\"posts\";r=0;t=<seconds>`.", text)
            case .rateLimitPolicy: return ("The limit: `\"posts\";q=<posts>;w=<seconds>`.", text)
            case .idempotentReplayed:
                return (
                    "`true` when this is the answer that was given to an earlier request with the same key.",
                    ["const": "true"]
                )
            case .allow: return ("The methods that the address has.", text)
            case .wwwAuthenticate: return ("How to sign in.", text)
            case .setCookie: return ("The session of a browser on this site, or that it is over.", text)
            case .contentDisposition: return ("A name to save the answer under.", text)
            }
        }
    }
}
