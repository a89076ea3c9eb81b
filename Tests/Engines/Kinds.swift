import EnginesUnderTest
import Foundation
import OffstageSchema
import OffstageStorage

/// A database of a test's own on one engine, gone with the test.
final class TestPlace: Sendable {
    let place: EngineUnderTest.Place
    private let folder: URL

    init(_ engine: EngineUnderTest) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-engine-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        place = try engine.place(in: folder.path)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func open(_ shapes: [TableShape]) async throws -> any Engine { try await place.open(shapes) }
}

/// A table with every kind of column, and the values at the edges of each.
enum Kinds {
    static let table = TableShape(
        name: "things",
        columns: [
            ColumnShape(name: "flag", type: .boolean),
            ColumnShape(name: "count", type: .integer),
            ColumnShape(name: "rate", type: .number),
            ColumnShape(name: "price", type: .decimal(scale: 2), digits: 18),
            ColumnShape(name: "fine", type: .decimal(scale: 18), digits: 18),
            ColumnShape(name: "name", type: .text),
            ColumnShape(name: "state", type: .text, words: ["new", "old"]),
            ColumnShape(name: "mail", type: .email, unique: true),
            ColumnShape(name: "code", type: .text, unique: true),
            ColumnShape(name: "day", type: .date),
            ColumnShape(name: "at", type: .datetime),
            ColumnShape(name: "owner", type: .identifier, reference: "owners"),
            ColumnShape(name: "data", type: .json),
            ColumnShape(name: "tags", type: .list(.text)),
            ColumnShape(name: "marks", type: .list(.integer)),
            ColumnShape(name: "team", type: .list(.identifier), reference: "owners"),
        ],
        indexes: [IndexShape([IndexShape.Key("name"), IndexShape.Key("count", descending: true)])],
        search: ["name", "tags"]
    )
    static let owners = TableShape(
        name: "owners",
        columns: [ColumnShape(name: "label", type: .text, required: true)],
        indexes: []
    )
    static let shapes = [owners, table]

    static func id(_ number: Int) -> Identifier {
        Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    private static let edges: [[Value]] = [
        [.boolean(true), .boolean(false)],
        [.integer(0), .integer(9_007_199_254_740_991), .integer(-9_007_199_254_740_991)],
        [
            .number(0), .number(-0.5), .number(1e308), .number(-1.7976931348623157e308),
            .number(.leastNonzeroMagnitude),
            .number(0.1 + 0.2), .number(9_007_199_254_740_992),
        ],
        decimals(2), decimals(18),
        [
            .text(""), .text(" a "), .text("a"), .text("A"), .text("ä\u{301}é"), .text("日本 😀 👩‍👩‍👧"),
            .text("\\ ' \" % _ \n\t"),
            .text("\u{10ffff}\u{e000}"), .text(String(repeating: "long ", count: 20_000)),
        ],
        [.text("new"), .text("old")],
        [.text("ada@example.com"), .text("Bob@Example.ORG"), .text("ü@ö.example")],
        [.text("x"), .text("X"), .text("x "), .text(String(repeating: "y", count: 2000))],
        ["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29", "1582-10-10"].map {
            CalendarDate($0).map(Value.date) ?? .null
        },
        [
            .datetime(.earliest), .datetime(.latest), .datetime(Timestamp(milliseconds: -1)),
            .datetime(Timestamp(milliseconds: 1)),
        ],
        [.identifier(id(1)), .identifier(id(2))],
        [
            #"{"b":1,"a":3.0,"a10":1e2}"#, "[]", "null", "\"\"", "0.10000000000000000000001", "99999999999999999999999",
            #"{"ü":["\u0001","\\",{"x":null}]}"#, nested,
        ].map { (try? JSONParser.parse($0.utf8)).map(Value.json) ?? .null },
        [.list([]), .list([.text(""), .text("\"a\\"), .text("ß"), .text("%")])],
        [.list([]), .list([.integer(-1), .integer(9_007_199_254_740_991)])],
        [.list([]), .list([.identifier(id(2)), .identifier(id(1)), .identifier(id(2))])],
    ]

    private static let nested = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)

    private static func decimals(_ scale: Int) -> [Value] {
        [0, 1, -1, 999_999_999_999_999_999, -999_999_999_999_999_999].map {
            .decimal(Decimal(unscaled: $0, scale: scale))
        }
    }

    /// Rows in which every edge stands once, and one of nothing.
    static let rows: [[Value]] = {
        let most = edges.map(\.count).max() ?? 0
        let uniques: Set<String> = ["mail", "code"]
        var rows: [[Value]] = (0..<most).map { row in
            zip(table.columns, edges).map { column, values in
                if row < values.count { return values[row] }
                return uniques.contains(column.name) ? .null : values[row % values.count]
            }
        }
        rows.append(table.columns.map(\.emptyValue))
        return rows
    }()

    /// Fills both tables, with links and without a journal, as far as an engine alone goes.
    static func fill(_ engine: any Engine) async throws {
        try await engine.write { connection throws(StorageFailure) in
            for number in 1...2 {
                try connection.run(
                    """
                    INSERT INTO \(SQL.Name(table: owners)) ("id", "created", "updated", "version", "label")
                    VALUES (\(.identifier(id(number))), \(.datetime(.earliest)), \(.datetime(.latest)), \(.integer(1)), \(.text("o")))
                    """
                )
            }
            for (number, row) in rows.enumerated() { try insert(row, as: id(100 + number), connection) }
        }
    }

    static func insert(
        _ row: [Value],
        as id: Identifier,
        _ connection: any Connection
    ) throws(StorageFailure) {
        let own = TransferTable(table)
        try connection.run(
            own.insert(connection.dialect).binding(
                [
                    .identifier(id), .datetime(Timestamp(milliseconds: 0)), .datetime(Timestamp(milliseconds: 1)),
                    .integer(1),
                ] + row
            )
        )
    }

    static func stored(_ engine: any Engine) async throws -> [[Value]] {
        try await engine.read(.scan) { connection throws(StorageFailure) in
            try TransferTable(table).rows(after: nil, atMost: 1000, connection)
        }
    }
}
