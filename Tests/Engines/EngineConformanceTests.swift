import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Testing

/// What every engine promises to Records, the same on each. The HTTP tests run on each engine as well: this is what lies
/// below them.
@Suite struct EngineConformanceTests {
    @Test(arguments: EngineUnderTest.all)
    func everyValueComesBackAsItWas(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Kinds.shapes)
        try await Kinds.fill(database)
        let stored = try await Kinds.stored(database)
        #expect(stored.count == Kinds.rows.count)
        for (found, wanted) in zip(stored, Kinds.rows) {
            for (column, (value, expected)) in zip(Kinds.table.columns, zip(found.dropFirst(4), wanted)) {
                #expect(value == expected, "\(engine) \(column.name)")
            }
        }
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func aValueThatIsTakenNamesItsColumn(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Kinds.shapes)
        try await Kinds.fill(database)
        var mail = Kinds.table.columns.map(\.emptyValue)
        mail[7] = .text("ADA@example.com")
        var code = Kinds.table.columns.map(\.emptyValue)
        code[8] = .text(String(repeating: "y", count: 2000))
        #expect(try await failure(mail, as: Kinds.id(900), database) == "unique mail")
        #expect(try await failure(code, as: Kinds.id(900), database) == "unique code")
        #expect(try await failure(Kinds.table.columns.map(\.emptyValue), as: Kinds.id(100), database) == "unique id")
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func aReferenceToNothingAndAMissingValueAreTold(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Kinds.shapes)
        var row = Kinds.table.columns.map(\.emptyValue)
        row[11] = .identifier(Kinds.id(77))
        #expect(try await failure(row, as: Kinds.id(900), database) == "reference")
        await #expect {
            try await database.write { connection throws(StorageFailure) in
                try connection.run(
                    """
                    INSERT INTO \(SQL.Name(table: Kinds.owners)) ("id", "created", "updated", "version", "label")
                    VALUES (\(.identifier(Kinds.id(5))), \(.datetime(.earliest)), \(.datetime(.latest)), \(.integer(1)), \(.null))
                    """
                )
            }
        } throws: { error in
            if case StorageFailure.required(column: "label") = error { true } else { false }
        }
        await database.close()
    }

    private func failure(_ row: [Value], as id: Identifier, _ database: any Engine) async throws -> String {
        do throws(StorageFailure) {
            try await database.write { connection throws(StorageFailure) in
                try Kinds.insert(row, as: id, connection)
            }
            return "none"
        } catch {
            return switch error {
            case .unique(let columns): "unique \(columns.joined(separator: ","))"
            case .reference: "reference"
            default: "\(error)"
            }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func aTransactionHappensAsAWholeOrNotAtAll(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Kinds.shapes)
        let empty = Kinds.table.columns.map(\.emptyValue)
        await #expect(throws: StorageFailure.self) {
            try await database.write { connection throws(StorageFailure) in
                try Kinds.insert(empty, as: Kinds.id(1), connection)
                throw StorageFailure.refused(.notFound)
            }
        }
        #expect(try await Kinds.stored(database).isEmpty)
        // A part that fails is taken back alone, also after what it did itself.
        try await database.write { connection throws(StorageFailure) in
            try Kinds.insert(empty, as: Kinds.id(1), connection)
            do throws(StorageFailure) {
                try connection.attempt { () throws(StorageFailure) in
                    try Kinds.insert(empty, as: Kinds.id(2), connection)
                    try Kinds.insert(empty, as: Kinds.id(1), connection)
                }
            } catch .unique {
                // Who failed may still look for the reason.
                _ = try connection.first("SELECT count(*) FROM \(SQL.Name(table: Kinds.table))") { $0.integer(0) }
            }
            try Kinds.insert(empty, as: Kinds.id(3), connection)
        }
        #expect(try await Kinds.stored(database).map { $0[0] } == [.identifier(Kinds.id(1)), .identifier(Kinds.id(3))])
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func nothingSortsBeforeEverything(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Kinds.shapes)
        try await Kinds.fill(database)
        for descending in [false, true] {
            let names = try await database.read(.scan) { connection throws(StorageFailure) in
                let order = connection.dialect.ordered("\(SQL.Name("name"))", of: "name", descending: descending)
                return try connection.all(
                    "SELECT \(SQL.Name("name")) FROM \(SQL.Name(table: Kinds.table)) ORDER BY \(order), \(SQL.Name("id"))"
                ) { row throws(StorageFailure) in try row.value(0, as: .text) }
            }
            let texts = names.compactMap { if case .text(let text) = $0 { text } else { nil } }
            #expect((descending ? names.last : names.first) == .null)
            let inOrder = texts.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
            #expect(texts.map { Array($0.utf8) } == (descending ? inOrder.reversed() : inOrder).map { Array($0.utf8) })
        }
        await database.close()
    }

    /// A reader sees one state of the data, whatever is written meanwhile.
    @Test(arguments: EngineUnderTest.all)
    func aScanSeesOneState(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Kinds.shapes)
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let written = WrittenFlag()
        async let counts = database.read(.scan) { connection throws(StorageFailure) in
            let count: SQL = "SELECT count(*) FROM \(SQL.Name(table: Kinds.table))"
            let before = try connection.first(count) { $0.integer(0) } ?? -1
            started.yield()
            written.wait()
            return [before, try connection.first(count) { $0.integer(0) } ?? -1]
        }
        var iterator = starts.makeAsyncIterator()
        _ = await iterator.next()
        try await database.write { connection throws(StorageFailure) in
            try Kinds.insert(Kinds.table.columns.map(\.emptyValue), as: Kinds.id(1), connection)
        }
        written.set()
        #expect(try await counts == [0, 0])
        #expect(try await Kinds.stored(database).count == 1)
        await database.close()
    }
}
