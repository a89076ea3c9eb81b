import OffstageAppFile
import OffstageSchema
import Testing

/// Files of tests: what they mean, and their faults word for word.
@Suite struct RuleTestFaultTests {
    static let app = """
        offstage: 1
        collections:
          shelves:
            fields: {name: text}
            access: {read: true}
          products:
            fields:
              name: {type: text, required: true}
              price: {type: decimal, digits: 6, scale: 2}
              shelf: {type: relation, to: shelves}
              near: {type: relation, to: products, many: true}
        """

    private static func load(_ text: String) throws -> Result<RuleTestFile, AppFileFaults> {
        RuleTestFile.load(bytes: Array(text.utf8), fileName: "t", catalog: try Loading.catalog(app))
    }

    private static func faults(_ text: String) throws -> [String] {
        switch try load(text) {
        case .success: []
        case .failure(let faults): faults.faults.map { String($0.description.dropFirst(2)) }
        }
    }

    /// A file with records and an account, and one test of these lines; the first stands on line 8.
    private static func test(_ lines: String...) -> String {
        """
        given:
          shelves: {pantry: {name: Pantry}}
          products:
            tea: {name: Tea, price: "4.50", shelf: pantry}
        accounts:
          anna: {role: customer}
        tests:

        """ + lines.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element + "\n" }.joined()
    }

    static let cases: [Case] = [
        Case("", "1:1: the file is empty; expected \"given\" and \"tests\""),
        Case("given: {}", "1:1: a file of tests needs \"tests\", such as tests: […]"),
        Case("tests: []", "1:8: expected at least one test"),
        Case(
            "test: []\ntests: [{list: products, shows: []}]",
            "1:1: unknown key \"test\" in a file of tests; expected one of now, given, accounts, tests; did you mean \"tests\"?"
        ),
        Case(
            test("list: product", "shows: []"),
            "8:11: unknown collection \"product\"; expected one of shelves, products; did you mean \"products\"?"
        ),
        Case(
            test("list: products", "shows: [tee]"),
            "9:13: unknown record \"tee\" of products; expected tea; did you mean \"tea\"?"
        ),
        Case(
            test("as: ana", "list: products", "shows: []"),
            "8:9: unknown account \"ana\"; expected one of visitor, team, anna; did you mean \"anna\"?"
        ),
        Case(
            test("read: products/tae", "alowed: true"),
            "8:5: a test needs what should come of it, such as allowed: true or denied: true",
            "8:11: unknown record \"tae\" of products; expected tea; did you mean \"tea\"?",
            "9:5: unknown key \"alowed\" in a test; expected one of name, as, list, read, create, update, delete, values, "
                + "filter, sort, shows, hides, allowed, denied, invalid, conflict; did you mean \"allowed\"?"
        ),
        Case(
            test("read: products", "allowed: true"),
            "8:11: expected a record, such as products/tea, found the text \"products\""
        ),
        Case(test("list: products/tea", "shows: []"), "8:11: expected a collection, not one of its records"),
        Case(
            test("update: products/tea", "values: {prise: \"1\", shelf: pantri}", "denied: true"),
            "9:14: unknown field \"prise\" of products; expected one of name, price, shelf, near, id; did you mean \"price\"?",
            "9:33: unknown record \"pantri\" of shelves; expected pantry; did you mean \"pantry\"?"
        ),
        Case(
            test("list: products", "read: products/tea", "shows: []"),
            "9:5: a test has one of list, read, create, update, delete, not list and read"
        ),
        Case(
            test("list: products", "shows: []", "denied: true"),
            "10:5: a test has one of shows, hides, allowed, denied, invalid, conflict, not shows and denied"
        ),
        Case(test("list: products", "denied: false"), "9:13: expected true, found false; write allowed: true"),
        Case(
            test("read: products/tea", "filter: price > 1", "allowed: true"),
            "9:5: \"filter\" goes with list, not with read"
        ),
        Case(test("list: products", "hides: [price]"), "9:5: \"hides\" goes with read, not with list"),
        Case(
            test("create: products", "invalid: [pricee]"),
            "9:15: unknown field \"pricee\" of products; expected one of name, price, shelf, near; did you mean \"price\"?"
        ),
        Case(
            "now: yesterday\ngiven:\n  products:\n    tea: {name: Tea, price: much}\naccounts: {team: {}}\ntests: [{list: products, shows: []}]",
            "1:6: expected a moment, found the text \"yesterday\"; write it as 2026-11-22T16:50:00Z",
            "4:29: impossible value of price: must be a decimal, such as 12.55",
            "5:12: \"team\" is there without being declared; an account needs another name"
        ),
        Case(
            "given:\n  products:\n    a: {name: A, near: [b]}\n    b: {name: B, near: [a]}\ntests: [{list: products, shows: []}]",
            "3:5: the records point to each other in a circle; leave one of the relations out"
        ),
        Case(
            "tests: [{list: products, shows: [}]",
            "1:34: not YAML: did not find expected node content while parsing a flow node"
        ),
    ]

    @Test(arguments: cases)
    func everyFaultHasItsPlaceAndTheNearestName(_ test: Case) throws {
        #expect(try Self.faults(test.text) == test.faults)
    }

    @Test func namesStandForIdsAndRecordsComeAfterWhatTheyPointTo() throws {
        let file = try Self.load(
            """
            now: 2026-11-22T10:00:00Z
            given:
              products:
                jam: {name: Jam, near: [tea], shelf: pantry}
                tea: {name: Tea, id: 01930000-0000-7000-8000-000000000001}
              shelves:
                pantry:
            tests:
              - read: products/tea
                allowed: true
            """
        ).get()
        #expect(file.records.map(\.name) == ["tea", "pantry", "jam"])
        #expect(file.now?.description == "2026-11-22T10:00:00.000Z")
        #expect(file.tests.map(\.name) == ["visitor: read products/tea"])
        guard case .read(_, let id) = file.tests[0].request else {
            Issue.record("no read")
            return
        }
        #expect("\(id)" == "01930000-0000-7000-8000-000000000001")
    }

    @Test(
        arguments: [
            ("{role: staff}", "staff"), ("{role: staff, id: 01930000-0000-7000-8000-000000000001}", "staff"),
            ("role: staff", "staff"), ("{}", ""), ("staff", nil), ("{role: staff", nil), ("{id: 1}", nil), ("", nil),
        ] as [(String, String?)]
    )
    func anAccountIsItsFields(text: String, role: String?) {
        guard case .success(let account) = AccountText.read(text, name: "--as") else {
            #expect(role == nil)
            return
        }
        #expect(role != nil)
        #expect(account.fields["role"] == (role == "" ? nil : .text(role ?? "")))
        #expect((account.id == AccountText.standInID) == !text.contains("0193"))
    }
}
