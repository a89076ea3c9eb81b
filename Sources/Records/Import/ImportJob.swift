import OffstageRules
import OffstageSchema
import OffstageStorage

/// One import inside its transaction: reads rows, stores each, and goes on after a bad one, so that all are named.
struct ImportJob {
    let records: Records
    let view: View
    let transaction: Journal.Transaction
    let connection: any Connection

    private var stored = 0
    private var faults: [Fault] = []
    private var badRows = 0
    private var rows = 0
    /// Rows that point to records which are not there yet: they may come later in the file.
    private var waiting: [(line: Int, draft: Draft)] = []

    private static let pieceBytes = 262_144

    init(
        records: Records,
        view: View,
        transaction: Journal.Transaction,
        connection: any Connection
    ) {
        self.records = records
        self.view = view
        self.transaction = transaction
        self.connection = connection
    }

    /// - Returns: how many records were stored.
    mutating func run(
        _ source: any ByteSource,
        _ format: ImportFormat,
        _ progress: (Int) -> Void
    ) throws(StorageFailure) -> Int {
        var reader = RowReader(format, for: view.collection)
        var offset = 0
        while !reader.hasStopped, badRows < Records.importFaultsAtMost {
            guard let piece = source.read(at: offset, atMost: Self.pieceBytes) else {
                throw .unavailable("the file of the import can't be read")
            }
            if piece.isEmpty { break }
            offset += piece.count
            for row in reader.feed(piece) { try store(row) }
            progress(offset)
        }
        for row in reader.finish() { try store(row) }
        try storeWaiting()
        guard badRows == 0 else { throw .refused(refusal()) }
        return stored
    }

    private mutating func store(_ row: ImportedRow) throws(StorageFailure) {
        rows += 1
        do throws(Failure) {
            let input: Input
            switch row.content {
            case .success(let content): input = content
            case .failure(let fault): throw Failure.invalid([fault])
            }
            let draft = try Draft(input, view, isWhole: true, extent: view.principal.isTeam ? .restore : .client)
            try store(draft, line: row.line)
        } catch {
            try note(error, line: row.line)
        }
    }

    private mutating func store(_ draft: Draft, line: Int) throws(Failure) {
        do throws(Failure) {
            try insert(draft)
            stored += 1
        } catch {
            guard !error.faults.isEmpty, error.faults.allSatisfy({ $0.code == .relation }) else { throw error }
            waiting.append((line, draft))
        }
    }

    /// Tries the rows that wait again and again, until none is left or none gets further.
    private mutating func storeWaiting() throws(StorageFailure) {
        var before = Int.max
        while !waiting.isEmpty, waiting.count < before {
            before = waiting.count
            let again = waiting
            waiting = []
            for (line, draft) in again {
                do throws(Failure) {
                    try store(draft, line: line)
                } catch {
                    try note(error, line: line)
                }
            }
        }
        for (line, draft) in waiting {
            do throws(Failure) {
                try insert(draft)
            } catch {
                try note(error, line: line)
            }
        }
    }

    private func insert(_ draft: Draft) throws(Failure) {
        let creation = try Creation(draft, view)
        do throws(StorageFailure) {
            _ = try creation.store(records, in: transaction, connection)
        } catch {
            throw Failure(error)
        }
    }

    /// Only what is wrong with the row itself is its fault; anything else ends the import.
    private mutating func note(_ failure: Failure, line: Int) throws(StorageFailure) {
        switch failure.kind {
        case .invalid, .conflict: break
        case .unauthenticated, .forbidden:
            throw .refused(Failure(failure.kind, "line \(line): \(failure.detail) Nothing was imported."))
        default: throw .refused(failure)
        }
        badRows += 1
        let rowFaults = failure.faults.isEmpty ? [Fault("", .malformed, failure.detail)] : failure.faults
        for fault in rowFaults where faults.count < Records.importFaultsAtMost {
            // A fault of the header names its column itself.
            let isNamed = fault.pointer.isEmpty || fault.message.hasPrefix("the header")
            let place = isNamed ? "" : " \(fault.pointer.dropFirst())"
            faults.append(Fault("/\(line)\(fault.pointer)", fault.code, "line \(line):\(place) \(fault.message)"))
        }
    }

    private func refusal() -> Failure {
        let more = faults.count < Records.importFaultsAtMost ? "" : " Only the first \(faults.count) faults are listed."
        let whole = rows == 1 && stored == 0 ? "The file is" : "\(badRows) of \(rows) rows are"
        return Failure(
            .invalid,
            "\(whole) not valid; nothing was imported.\(more)",
            faults: faults
        )
    }
}
