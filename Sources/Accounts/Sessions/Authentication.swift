import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// Somebody whose session or key is good.
package struct SignedIn: Sendable {
    package let session: Session
    /// The whole record of the account.
    package let user: Record
    package let principal: Principal

    package var isKey: Bool { session.kind == .key }
}

extension Accounts {
    /// Who a token belongs to. Asked with every request, so that a session which was ended, or an account that was suspended,
    /// is out at once.
    ///
    /// - Throws: `.unauthenticated` when it is nobody's, or not any more.
    package func authenticate(_ token: String, from address: String) async throws(Failure) -> SignedIn {
        let moment = now()
        let found = try await records.engine.reading(.bounded) {
            connection throws(StorageFailure) -> (session: Session, user: Record)? in
            guard let session = try Session.find(token, at: moment, connection),
                let user = try records.whole(session.user, of: users, connection), !flag("suspended", of: user)
            else { return nil }
            return (session, user)
        }
        guard let found else {
            throw Failure(.unauthenticated, "The session is unknown or has ended. Sign in again.")
        }
        let (session, user) = found
        if session.used.adding(Session.useNoticed) <= moment || session.used > moment {
            // Where nothing can be written at the moment, reading goes on.
            _ = try? await records.engine.writing { connection throws(StorageFailure) in
                try Session.touch(session, from: address, at: moment, connection)
            }
        }
        let account = account(user, from: address, factorAt: session.factorAt, scope: session.scope)
        return SignedIn(session: session, user: user, principal: .account(account))
    }

    /// The sessions of an account.
    package func sessions(of who: SignedIn) async throws(Failure) -> [Session] {
        let moment = now()
        return try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Session.all(.session, of: who.user.id, at: moment, connection)
        }
    }

    /// Ends one session of the same account.
    ///
    /// - Throws: `.notFound` when it has none of that id.
    package func endSession(_ id: Identifier, of who: SignedIn) async throws(Failure) {
        let isDone = try await records.engine.writing { connection throws(StorageFailure) in
            try Session.end(id, of: who.user.id, .session, connection)
        }
        guard isDone else { throw .notFound }
    }

    /// Ends all sessions of the account but the one that asks.
    package func endOtherSessions(of who: SignedIn) async throws(Failure) {
        try await records.engine.writing { connection throws(StorageFailure) in
            try Session.endAll(of: who.user.id, but: who.session.id, connection)
        }
    }

    /// Ends the session that asks.
    package func signOut(_ who: SignedIn) async throws(Failure) {
        _ = try await records.engine.writing { connection throws(StorageFailure) in
            try Session.end(who.session.id, of: who.user.id, .session, connection)
        }
    }
}
