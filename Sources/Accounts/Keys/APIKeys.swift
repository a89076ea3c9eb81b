import OffstageRecords
package import OffstageSchema
import OffstageStorage

/// API keys: what programs carry instead of a session. A key acts as its account, as far as its scope goes.
extension Accounts {
    /// A key that was just made; its token is shown this once.
    package struct NewKey: Sendable {
        package let token: String
        package let key: Session
    }

    package func keys(of who: SignedIn) async throws(Failure) -> [Session] {
        let moment = now()
        return try await records.engine.reading(.bounded) { connection throws(StorageFailure) in
            try Session.all(.key, of: who.user.id, at: moment, connection)
        }
    }

    /// Makes a key.
    ///
    /// - Parameters:
    ///   - scope: collections, each with verbs; `*` for all collections.
    ///   - expires: nil for one that holds until it is deleted.
    package func makeKey(
        name: String,
        scope: KeyScope,
        expires: Timestamp?,
        password: String?,
        of who: SignedIn,
        from visit: Visit
    ) async throws(Failure) -> NewKey {
        let faults = self.faults(name: name, scope: scope, expires: expires)
        guard faults.isEmpty else { throw .invalid(faults) }
        try await requireProof(password, of: who, from: visit)
        return try await insertKey(name: name, scope: scope, expires: expires, for: who.user.id, by: who.principal)
    }

    /// Deletes a key of the account.
    package func deleteKey(_ id: Identifier, of who: SignedIn) async throws(Failure) {
        let isDone = try await records.engine.writing { connection throws(StorageFailure) in
            try Session.end(id, of: who.user.id, .key, connection)
        }
        guard isDone else { throw .notFound }
    }

    func insertKey(
        name: String,
        scope: KeyScope,
        expires: Timestamp?,
        for user: Identifier,
        by principal: Principal
    ) async throws(Failure) -> NewKey {
        let token = tokens.next()
        let key = try await records.writing(by: principal) { write throws(StorageFailure) -> Session? in
            guard try Session.all(.key, of: user, at: write.at, write.connection).count < Session.atMost else {
                throw .refused(
                    Failure(.conflict, "An account can have \(Session.atMost) keys. Delete one first.")
                )
            }
            try Session.insert(
                Session.Opening(
                    id: write.newID(),
                    user: user,
                    kind: .key,
                    name: name,
                    scope: scope,
                    at: write.at,
                    expires: expires,
                    address: "",
                    agent: ""
                ),
                token,
                write.connection
            )
            return try Session.find(token.text, at: write.at, write.connection)
        }
        guard let key else { throw Failure(.internalError, Failure.internalDetail) }
        return NewKey(token: token.text, key: key)
    }

    func faults(name: String, scope: KeyScope, expires: Timestamp?) -> [Fault] {
        var faults: [Fault] = []
        if name.utf8.contains(0) { faults.append(Fault("/name", .pattern, "must not contain NUL")) }
        if !(1...100).contains(name.count) { faults.append(Fault("/name", .required, "must have 1 to 100 characters")) }
        if scope.verbs.isEmpty || scope.verbs.values.contains(where: \.isEmpty) {
            faults.append(
                Fault(
                    "/scope",
                    .required,
                    "must name collections and verbs, such as {\"orders\": [\"read\", \"create\"]}"
                )
            )
        }
        for name in scope.verbs.keys.sorted()
        where name != KeyScope.allCollections && records.catalog.collection(name) == nil {
            faults.append(
                Fault("/scope", .unknown, "names \"\(name.prefix(64))\", which is no collection; * stands for all")
            )
        }
        if let expires, expires <= now() { faults.append(Fault("/expires", .min, "must be in the future")) }
        return faults
    }
}
