import OffstageSchema

/// Takes everything from one database to another: in batches, each with the place it came to, so that a move that was killed
/// goes on there; then compares the two, row by row.
package struct Transfer: Sendable {
    private let source: any TransferringEngine
    private let target: any TransferringEngine
    private let targetPlace: String
    /// Told what is being done, how much of it is done and how much there is.
    private let progress: @Sendable (_ what: String, _ done: Int, _ all: Int) -> Void

    private static let batch = 1_000

    /// What was found on both sides of one table.
    package struct Outcome: Sendable {
        package let table: TransferTable
        package let rows: Int
        /// 64 bits of FNV-1a over all values in the order of the key.
        package let checksum: UInt64
    }

    package init(
        from source: any TransferringEngine,
        to target: any TransferringEngine,
        at targetPlace: String,
        progress: @escaping @Sendable (String, Int, Int) -> Void
    ) {
        self.source = source
        self.target = target
        self.targetPlace = targetPlace
        self.progress = progress
    }

    /// - Parameter token: of this move, used unless the source is marked by one already.
    /// - Throws: `.refused` where there is nothing to move, the target is not empty, or the two differ afterwards.
    package func run(token: String) async throws(StorageFailure) -> [Outcome] {
        guard let shapes = try await source.shapes() else {
            throw .refused(Failure(.conflict, "There is nothing to move: the database is empty."))
        }
        // A source of an earlier format stays as it is, so that the program that made it can take it back.
        let format = try await source.readUnlimited { connection throws(StorageFailure) in
            try DatabaseFormat.read(try Self.value("format", connection))
        }
        let tables = TransferTable.all(of: shapes, format: format)
        let known = try await source.moved()
        if let known, known.place != targetPlace { throw Moving.refusal(known.text) }
        let mark = known ?? MoveMark(token: token, place: targetPlace)
        let epoch = try await source.readUnlimited { connection throws(StorageFailure) in try Self.epoch(connection) }
        // The target is looked at before the source is closed to everybody else.
        var state = try await target.beginFilling(shapes, FillingState(token: mark.token, epoch: epoch))
        if known == nil { try await source.setMoved(mark) }
        try await source.completeJournal()
        let counts = try await source.readUnlimited { connection throws(StorageFailure) in
            try tables.map { table throws(StorageFailure) in try table.count(connection) }
        }
        while state.tables < tables.count {
            try await copy(tables[state.tables], counts[state.tables], &state)
        }
        progress("indexes and searches", 0, 1)
        try await target.endFilling(shapes)
        return try await compared(tables, counts)
    }

    private static func epoch(_ connection: any Connection) throws(StorageFailure) -> String {
        guard let epoch = try value("epoch", connection) else { throw .damaged("the database has no epoch") }
        return epoch
    }

    private static func value(_ key: String, _ connection: any Connection) throws(StorageFailure) -> String? {
        try connection.first(
            "SELECT \(SQL.Name("value")) FROM \(SQL.Name("_offstage")) WHERE \(SQL.Name("key")) = \(.text(key))"
        ) { $0.text(0) }
    }

    /// Copies what is left of one table.
    private func copy(_ table: TransferTable, _ count: Int, _ state: inout FillingState) async throws(StorageFailure) {
        while true {
            progress(table.name, state.rows, count)
            let key = try state.key.isEmpty ? nil : Self.values(state.key, table)
            let rows = try await source.readUnlimited { connection throws(StorageFailure) in
                try table.rows(after: key, atMost: Self.batch, connection)
            }
            let isLast = rows.count < Self.batch
            state.rows += rows.count
            if let last = rows.last { state.key = Self.text(table.key(of: last)) }
            if isLast {
                state.tables += 1
                state.rows = 0
                state.key = ""
            }
            try await target.fill(state) { connection throws(StorageFailure) in
                let insert = table.insert(connection.dialect)
                for row in rows { try connection.run(insert.binding(row)) }
            }
            if isLast { return }
        }
    }

    private static func text(_ key: [Value]) -> String {
        var writer = JSONWriter()
        writer.write(Value.list(key))
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func values(_ text: String, _ table: TransferTable) throws(StorageFailure) -> [Value] {
        guard case .array(let parts)? = try? JSONParser.parse(text.utf8), parts.count == table.keyColumns else {
            throw .damaged("the place that a move came to can't be read")
        }
        return zip(table.columns, parts).map { column, part in
            switch (column.type, part) {
            case (.identifier, .string(let text)): Identifier(text).map(Value.identifier) ?? .null
            case (.integer, .number(let text)): Int64(text).map(Value.integer) ?? .null
            case (_, .string(let text)): .text(text)
            default: .null
            }
        }
    }

    // MARK: Comparing

    private func compared(_ tables: [TransferTable], _ counts: [Int]) async throws(StorageFailure) -> [Outcome] {
        var outcomes: [Outcome] = []
        for (table, count) in zip(tables, counts) {
            progress("comparing \(table.name)", 0, count)
            let here = try await sum(table, source, count)
            let there = try await sum(table, target, count)
            guard here.rows == there.rows, here.checksum == there.checksum else {
                throw .refused(
                    Failure(
                        .conflict,
                        "\(table.name) differs: \(here.rows) rows here and \(there.rows) there, checksums "
                            + "\(String(here.checksum, radix: 16)) and \(String(there.checksum, radix: 16)). "
                            + "Nothing was lost here; take it back with \"offstage move --cancel\"."
                    )
                )
            }
            outcomes.append(here)
        }
        return outcomes
    }

    /// Reads a table in batches and adds it up. The same values come to the same sum in every database.
    private func sum(
        _ table: TransferTable,
        _ engine: any TransferringEngine,
        _ count: Int
    ) async throws(StorageFailure) -> Outcome {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        var (rows, key): (Int, [Value]?) = (0, nil)
        while true {
            let after = key
            let page = try await engine.readUnlimited { connection throws(StorageFailure) in
                try table.rows(after: after, atMost: Self.batch, connection)
            }
            for row in page {
                var writer = JSONWriter(capacity: 256)
                writer.write(Value.list(row))
                for byte in writer.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            }
            rows += page.count
            progress("comparing \(table.name)", min(rows, count), count)
            guard page.count == Self.batch, let last = page.last else { break }
            key = table.key(of: last)
        }
        return Outcome(table: table, rows: rows, checksum: hash)
    }
}
