import Testing

@testable import OffstageExpressions

@Suite struct CheckingTests {
    @Test(arguments: [
        ("", #"1:1: found the end; expected a value or a name"#),
        ("1 +", #"1:4: found the end; expected a value or a name"#),
        ("seats >", #"1:8: found the end; expected a value or a name"#),
        ("(1", #"1:3: found the end; expected ")""#),
        ("[1, 2", #"1:6: found the end; expected "," or "]""#),
        ("{1: 2", #"1:6: found the end; expected "," or "}""#),
        ("published = true", #"1:11: found "=" (equality is written "=="), which no expression contains here"#),
        ("published & true", #"1:11: found "&" (written twice: "&&"), which no expression contains here"#),
        ("title == 'ab", #"1:10: found a text without its closing quotation mark"#),
        ("title ==\n  'a\\q'", #"2:5: found an unknown escape; expected one of \n \t \\ \" \' \xHH \uHHHH \UHHHHHHHH"#),
        ("true ? 1", #"1:9: found the end; expected ":" and the other value of the condition"#),
        ("1 2", #"1:3: found the number 2; expected an operator or the end"#),
        ("'é' == ü", #"1:8: found "ü", which no expression contains here"#),
        ("18446744073709551616", #"1:1: the number is too large for 64 bits"#),
        ("9223372036854775808", #"1:1: the number is too large for 64 bits"#),
        ("1e400", #"1:1: the number 1e400 is too large"#),
        ("package == 1", #"1:1: found "package", a word that CEL keeps for itself; expected a value or a name"#),
        ("has(1)", #"1:5: "has" takes a field: has(field) or has(value.field)"#),
        (
            "tags.exists(t)",
            #"1:6: "exists" is written list.exists(element, condition) or list.exists(index, element, condition)"#
        ),
        ("tags.exists(1, true)", #"1:13: expected the name of a variable here, such as "e""#),
        ("Money{value: 1}", #"1:6: found "{"; messages do not exist here, only maps: {"key": value}"#),
    ])
    func aTextThatDoesNotParseIsRefusedWithItsPlace(_ text: String, _ message: String) {
        #expect(faults(text) == [message])
    }

    @Test(arguments: [
        ("titel == 'x'", [#"1:1: unknown name "titel"; did you mean "title"?"#]),
        ("course.teachr == user.id", [#"1:8: "course" has no field "teachr"; did you mean "teacher"?"#]),
        ("user.rolle == 'staff'", [#"1:6: "user" has no field "rolle"; did you mean "role"?"#]),
        ("title == 1", [#"1:7: "==" cannot compare string and int"#]),
        ("price == 1.5", [#"1:7: "==" cannot compare decimal and double; write decimal("1.5")"#]),
        ("released > '2026-01-01'", [#"1:10: ">" cannot compare date and string; write date("2026-01-01")"#]),
        (
            "starts < '2026-01-01T00:00:00Z'",
            [#"1:8: "<" cannot compare timestamp and string; write timestamp("2026-01-01T00:00:00Z")"#]
        ),
        ("rating > 3", [#"1:8: ">" cannot compare double and int; write 3.0"#]),
        ("author == course", [#"1:8: "==" cannot compare relation to users and relation to courses"#]),
        ("title.startswith('x')", [#"1:7: unknown method "startswith"; did you mean "startsWith"?"#]),
        ("title.contains(1)", [#"1:7: string.contains(int) does not exist; expected string.contains(string)"#]),
        ("math.max(1, 2)", [#"1:6: unknown function "math.max""#]),
        ("title.matches('(')", [#"1:15: the pattern is refused: it has a group without its end"#]),
        ("released == date('2026-02-30')", [#"1:18: "2026-02-30" is no day; expected 2026-11-22"#]),
        ("price > decimal('abc')", [#"1:17: "abc" is no decimal of at most 18 digits; expected 12.50"#]),
        ("title && published", [#"1:1: expected true or false here, not string"#]),
        ("'a' in seats", [#"1:5: "in" looks into a list or a map, not int"#]),
        ("1 in tags", [#"1:3: "in" cannot compare int with the string inside"#]),
        ("course.teacher.manager.manager.manager.role == 'x'", [#"1:40: this goes through more than 4 relations"#]),
        ("null < 1", [#"1:6: "<" cannot compare null and int"#]),
    ])
    func aTextThatDoesNotFitIsRefusedWithItsPlace(_ text: String, _ messages: [String]) {
        #expect(faults(text) == messages)
    }

    @Test func allFaultsAreToldAtOnceInTheirOrder() {
        let text = "titel == 'x' &&\n  seats == 'many' ||\n  nosuch(1) > user.nosuch"
        #expect(
            faults(text) == [
                #"1:1: unknown name "titel"; did you mean "title"?"#,
                #"2:9: "==" cannot compare int and string"#,
                #"3:3: unknown function "nosuch""#,
                #"3:20: "user" has no field "nosuch""#,
            ]
        )
    }

    @Test func theResultMustBeOfTheExpectedType() {
        #expect(faults("seats + 1", expecting: .bool) == [#"1:7: expected bool as the result, not int"#])
        #expect(faults("seats > 1", expecting: .bool) == [])
        #expect(faults("arg.x", expecting: .bool) == [])
    }

    @Test(arguments: [
        "published || author == user.id",
        "course.teacher == user.id || course.teacher.manager == user.id",
        "course.teacher.manager.manager.role == 'x'",
        "records.enrolments.exists(e, e.student == user.id && e.course == id)",
        "records.enrolments.filter(e, e.student == user.id).size() > 3",
        "price >= decimal('0.10') && price < 100",
        "released <= date(now) && starts > now - duration('24h')",
        "has(course) && has(user.id) && request.ip.startsWith('10.')",
        "details.colour == 'red' && details.sizes[0] > 3",
        "'sale' in tags && tags.size() < 5",
        "arg.from == title",
        "price == null || seats != null",
        "lower(title).contains('x') && title.lower().endsWith('y')",
        "title in ['a', 'b'] ? seats > 1 : rating > 1.0",
    ])
    func rulesOfTheDesignAreAccepted(_ text: String) {
        #expect(faults(text, expecting: .bool) == [])
    }

    @Test func referencesAreWholePathsWithTheirPlaces() throws {
        let text = "course.teacher.role == 'x' && records.enrolments.exists(e, e.student == user.id)"
        let checked = try Checked(text, in: lessonScope)
        #expect(
            checked.references.map { "\($0.position.column) \($0.path.text)" } == [
                "16 course.teacher.role", "39 records.enrolments", "62 e.student", "78 user.id",
            ]
        )
        #expect(checked.references[0].path.nullable)
        #expect(checked.references[0].path.relations == 2)
        #expect(!checked.references[1].path.nullable)
    }
}
