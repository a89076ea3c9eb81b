import HTTPTypes
import OffstageSchema
import OffstageTemplates

/// Finds out who sends a request, where that matters: files and the pages about problems are the same for everybody.
extension WebApp {
    /// - Returns: the answer, where the request goes no further.
    func identified(_ request: inout IncomingRequest, _ head: HTTPRequest) async throws(Failure) -> Reply? {
        // A preflight carries no credentials.
        guard request.method != .options else { return nil }
        switch request.path.first {
        case "api", "forms": break
        case "auth":
            do throws(Failure) {
                request.sender = try await sessions.read(head, request.address)
            } catch {
                guard error.kind == .unauthenticated else { throw error }
                request.credentialFailure = error
            }
            return nil
        default: return nil
        }
        do throws(Failure) {
            request.sender = try await sessions.read(head, request.address)
        } catch {
            guard error.kind == .unauthenticated, request.headers[.authorization] == nil else { throw error }
            return ended(error, request)
        }
        guard request.sender.hasCookie, ![.get, .head].contains(request.method), !origins.isSame(request) else {
            return nil
        }
        if request.path.first == "forms", origins.allows(request) {
            // A page on a listed origin may post the form, and not in the name of whoever is signed in here.
            request.sender = Sender(principal: .visitor(address: request.address), credentials: .none)
            return nil
        }
        throw Failure(.forbidden, "A session's cookie changes nothing unless a page of this site sends the request.")
    }

    /// A browser's session is over: it is told, and forgets the cookie, so that the next request is a visitor's.
    private func ended(_ failure: Failure, _ request: IncomingRequest) -> Reply {
        var reply: Reply
        if request.path.first == "forms",
            Accept(request.headers).best(of: ["text/html", "application/json"]) == "text/html"
        {
            reply = pages.reply(
                401,
                "refused",
                [
                    "title": .text(Problem.title(failure.kind)),
                    "detail": "Your session has ended. You can send the form without one, or sign in again first.",
                    "back": .text(request.rawPath),
                ]
            )
            reply.headers[.wwwAuthenticate] = "Bearer"
        } else {
            reply = Problem.reply(failure, request: request.id)
        }
        reply.headers.append(SessionCookie.clear(for: request, siteIsSecure: origins.siteIsSecure))
        return reply
    }
}
