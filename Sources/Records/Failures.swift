package import OffstageSchema
package import OffstageStorage

extension Failure {
    /// A storage failure as the client may know it; the database's own words are for the operator.
    package init(_ failure: StorageFailure) {
        switch failure {
        case .refused(let refused): self = refused
        case .full:
            self.init(
                .storageFull,
                "The disk is full; nothing was stored. Try again when there is room.",
                retryAfter: 60
            )
        case .unavailable(let reason):
            self.init(
                .unavailable,
                "The database can't be used at the moment; nothing was stored.",
                operatorDetail: reason,
                retryAfter: 5
            )
        case .uncertain(let reason):
            self.init(
                .unavailable,
                "It is not known whether this was stored. Look for it, or repeat the request with its Idempotency-Key.",
                operatorDetail: "a commit failed: \(reason)",
                retryAfter: 5
            )
        case .contended(let reason):
            self.init(
                .unavailable,
                "Others were changing the same records again and again; nothing was stored. Try again.",
                operatorDetail: reason,
                retryAfter: 1
            )
        case .tooSlow:
            self.init(.unavailable, "The request took too long and was stopped. Ask for less at once.", retryAfter: 30)
        case .damaged(let reason):
            self.init(.internalError, Self.internalDetail, operatorDetail: "the database is damaged: \(reason)")
        case .unique(let columns):
            self.init(.conflict, "A value is taken already.", faults: columns.map(Fault.taken))
        case .reference:
            self.init(.conflict, "A record that this one points to, or that points to it, is in the way.")
        case .required(let column):
            self = .invalid([Fault("/" + column, .required, "is required")])
        case .other(let reason):
            self.init(.internalError, Self.internalDetail, operatorDetail: reason)
        }
    }

    package static let internalDetail = "Something went wrong here. It was noted; nothing was stored."
}

extension Fault {
    /// A value that another record holds already.
    static func taken(_ column: String) -> Fault {
        Fault("/" + Fault.escaped(column), .unique, "is taken already")
    }
}

/// Inside a transaction, a failure of our own takes the transaction back.
package func refusing<Result>(_ body: () throws(Failure) -> Result) throws(StorageFailure) -> Result {
    do throws(Failure) {
        return try body()
    } catch {
        throw .refused(error)
    }
}

extension Engine {
    /// `read` with the failure that leaves a layer.
    package func reading<Result: Sendable>(
        _ extent: ReadExtent,
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(Failure) -> Result {
        do throws(StorageFailure) {
            return try await read(extent, body)
        } catch {
            throw Failure(error)
        }
    }

    /// `write` with the failure that leaves a layer.
    package func writing<Result: Sendable>(
        _ body: @escaping @Sendable (any Connection) throws(StorageFailure) -> Result
    ) async throws(Failure) -> Result {
        do throws(StorageFailure) {
            return try await write(body)
        } catch {
            throw Failure(error)
        }
    }
}
