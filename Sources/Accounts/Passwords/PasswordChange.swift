import OffstageRecords
package import OffstageSchema
import OffstageStorage

extension Accounts {
    /// Whether the account has a password: one that came through a provider has none until it sets one.
    package func hasPassword(_ who: SignedIn) async throws(Failure) -> Bool {
        let id = who.user.id
        return try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try AccountSecrets.read(id, connection)?.password != nil
        }
    }

    /// Gives the account another password, or its first. All its other sessions end.
    ///
    /// - Parameter current: the one that it has now; nil where it has none and the sign-in is fresh.
    package func changePassword(
        from current: String?,
        to new: String,
        of who: SignedIn,
        from visit: Visit
    ) async throws(Failure) {
        try check(new, of: who.user, pointer: "/new_password")
        try await requireProof(current, of: who, from: visit)
        let hash = try await passwords.hash(new)
        try await records.writing(by: who.principal) { write throws(StorageFailure) in
            try AccountSecrets.setPassword(hash, of: who.user.id, write.connection)
            try Session.endAll(of: who.user.id, but: who.session.id, write.connection)
            try Ticket.revokeAll(of: who.user.id, write.connection)
            try notePasswordChange(of: who.user, write)
        }
        desk.ring()
    }
}
