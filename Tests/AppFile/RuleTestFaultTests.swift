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
              maker: {type: relation, to: users}
        accounts:
          fields:
            role: {type: choice, of: [customer, staff], default: customer}
            home: {type: relation, to: shelves}
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
            "8:11: unknown collection \"product\"; expected one of shelves, products, users; did you mean \"products\"?"
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
            "9:14: unknown field \"prise\" of products; expected one of name, price, shelf, near, maker, id; did you mean \"price\"?",
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
            "9:15: unknown field \"pricee\" of products; expected one of name, price, shelf, near, maker; did you mean \"price\"?"
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
            "accounts: {a: {rol: staff, role: boss, home: pantry, id: 7}}\ntests: [{as: a, list: products, shows: []}]",
            "1:16: unknown field \"rol\" of users; expected one of email, name, verified, team, suspended, role, home, id; "
                + "did you mean \"role\"?",
            "1:34: impossible value of role: must be one of: customer, staff",
            "1:46: unknown record \"pantry\" of shelves; none are given",
            "1:58: expected a UUID, found the number 7"
        ),
        Case(
            test("as: {rolle: staff}", "list: products", "shows: []"),
            "8:10: unknown field \"rolle\" of users; expected one of email, name, verified, team, suspended, role, home, id; "
                + "did you mean \"role\"?"
        ),
        Case(
            "given: {users: {a: {role: staff}}}\naccounts: {a: {role: customer}}\n"
                + "tests: [{as: a, list: products, shows: []}]",
            "2:15: \"a\" is a given record of users, so its fields stand there"
        ),
        // Who is not understood is not unknown as well.
        Case(
            "given: {users: {a: {role: boss, nam: A}}}\ntests: [{as: a, list: products, shows: []}]",
            "1:27: impossible value of role: must be one of: customer, staff",
            "1:33: unknown field \"nam\" of users; expected one of email, name, verified, team, suspended, role, home, id; "
                + "did you mean \"name\"?"
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

    /// An account whose name is a given record of `users` is that record, whether the file declares it as well or not.
    @Test(arguments: ["", "accounts: {ben: , anna: {}}\n"])
    func aGivenUserIsAnAccount(accounts: String) throws {
        let file = try Self.load(
            """
            given:
              products: {tea: {name: Tea, maker: anna}}
              users:
                anna: {role: staff, home: pantry, id: 01930000-0000-7000-8000-000000000001}
                ben: {email: ben@shop.example}
                Zoe Q: {}
              shelves: {pantry: {}}
            \(accounts)tests:
              - {as: anna, list: products, shows: []}
              - {as: ben, list: products, shows: []}
            """
        ).get()
        let given = Dictionary(uniqueKeysWithValues: file.records.map { ($0.name, $0) })
        let accounts = file.tests.compactMap { if case .account(let account) = $0.principal { account } else { nil } }
        try #require(accounts.count == 2)
        let (anna, ben) = (accounts[0], accounts[1])
        #expect("\(anna.id)" == "01930000-0000-7000-8000-000000000001" && ben.id == given["ben"]?.id)
        #expect(anna.fields["role"] == .text("staff") && ben.fields["role"] == .text("customer"))
        #expect(anna.fields["home"] == given["pantry"].map { .identifier($0.id) } && ben.fields["home"] == .null)
        // Every account has an address, which few tests are about.
        #expect(anna.fields["email"] == .text("anna@example.org") && ben.fields["email"] == .text("ben@shop.example"))
        let zoe = try #require(given["Zoe Q"])
        let address = zoe.input.members.first { $0.name == "email" }?.content
        guard case .json(.string(let text))? = address else {
            Issue.record("no address")
            return
        }
        #expect(text == "\(zoe.id)@example.org")
        // What points to a user comes after it.
        #expect(file.records.last?.name == "tea")
    }

    @Test(
        arguments: [
            ("{role: staff}", "staff"), ("{role: staff, id: 01930000-0000-7000-8000-000000000001}", "staff"),
            ("role: staff", "staff"), ("{}", "customer"), ("staff", nil), ("{role: staff", nil), ("{id: 1}", nil),
            ("", nil), ("{rolle: staff}", nil), ("{role: boss}", nil), ("{home: pantry}", nil),
        ] as [(String, String?)]
    )
    func anAccountIsItsFields(text: String, role: String?) throws {
        let users = try #require(try Loading.catalog(Self.app).collection("users"))
        guard case .success(let account) = AccountText.read(text, of: users, name: "--as") else {
            #expect(role == nil)
            return
        }
        #expect(role != nil)
        #expect(account.fields["role"] == role.map { .text($0) } && account.fields["verified"] == .boolean(false))
        #expect((account.id == AccountText.standInID) == !text.contains("0193"))
    }
}
