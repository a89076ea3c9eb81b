import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Testing

/// The tables that are kept beside the collections work alike on every engine.
@Suite struct KeptTableTests {
    private func open(_ engine: EngineUnderTest) async throws -> (place: TestPlace, database: any Engine) {
        let place = try TestPlace(engine)
        return (place, try await place.open([]))
    }

    /// Each key column with its value, as a condition.
    private static func condition(_ table: KeptTable, _ row: [Value]) -> SQL {
        let terms = zip(TransferTable(table).columns, row).prefix(table.key.count).map { column, value -> SQL in
            "\(SQL.Name(stored: column.name)) = \(value)"
        }
        return "\(terms, separator: " AND ")"
    }

    @Test(arguments: EngineUnderTest.all)
    func aRowIsInsertedReadChangedAndDeleted(engine: EngineUnderTest) async throws {
        let (_, database) = try await open(engine)
        #expect(KeptTable.all.map(\.name).count == 8)
        try await KeptRows.fill(database)
        for table in KeptTable.all {
            let rows = (0..<KeptRows.count).map { KeptRows.row($0, of: table) }
            let found = try await KeptRows.stored(table, database)
            #expect(found.count == rows.count && rows.allSatisfy(found.contains), "\(engine) \(table.name)")
            // Every column but those of the key takes every value, and nothing where that may be.
            let columns = Array(TransferTable(table).columns.enumerated().dropFirst(table.key.count))
            let unique = Set(table.indexes.filter(\.isUnique).flatMap(\.columns))
            for (number, row) in rows.enumerated() {
                var wanted = row
                for (place, column) in columns where !unique.contains(column.name) {
                    wanted[place] = rows[(number + 1) % rows.count][place]
                }
                let changed = wanted
                let counts = try await database.write { connection throws(StorageFailure) in
                    var counts: [Int] = []
                    for (place, column) in columns where !unique.contains(column.name) {
                        counts.append(
                            try connection.run(
                                """
                                UPDATE \(SQL.Name(table: table)) SET \(SQL.Name(stored: column.name)) = \(changed[place])
                                WHERE \(Self.condition(table, row))
                                """
                            )
                        )
                    }
                    return counts
                }
                #expect(counts.allSatisfy { $0 == 1 }, "\(engine) \(table.name)")
                #expect(
                    try await KeptRows.stored(table, database).contains(wanted),
                    "\(engine) \(table.name) \(number)"
                )
            }
            for row in rows {
                let counts = try await database.write { connection throws(StorageFailure) in
                    let delete: SQL = "DELETE FROM \(SQL.Name(table: table)) WHERE \(Self.condition(table, row))"
                    return [try connection.run(delete), try connection.run(delete)]
                }
                #expect(counts == [1, 0], "\(engine) \(table.name)")
            }
            #expect(try await KeptRows.stored(table, database).isEmpty)
        }
        await database.close()
    }

    /// Numbers, truths and moments are read without a type as well.
    @Test(arguments: EngineUnderTest.all)
    func aRowIsReadWithoutTypes(engine: EngineUnderTest) async throws {
        let (_, database) = try await open(engine)
        try await KeptRows.fill(database)
        let moment = Timestamp(milliseconds: 1_234_567_890_123)
        let found = try await database.read(.bounded) { connection throws(StorageFailure) in
            try connection.first(
                """
                SELECT "id", "credential_hash", "counter", "backed_up", "created", "used" FROM "_passkeys"
                WHERE "user" = \(.identifier(Kinds.id(4))) AND "created" <= \(.datetime(moment))
                """
            ) { row in
                "\(row.text(0)) \(row.text(1).count) \(row.integer(2)) \(row.integer(3)) \(row.integer(4)) \(row.isNull(5))"
            }
        }
        #expect(found == "\(Kinds.id(4)) 255 -1 0 1234567890123 false")
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func aKeyThatIsTakenIsTold(engine: EngineUnderTest) async throws {
        let (_, database) = try await open(engine)
        try await KeptRows.fill(database)
        for table in KeptTable.all {
            let taken = KeptRows.row(1, of: table)
            await #expect(throws: StorageFailure.self) {
                try await database.write { connection throws(StorageFailure) in
                    do throws(StorageFailure) {
                        try KeptRows.insert(taken, into: table, connection)
                    } catch {
                        guard case .unique = error else { return }
                        throw error
                    }
                }
            }
            for index in table.indexes where index.isUnique {
                let columns = TransferTable(table).columns.map(\.name)
                var other = taken
                other[0] = .identifier(Kinds.id(99))
                let row = other
                try #require(index.columns.allSatisfy { columns.dropFirst().contains($0) })
                await #expect {
                    try await database.write { connection throws(StorageFailure) in
                        try KeptRows.insert(row, into: table, connection)
                    }
                } throws: { error in
                    if case StorageFailure.unique(let named) = error { named == index.columns } else { false }
                }
            }
        }
        await database.close()
    }

    @Test(arguments: EngineUnderTest.all)
    func nothingWhereItMayNotBeIsTold(engine: EngineUnderTest) async throws {
        let (_, database) = try await open(engine)
        for table in KeptTable.all {
            for (place, column) in TransferTable(table).columns.enumerated() {
                guard table.column(column.name)?.isNullable == false else { continue }
                var row = KeptRows.row(1, of: table)
                row[place] = .null
                let lacking = row
                await #expect("\(table.name).\(column.name)") {
                    try await database.write { connection throws(StorageFailure) in
                        try KeptRows.insert(lacking, into: table, connection)
                    }
                } throws: { error in
                    if case StorageFailure.required(column.name) = error { true } else { false }
                }
            }
        }
        await database.close()
    }

    /// Case, blanks at the end and letters that no short text may have: all are compared, and none is an error.
    @Test(arguments: EngineUnderTest.all)
    func shortTextsAreComparedByteByByte(engine: EngineUnderTest) async throws {
        let (_, database) = try await open(engine)
        try await KeptRows.fill(database)
        let asked = ["a", "A", "a ", " a", "á", "ａ", "😀", "", "a\u{301}", String(repeating: "z", count: 300)]
        let found = try await database.read(.scan) { connection throws(StorageFailure) in
            try asked.map { text throws(StorageFailure) in
                try connection.all("SELECT \"key\" FROM \"_throttles\" WHERE \"key\" = \(.text(text))") { $0.text(0) }
            }
        }
        #expect(found == [["a"], ["A"], ["a "]] + Array(repeating: [], count: 7))
        // In the order of bytes, everywhere.
        let keys = try await database.read(.scan) { connection throws(StorageFailure) in
            try connection.all("SELECT \"key\" FROM \"_throttles\" ORDER BY \"key\"") { $0.text(0) }
        }
        #expect(keys.map { $0.prefix(2) } == ["A", "a", "a ", "zz"])
        await database.close()
    }
}
