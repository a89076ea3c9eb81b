import OffstageSchema
import Testing

@Suite struct FieldTests {
    private let text = FieldKind.text(TextKind(max: 5))

    private func fault(_ field: Field, _ content: Input.Content) -> Fault? {
        do throws(Fault) {
            _ = try field.read(content)
            return nil
        } catch {
            return error
        }
    }

    @Test func aListReadsItsElementsAndNamesTheBadOne() throws {
        let field = Field("tags", text, many: true)
        #expect(try field.read(.json(.array([.string("a"), .string("")]))) == .list([.text("a"), .text("")]))
        #expect(try field.read(.json(.null)) == .list([]))
        #expect(try field.read(.texts(["a", "", "b"])) == .list([.text("a"), .text("b")]))
        #expect(try field.read(.texts([])) == .list([]))
        #expect(fault(field, .json(.string("a"))) == Fault("", .type, "must be an array, not a string"))
        #expect(fault(field, .json(.array([.string("a"), .null]))) == Fault("/1", .type, "must not be null"))
        #expect(fault(field, .texts(["a", "abcdef"])) == Fault("/1", .max, "must have at most 5 characters, not 6"))
        #expect(try field.read(.texts(Array(repeating: "a", count: 1000))) != .list([]))
        #expect(
            fault(field, .texts(Array(repeating: "a", count: 1001)))
                == Fault("", .max, "must have at most 1000 elements, not 1001")
        )
    }

    @Test func aRequiredFieldIsNotEmpty() throws {
        let required = Fault("", .required, "is required")
        for content in [Input.Content.json(.null), .json(.string("")), .texts([]), .texts([""])] {
            #expect(fault(Field("name", text, required: true), content) == required)
        }
        for content in [Input.Content.json(.null), .json(.array([])), .texts([]), .texts([""])] {
            #expect(fault(Field("tags", text, required: true, many: true), content) == required)
        }
        #expect(fault(Field("on", .boolean(BooleanKind()), required: true), .json(.boolean(false))) == nil)
        #expect(fault(Field("n", .integer(IntegerKind()), required: true), .texts(["0"])) == nil)
    }

    @Test func aSingleFieldTakesOneText() throws {
        #expect(
            fault(Field("name", text), .texts(["a", "b"])) == Fault("", .duplicate, "must be given once, not 2 times")
        )
        #expect(try Field("name", text).read(.texts(["", "b"])) == .text("b"))
        // A check box sends its value behind the hidden one that says false.
        #expect(try Field("on", .boolean(BooleanKind())).read(.texts(["false", "true"])) == .boolean(true))
    }

    @Test func faultsPointToTheirPlace() {
        #expect(Fault("/2", .type, "x").under("tags").pointer == "/tags/2")
        #expect(Fault("", .type, "x").under("a/b~c").pointer == "/a~1b~0c")
    }

    @Test(arguments: [("unit_price", "Unit price"), ("a", "A"), ("élan", "Élan"), ("", "")])
    func labelsComeFromNames(name: String, label: String) {
        #expect(Field(name, text).label == label)
    }

    @Test func anObjectIsInputAndNothingElse() throws {
        #expect(Input(json: .array([])) == nil)
        #expect(Input(json: .object([.init("b", .null), .init("a", .null)]))?.members.map(\.name) == ["b", "a"])
    }
}
