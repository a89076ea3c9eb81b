import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// Lists sort by the id last. An index that did not go on to it would leave records that are alike in its columns to be
/// sorted anew for each page.
@Suite struct IndexOrderTests {
    private static let shapes = [
        TableShape(
            name: "orders",
            columns: [
                ColumnShape(name: "state", type: .text, required: true),
                ColumnShape(name: "total", type: .decimal(scale: 2), required: true),
            ],
            indexes: [
                IndexShape([IndexShape.Key("state")]),
                IndexShape([IndexShape.Key("state"), IndexShape.Key("created", descending: true)]),
                IndexShape([IndexShape.Key("total", descending: true)]),
            ]
        )
    ]

    @Test(arguments: [
        #"SELECT * FROM "orders" ORDER BY "state", "id" LIMIT 20"#,
        #"SELECT * FROM "orders" ORDER BY "state" DESC, "id" DESC LIMIT 20"#,
        #"SELECT * FROM "orders" ORDER BY "state", "created" DESC, "id" DESC LIMIT 20"#,
        #"SELECT * FROM "orders" ORDER BY "total" DESC, "id" DESC LIMIT 20"#,
        #"SELECT * FROM "orders" WHERE ("total", "id") < (1250, 'x') ORDER BY "total" DESC, "id" DESC LIMIT 20"#,
    ])
    func anIndexGivesTheWholeOrder(query: String) async throws {
        let engine = try await TestDatabase().open(Self.shapes)
        let plan = try await engine.read(.scan) { connection throws(StorageFailure) in
            try connection.all(Statement(text: "EXPLAIN QUERY PLAN " + query)) { $0.text(3) }
        }
        #expect(plan.count == 1)
        #expect(plan.allSatisfy { $0.contains("USING INDEX") && !$0.contains("TEMP B-TREE") }, "\(plan)")
        await engine.close()
    }
}
