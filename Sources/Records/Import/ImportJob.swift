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
    /// Rows that point to a record which is not there yet, by its id: it may come later in the file.
    private var waiting: [Identifier: [Row]] = [:]

    private typealias Row = (line: Int, draft: Draft)

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
        let draft: Draft
        do throws(Failure) {
            switch row.content {
            case .success(let input):
                draft = try Draft(input, view, isWhole: true, extent: view.principal.isTeam ? .restore : .client)
            case .failure(let fault): throw Failure.invalid([fault])
            }
        } catch {
            return try note(error, line: row.line)
        }
        try store((row.line, draft))
    }

    /// Stores a row, and those that waited for it alone; or lets it wait.
    private mutating func store(_ row: Row) throws(StorageFailure) {
        var ready = [row]
        while let row = ready.popLast() {
            if let missing = try missing(row.draft) {
                waiting[missing, default: []].append(row)
                continue
            }
            do throws(Failure) {
                try insert(row.draft)
                stored += 1
                if let id = row.draft.id, let waited = waiting.removeValue(forKey: id) {
                    ready += waited.reversed()
                }
            } catch {
                try note(error, line: row.line)
            }
        }
    }

    /// Whose records never came: each is told as any row that points to nothing.
    private mutating func storeWaiting() throws(StorageFailure) {
        let rows = waiting.values.flatMap(\.self).sorted { $0.line < $1.line }
        for row in rows {
            do throws(Failure) {
                try insert(row.draft)
            } catch {
                try note(error, line: row.line)
            }
        }
    }

    /// The first record of the same collection that a row points to and that is not there. Others can't come any more.
    private func missing(_ draft: Draft) throws(StorageFailure) -> Identifier? {
        for (position, value) in draft.values {
            guard case .relation(let kind) = view.collection.fields[position].kind,
                kind.collection == view.collection.name
            else { continue }
            for id in value.identifiers where id != draft.id {
                let found = try connection.first(
                    "SELECT 1 FROM \(SQL.Name(view.collection)) WHERE \(SQL.Name("id")) = \(.identifier(id))"
                ) { $0.integer(0) }
                if found == nil { return id }
            }
        }
        return nil
    }

    private func insert(_ draft: Draft) throws(Failure) {
        let creation = try Creation(draft, view)
        do throws(StorageFailure) {
            _ = try connection.attempt { () throws(StorageFailure) in
                try creation.store(records, in: transaction, connection)
            }
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
