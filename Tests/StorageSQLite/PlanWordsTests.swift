import OffstageStorage
import Testing

@testable import OffstageStorageSQLite

/// What SQLite says of a plan, in the words that every engine shares.
@Suite struct PlanWordsTests {
    static let statement = "SELECT \"a\" FROM \"lessons\" WHERE EXISTS (SELECT 1 FROM \"courses\" AS \"_1\")"

    static let cases: [(String, PlanStep.Access)] = [
        ("SCAN lessons", .scan(table: "lessons", index: nil)),
        ("SCAN _1", .scan(table: "courses", index: nil)),
        (
            "SCAN lessons USING INDEX lessons(state, price desc)",
            .scan(table: "lessons", index: "lessons(state, price desc)")
        ),
        ("SCAN lessons USING INDEX sqlite_autoindex_lessons_1", .scan(table: "lessons", index: "primary key")),
        ("SCAN json_each VIRTUAL TABLE INDEX 1:", .other), ("SCAN CONSTANT ROW", .other), ("SCAN (subquery-1)", .other),
        (
            "SEARCH lessons USING INDEX lessons(state, price desc) (state=? AND price<?)",
            .search(table: "lessons", index: "lessons(state, price desc)")
        ),
        (
            "SEARCH _1 USING COVERING INDEX courses(a) unique (a=?)",
            .search(table: "courses", index: "courses(a) unique")
        ),
        ("SEARCH lessons USING INTEGER PRIMARY KEY (rowid=?)", .search(table: "lessons", index: "primary key")),
        ("SEARCH _1 USING AUTOMATIC COVERING INDEX (a=?)", .scan(table: "courses", index: nil)),
        ("USE TEMP B-TREE FOR ORDER BY", .sort), ("USE TEMP B-TREE FOR LAST TERM OF ORDER BY", .other),
        ("MULTI-INDEX OR", .other), ("CORRELATED SCALAR SUBQUERY 1", .other),
    ]

    @Test(arguments: cases)
    func aStepSaysWhatItDoes(text: String, expected: PlanStep.Access) {
        #expect(PlanWords.access(text, in: Self.statement) == expected)
    }
}
