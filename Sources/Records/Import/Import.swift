package import OffstageSchema
import OffstageStorage
import Synchronization

/// Bytes that an import reads, in pieces, on the writer's thread.
package protocol ByteSource: Sendable {
    /// The next bytes from an offset, empty at the end; nil when they can't be read.
    func read(at offset: Int, atMost count: Int) -> [UInt8]?
}

/// How an import is done.
package struct ImportRequest: Sendable {
    package let principal: Principal
    /// Everything is tried and nothing kept.
    package let dryRun: Bool
    package let repeatKey: RepeatKey?
    /// Told how many bytes were read so far.
    package let progress: @Sendable (Int) -> Void

    package init(
        principal: Principal,
        dryRun: Bool = false,
        repeatKey: RepeatKey? = nil,
        progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.principal = principal
        self.dryRun = dryRun
        self.repeatKey = repeatKey
        self.progress = progress
    }
}

extension Records {
    /// Faults that are reported; the rest are counted.
    package static let importFaultsAtMost = 1000

    /// Stores all rows of a file, or none.
    ///
    /// The whole import is one transaction, and so one entry in the order of writes; other writes wait for it.
    /// The team's imports keep ids, times and versions, so that what was exported comes back as it was.
    ///
    /// - Returns: `{"imported": n}`, or with a dry run `{"valid": n}`.
    /// - Throws: `.invalid` with one fault a bad value, each pointer and message starting with its line.
    package func importRows(
        into collection: Collection,
        from source: any ByteSource,
        _ format: ImportFormat,
        as request: ImportRequest
    ) async throws(Failure) -> Answer {
        let view = view(of: collection, for: request.principal)
        try authorizeCreation(view)
        let tried = Mutex<Int?>(nil)
        do throws(StorageFailure) {
            let settled = try await engine.write(.many) { [self] connection throws(StorageFailure) in
                let moment = now()
                return try answering(request.repeatKey, at: moment, connection) { () throws(StorageFailure) in
                    var job = ImportJob(
                        records: self,
                        view: view,
                        transaction: transaction(by: request.principal, at: moment),
                        connection: connection
                    )
                    let count = try job.run(source, format, request.progress)
                    guard request.dryRun else { return count }
                    // Thrown, so that what was tried is taken back.
                    tried.withLock { $0 = count }
                    throw .refused(Failure(.conflict, "This was a dry run."))
                } answer: { count in
                    Self.answer("imported", count)
                }
            }
            return settled.answer { Self.answer("imported", $0) }
        } catch {
            if let count = tried.withLock({ $0 }) { return Self.answer("valid", count) }
            throw Failure(error)
        }
    }

    private static func answer(_ word: String, _ count: Int) -> Answer {
        Answer(
            status: 200,
            headers: [("Content-Type", "application/json")],
            body: Array("{\"\(word)\":\(count)}".utf8)
        )
    }

    /// Refuses who may create nothing in the collection, before anything of a request is read.
    package func authorizeCreation(in collection: Collection, by principal: Principal) throws(Failure) {
        try authorizeCreation(view(of: collection, for: principal))
    }
}
