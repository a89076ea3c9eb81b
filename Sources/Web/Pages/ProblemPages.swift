import HTTPTypes
import OffstageSchema
import OffstageTemplates

/// The pages that the `type` of a problem names: what it means and what to do.
struct ProblemPages: Sendable {
    let pages: Pages

    func list() -> Reply {
        let problems = Failure.Kind.allCases.map { kind in
            TemplateValue.object([
                "code": .text(kind.rawValue), "title": .text(Problem.title(kind)),
                "status": .text(String(Problem.status(kind).code)),
            ])
        }
        return pages.reply(200, "problems", ["title": "Problems", "problems": .list(problems)])
    }

    func page(_ code: String) throws(Failure) -> Reply {
        guard let kind = Failure.Kind(rawValue: code) else { throw .notFound }
        let (meaning, whatToDo) = Self.explanation(kind)
        return pages.reply(
            200,
            "problem",
            [
                "code": .text(kind.rawValue), "title": .text(Problem.title(kind)),
                "status": .text(String(Problem.status(kind).code)), "meaning": .text(meaning),
                "what_to_do": .text(whatToDo),
            ]
        )
    }

    private static func explanation(_ kind: Failure.Kind) -> (meaning: String, whatToDo: String) {
        switch kind {
        case .malformed:
            (
                "The request could not be read: a body that is not JSON, a parameter that is not known, a cursor of another list.",
                "The detail names the place. Mend the request; sending it again unchanged gives the same answer."
            )
        case .unauthenticated:
            (
                "The request carries no credentials, or ones that are wrong or have ended, and what it asks needs them.",
                "Sign in and send the request again with the session."
            )
        case .forbidden:
            (
                "The credentials are good, and the rule of the collection or the origin of the page does not allow this.",
                "Ask for the right, or change the rule in the app file. A page on another site must be listed under origins."
            )
        case .notFound:
            (
                "There is no such page, collection or record, or it is not yours to see. The two look the same on purpose.",
                "Check the address. If the record should be visible, check the read rule of its collection."
            )
        case .methodNotAllowed:
            ("The address exists, but not for this method.", "The header Allow lists the methods that work here.")
        case .notAcceptable:
            (
                "The header Accept names only formats that this address does not have.",
                "Accept application/json; lists have text/csv and application/x-ndjson too."
            )
        case .timeout:
            (
                "The request did not arrive completely within 30 seconds.",
                "Send it again on a better connection, or in smaller parts."
            )
        case .conflict:
            (
                "A unique value is taken, the id exists already, or another record still points to the one to be deleted.",
                "The errors name the fields. Choose another value, or change what is in the way first."
            )
        case .stale:
            (
                "The record has another version than If-Match or if_version named, so somebody changed it in between. Nothing was changed.",
                "Read the record again, apply the change to what is there now, and send it with the new version."
            )
        case .tooLarge:
            (
                "The body is larger than this address reads: 1 MiB for most, more for imports.",
                "Send less at once; use an import for many records."
            )
        case .unsupportedMediaType:
            (
                "The Content-Type of the body is not one that is read here.",
                "Send application/json, application/x-www-form-urlencoded or multipart/form-data, and say so."
            )
        case .invalid:
            (
                "Some values break the schema of the collection or one of its checks. Nothing was stored.",
                "Each entry of errors points to a value and says what is expected of it."
            )
        case .keyReused:
            (
                "This Idempotency-Key was used within the last 24 hours with another body.",
                "Use a new key for each new request, and the same key only to repeat one."
            )
        case .rateLimited:
            (
                "Too many requests came from this address in the given time.",
                "Wait as long as Retry-After says, in seconds."
            )
        case .headersTooLarge:
            ("The headers of the request come to more than 32 KiB.", "Send fewer cookies or shorter headers.")
        case .internalError:
            (
                "Something failed that should not. The log of the server has the details under the request's id.",
                "Give the request's id to whoever runs this server. The request itself may be right."
            )
        case .unavailable:
            (
                "The database or the server can't answer at the moment. Nothing was stored.",
                "Try again after the seconds that Retry-After gives. With an Idempotency-Key a repeat can't happen twice."
            )
        case .storageFull:
            (
                "The disk that holds the data is full. Nothing was stored; reading goes on.",
                "Whoever runs this server has to make room. Writing works again as soon as there is."
            )
        }
    }
}
