import EnginesUnderTest
import OffstageSchema
import OffstageStorage
import Testing

/// The same change of an app file has the same plan and the same result on every engine.
@Suite struct MigrationTests {
    private static let before = [
        TableShape(
            name: "things",
            columns: [
                ColumnShape(name: "amount", type: .integer),
                ColumnShape(name: "note", type: .text),
                ColumnShape(name: "colour", type: .text),
                ColumnShape(name: "mail", type: .email),
                ColumnShape(name: "parent", type: .identifier, reference: "things"),
                ColumnShape(name: "friends", type: .list(.identifier), reference: "things"),
            ],
            indexes: [IndexShape([IndexShape.Key("amount")])],
            search: ["note"]
        )
    ]

    private static let after = [
        TableShape(
            name: "goods",
            columns: [
                ColumnShape(name: "stock", type: .decimal(scale: 2), digits: 10, was: "amount"),
                ColumnShape(name: "note", type: .integer),
                ColumnShape(
                    name: "mail",
                    type: .email,
                    required: true,
                    unique: true,
                    defaultValue: "\"none@example.com\""
                ),
                ColumnShape(name: "parent", type: .identifier, reference: "goods"),
                ColumnShape(name: "friends", type: .list(.identifier), reference: "goods"),
                ColumnShape(name: "label", type: .text, required: true, defaultValue: "\"x\""),
            ],
            indexes: [IndexShape([IndexShape.Key("stock", descending: true)])],
            search: ["label"],
            was: "things"
        ),
        TableShape(name: "more", columns: [ColumnShape(name: "tags", type: .list(.text))], indexes: []),
    ]

    private static func fill(_ engine: any Engine) async throws {
        let rows: [[Value]] = [
            [.integer(7), .text("12"), .text("red"), .text("a@b.example"), .null, .list([])],
            [.null, .text("by hand"), .null, .null, .identifier(Kinds.id(1)), .list([.identifier(Kinds.id(1))])],
        ]
        try await engine.write { connection throws(StorageFailure) in
            let insert = TransferTable(before[0]).insert(connection.dialect)
            for (place, row) in rows.enumerated() {
                let own: [Value] = [
                    .identifier(Kinds.id(place + 1)), .datetime(.earliest), .datetime(.latest),
                    .integer(Int64(place + 3)),
                ]
                try connection.run(insert.binding(own + row))
            }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func aChangedFileChangesTheTables(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open(Self.before)
        try await Self.fill(database)
        let plan = try await database.plan(to: Self.after)
        #expect(
            "\(plan)" == """
                  rename the collection things to goods
                  add the collection more
                  rename the field goods.amount to stock
                  convert goods.stock from integer to decimal, 10 digits, 2 after the point
                - convert goods.note from text to integer: 1 record has a value that can't be kept, such as "by hand"; it becomes empty
                  make goods.mail required
                  make goods.mail unique
                  add the field goods.label (text, required)
                  add the index goods [-stock]
                  drop the index goods [stock]
                  make the search of goods look into [label]
                - drop the field goods.colour: 1 record has a value in it
                """
        )
        await #expect(throws: StorageFailure.self) { try await database.apply(plan) }
        try await database.apply(plan, allowLoss: true)
        try await Self.expectMigrated(database)
        // What was made again holds: the index, the foreign keys, the links.
        let again = try await database.plan(to: Self.after)
        #expect(again.isEmpty && again.stored == Self.after)
        await #expect(throws: StorageFailure.self) {
            _ = try await database.write { connection throws(StorageFailure) in
                try connection.run(
                    "DELETE FROM \(SQL.Name(table: Self.after[0])) WHERE \"id\" = \(.identifier(Kinds.id(1)))"
                )
            }
        }
        await database.close()
    }

    private static func expectMigrated(_ database: any Engine) async throws {
        let rows = try await database.read(.scan) { connection throws(StorageFailure) in
            try TransferTable(after[0]).rows(after: nil, atMost: 10, connection)
        }
        let own: [[Value]] = [1, 2].map {
            [.identifier(Kinds.id($0)), .datetime(.earliest), .datetime(.latest), .integer(Int64($0 + 2))]
        }
        #expect(
            rows == [
                own[0] + [
                    .decimal(Decimal(unscaled: 700, scale: 2)), .integer(12), .text("a@b.example"), .null, .list([]),
                    .text("x"),
                ],
                own[1] + [
                    .null, .null, .text("none@example.com"), .identifier(Kinds.id(1)),
                    .list([.identifier(Kinds.id(1))]),
                    .text("x"),
                ],
            ]
        )
    }

    /// A migration that loses its connection at any of its definitions, before or after the server did it, comes to the same
    /// end: it did not happen, or goes on.
    @Test(arguments: EngineUnderTest.servers, [false, true])
    func aMigrationThatIsCutGoesOn(engine: EngineUnderTest, afterPassingItOn: Bool) async throws {
        var number = 0
        while true {
            let place = try TestPlace(engine)
            let direct = try await place.open(Self.before)
            try await Self.fill(direct)
            await direct.close()
            let proxy = try CuttingProxy(to: engine.port)
            let cut = try place.place.through(port: proxy.port).open()
            let plan = try await cut.plan(to: Self.after)
            proxy.cut(at: "ALTER TABLE", number: number, afterPassingItOn: afterPassingItOn)
            let isDone = (try? await cut.apply(plan, allowLoss: true)) != nil
            let wasCut = proxy.cuts > 0
            await cut.close()
            proxy.stop()
            let again = try place.place.open()
            let rest = try await again.plan(to: Self.after)
            #expect(isDone != wasCut, "at \(number)")
            // Where definitions can't be taken back, planning goes on with what was left.
            #expect(rest.isEmpty || rest == plan, "at \(number)")
            if !rest.isEmpty { try await again.apply(rest, allowLoss: true) }
            try await Self.expectMigrated(again)
            #expect(try await again.plan(to: Self.after).isEmpty)
            await again.close()
            guard wasCut else { break }
            number += 1
        }
        #expect(number > 5)
    }

    @Test(arguments: EngineUnderTest.all)
    func whatAnotherProgramChangedIsTold(engine: EngineUnderTest) async throws {
        let place = try TestPlace(engine)
        let database = try await place.open([Kinds.owners])
        try await database.write { connection throws(StorageFailure) in
            try connection.run("ALTER TABLE \(SQL.Name(table: Kinds.owners)) RENAME COLUMN \"label\" TO \"other\"")
        }
        await #expect {
            _ = try await database.plan(to: [Kinds.owners])
        } throws: { error in
            "\(error)".contains("the column owners.label") && "\(error)".contains("another program changed")
        }
        await database.close()
    }
}
