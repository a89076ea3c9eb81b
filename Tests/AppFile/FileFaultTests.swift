import OffstageAppFile
import Testing

/// Faults of the file as a whole and of collections, word for word.
@Suite struct FileFaultTests {
    static let file: [Case] = [
        Case("", "1:1: the file is empty; expected \"offstage: 1\" and what the app keeps"),
        Case("# nothing\n", "1:1: the file is empty; expected \"offstage: 1\" and what the app keeps"),
        Case("---\n~\n", "1:1: the file is empty; expected \"offstage: 1\" and what the app keeps"),
        Case("- a\n", "1:1: expected a mapping that starts with \"offstage: 1\", found a list"),
        Case("offstage\n", "1:1: expected a mapping that starts with \"offstage: 1\", found the text \"offstage\""),
        Case("name: x\n", "1:1: the file needs \"offstage\", such as offstage: 1"),
        Case("offstage: 2\nx: 1\n", "1:11: this program reads version 1 of the file's format, not 2"),
        Case("offstage: \"1\"\n", "1:11: expected the version of the file's format, 1, found the text \"1\""),
        Case(
            "offstage: 1\ncolections: {}\n",
            "2:1: unknown key \"colections\" in the file; expected one of offstage, name, url, origins, collections, "
                + "accounts, forms; did you mean \"collections\"?"
        ),
        Case(
            "offstage: 1\nurl: ftp://x\n",
            "2:6: expected the app's address, such as https://shop.example, found the text \"ftp://x\""
        ),
        Case("offstage: 1\nurl: https://x/?a\n", "2:6: the app's address may not have a query or a fragment"),
        Case(
            "offstage: 1\norigins: [https://a.example/, \"*\", null, https://b.example, https://B.example:443]\n",
            "2:11: expected an origin, scheme://host or scheme://host:port, found the text \"https://a.example/\"; "
                + "write https://a.example",
            "2:31: expected an origin, scheme://host or scheme://host:port, found the text \"*\"",
            "2:36: expected an origin, scheme://host or scheme://host:port, found nothing",
            "2:61: \"https://b.example\" is in the list twice"
        ),
        Case(
            "offstage: 1\ncollections: [a]\n",
            "2:14: expected a mapping of collection names to collections, found a list"
        ),
    ]

    private static let start =
        "offstage: 1\ncollections:\n  things:\n    fields: {name: text, tags: {type: text, many: true}, "
        + "more: json, price: integer}\n"

    static let collections: [Case] = [
        Case(
            "offstage: 1\ncollections: {users: {fields: {a: text}}}\n",
            "2:15: \"users\" is a reserved name; a collection needs another"
        ),
        Case(
            "offstage: 1\ncollections: {changes: {fields: {a: text}}}\n",
            "2:15: \"changes\" is a reserved name; a collection needs another"
        ),
        Case(
            "offstage: 1\ncollections: {_a: {fields: {a: text}}}\n",
            "2:15: \"_a\" cannot name a collection; expected lower-case letters, digits and _ after a first letter; "
                + "did you mean \"a\"?"
        ),
        Case(
            "offstage: 1\ncollections: {a: {}}\n",
            "2:15: a collection needs \"fields\", such as fields: {title: text}"
        ),
        Case("offstage: 1\ncollections: {a: {fields: {}}}\n", "2:27: a collection needs at least one field"),
        Case(
            "offstage: 1\ncollections: {a: text}\n",
            "2:18: expected a collection: a mapping with \"fields\", found the text \"text\""
        ),
        Case(
            start + "    display: nam\n",
            "5:14: unknown field \"nam\"; expected one of name, tags, more, price; did you mean \"name\"?"
        ),
        Case(
            start + "    display: created\n",
            "5:14: unknown field \"created\"; expected one of name, tags, more, price"
        ),
        Case(start + "    display: more\n", "5:14: \"more\" is json, which cannot name a record"),
        Case(start + "    display: tags\n", "5:14: \"tags\" is a list, which cannot name a record"),
        Case(start + "    was: things\n", "5:10: \"was\" is the name that it has now; leave it out"),
        Case(
            start + "    indexes: [[nane], [price, -price], name, [], [tags], [more], [id], [id]]\n",
            "5:16: unknown field \"nane\" in an index; expected one of name, tags, more, price, id, created, updated, "
                + "version; did you mean \"name\"?",
            "5:31: \"price\" is in the index twice",
            "5:40: expected a list of field names, such as [category, -price], found the text \"name\"",
            "5:46: an index needs 1 to 16 fields, not 0",
            "5:51: \"tags\" is a list, which cannot be in an index",
            "5:59: \"more\" is json, which cannot be in an index",
            "5:72: the same index is in the list twice"
        ),
        Case(
            start + "    access: {raed: true, list: true, read: yes, update: user.id, delete: }\n",
            "5:14: unknown verb \"raed\"; expected one of read, create, update, delete; did you mean \"read\"?",
            "5:26: unknown verb \"list\"; expected one of read, create, update, delete; did you mean \"read\"?",
            "5:44: expected true, false or an expression, found the text \"yes\"; write true",
            "5:62: expected bool as the result, not string",
            "5:74: expected true, false or an expression, found nothing"
        ),
        Case(
            start + "    access:\n      read: !open\n      update: !open == name\n",
            "6:13: \"!open\" is a YAML tag, which has no meaning here; put a text that starts with ! in quotes",
            "6:13: expected true, false or an expression, found an empty text",
            "7:15: \"!open\" is a YAML tag, which has no meaning here; put a text that starts with ! in quotes",
            "7:15: found \"==\"; expected a value or a name"
        ),
        Case(
            start + "    checks: [{that: price > 0, mesage: x, field: prise}]\n",
            "5:14: a check needs \"message\", such as message: The total is negative",
            "5:32: unknown key \"mesage\" in a check; expected one of that, message, field; did you mean \"message\"?",
            "5:50: unknown field \"prise\"; expected one of name, tags, more, price; did you mean \"price\"?"
        ),
        Case(
            start + "    search: [name, price, nane]\n",
            "5:20: search looks into text fields; \"price\" is integer",
            "5:27: unknown field \"nane\"; expected one of name, tags, more, price; did you mean \"name\"?"
        ),
        Case(start + "    search: [name, tags, name]\n", "5:26: \"name\" is in the search twice"),
        Case(start + "    search: []\n", "5:13: a search needs 1 to 16 fields, not 0"),
        Case(
            start + "    search: name\n",
            "5:13: expected a list of field names, such as [name, sku], found the text \"name\""
        ),
    ]

    @Test(arguments: file + collections)
    func faultsArePrintedWithTheirPlace(_ test: Case) {
        #expect(Loading.faults(test.text) == test.faults)
    }

    @Test(arguments: [
        "offstage: 1", "offstage: 1\ncollections:\nforms:\n", "offstage: 1\ncollections: {}\nname: An app of files\n",
        "offstage: 1\ncollections: {a: {access: , fields: {b: text}}}\n",
    ])
    func aFileMayHaveNoCollections(_ text: String) {
        #expect(Loading.faults(text) == [])
    }

    @Test func allFaultsAreToldAtOnceInTheOrderOfTheFile() {
        let text = """
            offstage: 1
            forms:
              contact: {into: mesages, fields: [a]}
            collections:
              messages:
                display: nme
                fields:
                  name: {type: text, max: many}
                  name2: {type: tekst}
            """
        let places = Loading.faults(text).map { $0.prefix { $0 != " " } }
        #expect(places == ["3:19:", "6:14:", "8:31:", "9:21:"])
    }

    @Test func aFieldThatCouldNotBeReadIsNotUnknownAsWell() {
        let text =
            Loading.fields("a: tekst") + "    display: a\n    indexes: [[a]]\nforms: {f: {into: things, fields: [a]}}\n"
        #expect(Loading.faults(text).count == 1)
    }

    @Test func afterAThousandFaultsTheRestIsCounted() {
        let faults = Loading.faults("offstage: 1\n" + (0..<1500).map { "k\($0): 1\n" }.joined())
        #expect(faults.count == 1001)
        #expect(faults.last == "1001:1: there are 500 more faults, not shown")
    }

    @Test func theFileNameIsPrinted() {
        guard case .failure(let faults) = AppFile.load(text: "") else {
            Issue.record("an empty file was read")
            return
        }
        #expect(faults.description.hasPrefix("offstage.yaml:1:1: "))
    }
}
