import OffstageAppFile
import Testing

/// Faults of fields, word for word.
@Suite struct FieldFaultTests {
    private static let textKeys =
        "type, min, max, pattern, lines, required, unique, default, label, help, readable, writable, assign, was, many"
    private static let integerKeys =
        "type, min, max, required, unique, default, label, help, readable, writable, assign, was, many"
    private static let types =
        "text, email, url, integer, number, decimal, boolean, date, datetime, choice, relation, json"

    static let shape: [Case] = [
        Case(
            Loading.fields("a: {type: text, requierd: true}"),
            "5:23: unknown key \"requierd\" in a text field; expected one of \(textKeys); did you mean \"required\"?"
        ),
        Case(
            Loading.fields("a: {type: integer, pattern: x}"),
            "5:26: \"pattern\" is an option of text, not of an integer field; expected one of \(integerKeys)"
        ),
        Case(
            Loading.fields("a: txt"),
            "5:10: unknown type \"txt\"; expected one of \(types); did you mean \"text\"?"
        ),
        Case(
            Loading.fields("a: {type: string}"),
            "5:17: unknown type \"string\"; expected one of \(types); did you mean \"text\"?"
        ),
        Case(Loading.fields("a: {type: blob}"), "5:17: unknown type \"blob\"; expected one of \(types)"),
        Case(Loading.fields("a: file"), "5:10: files are not supported yet"),
        Case(Loading.fields("a: {max: 3}"), "5:7: a field needs \"type\", one of \(types)"),
        Case(
            Loading.fields("a:"),
            "5:9: expected a field: a type, such as text, or a mapping with \"type\", found nothing"
        ),
        Case(Loading.fields("a: {type: 5}"), "5:17: expected a type, one of \(types), found the number 5; write \"5\""),
        Case(
            Loading.fields("Unit-Price: text"),
            "5:7: \"Unit-Price\" cannot name a field; expected lower-case letters, digits and _ after a first letter; "
                + "did you mean \"unit_price\"?"
        ),
        Case(
            Loading.fields("größe: text"),
            "5:7: \"größe\" cannot name a field; expected lower-case letters, digits and _ after a first letter"
        ),
        Case(
            Loading.fields(String(repeating: "a", count: 64) + ": text"),
            "5:7: the name \"" + String(repeating: "a", count: 60) + "…\" has 64 bytes; at most 63 are allowed"
        ),
        Case(Loading.fields("version: text"), "5:7: \"version\" is a reserved name; a field needs another"),
        Case(Loading.fields("in: text"), "5:7: \"in\" is a reserved name; a field needs another"),
        Case(Loading.fields("a: text", "b: text", "a: date"), "7:7: key \"a\" is given twice; the first is on line 5"),
        Case(
            Loading.fields("a: {type: text, label: 7, help: \"\"}"),
            "5:30: expected a text, found the number 7; write \"7\"",
            "5:39: expected a text, found an empty one"
        ),
        Case(
            Loading.fields("a: {type: text, required: yes, unique: off}"),
            "5:33: expected true or false, found the text \"yes\"; write true",
            "5:46: expected true or false, found the text \"off\"; write false"
        ),
    ]

    static let options: [Case] = [
        Case(
            Loading.fields("a: {type: text, min: 5, max: 3}"),
            "5:28: \"min\" 5 is above \"max\" 3, so no value would be allowed"
        ),
        Case(
            Loading.fields("a: {type: text, max: 2000000}"),
            "5:28: expected a whole number from 1 to 1000000, found the number 2000000"
        ),
        Case(
            Loading.fields("a: {type: text, pattern: \"ä[a\"}"),
            "5:32: the pattern does not compile: missing terminating ] for character class, after 3 characters"
        ),
        Case(
            Loading.fields("a: {type: text, pattern: [a-z]}"),
            "5:32: expected a pattern, found a list"
        ),
        Case(Loading.fields("a: {type: integer, min: 3.5}"), "5:31: \"min\" must be a whole number"),
        Case(
            Loading.fields("a: {type: integer, max: 9007199254740992}"),
            "5:31: \"max\" must be between -9007199254740991 and 9007199254740991"
        ),
        Case(Loading.fields("a: {type: number, min: .inf}"), "5:30: expected a finite number, found the number .inf"),
        Case(
            Loading.fields("a: {type: number, min: 2, max: 1.5}"),
            "5:30: \"min\" 2.0 is above \"max\" 1.5, so no value would be allowed"
        ),
        Case(
            Loading.fields("a: decimal"),
            "5:7: a decimal field needs \"digits\", such as digits: 10",
            "5:7: a decimal field needs \"scale\", such as scale: 2"
        ),
        Case(
            Loading.fields("a: {type: decimal, digits: 19, scale: 2}"),
            "5:34: expected a whole number from 1 to 18, found the number 19"
        ),
        Case(
            Loading.fields("a: {type: decimal, digits: 4, scale: 5}"),
            "5:44: expected a whole number from 0 to 4, found the number 5"
        ),
        Case(
            Loading.fields("a: {type: decimal, digits: 4, scale: 2, min: 1.234}"),
            "5:52: \"min\" must have at most 2 digits after the point; nothing is rounded"
        ),
        Case(
            Loading.fields("a: {type: decimal, digits: 4, scale: 2, min: 2, max: 1}"),
            "5:52: \"min\" 2.00 is above \"max\" 1.00, so no value would be allowed"
        ),
        Case(
            Loading.fields("a: {type: date, min: 2026-02-30}"),
            "5:28: \"min\" must be a date, such as 2026-11-22"
        ),
        Case(
            Loading.fields("a: {type: datetime, max: \"2026-01-01T00:00:00\"}"),
            "5:32: \"max\" must end with Z or an offset such as +01:00"
        ),
        Case(Loading.fields("a: choice"), "5:7: a choice field needs \"of\", such as of: [draft, published]"),
        Case(Loading.fields("a: {type: choice, of: []}"), "5:29: \"of\" needs at least one word"),
        Case(
            Loading.fields("a: {type: choice, of: [a, \"\", a, 1, true]}"),
            "5:33: expected a word to choose, found an empty one",
            "5:37: \"a\" is in the list twice",
            "5:40: expected a word to choose, found the number 1; write \"1\"",
            "5:43: expected a word to choose, found true; write \"true\""
        ),
        Case(Loading.fields("a: relation"), "5:7: a relation field needs \"to\", such as to: categories"),
        Case(
            Loading.fields("a: {type: relation, to: thing}"),
            "5:31: unknown collection \"thing\"; expected one of things, users; did you mean \"things\"?"
        ),
        Case(
            Loading.fields("a: {type: relation, to: user}"),
            "5:31: unknown collection \"user\"; expected one of things, users; did you mean \"users\"?"
        ),
        Case(
            Loading.fields("a: {type: relation, to: things, on_delete: nullify}"),
            "5:50: expected one of restrict, cascade, clear, found the text \"nullify\""
        ),
        Case(
            Loading.fields("a: {type: relation, to: things, on_delete: clear, required: true}"),
            "5:50: a required field cannot be cleared; expected restrict or cascade, or leave out \"required\""
        ),
        Case(
            Loading.fields("a: {type: text, on_delete: clear}"),
            "5:23: \"on_delete\" is an option of relation, not of a text field; expected one of \(textKeys)"
        ),
        Case(
            Loading.fields("a: {type: date, many: true}"),
            "5:29: a date field cannot be many; only text, choice, integer, relation can"
        ),
        Case(
            Loading.fields("a: {type: text, many: true, unique: true}"),
            "5:43: a list cannot be unique; only single values are compared"
        ),
        Case(
            Loading.fields("a: {type: json, unique: true}"),
            "5:31: a json field cannot be unique; only simple values are compared"
        ),
        Case(
            Loading.fields("a: {type: json, max_bytes: 0}"),
            "5:34: expected a whole number from 1 to 1048576, found the number 0"
        ),
        Case(
            Loading.fields("a: {type: text, was: a}"),
            "5:28: \"was\" is the name that it has now; leave it out"
        ),
        Case(
            Loading.fields("a: {type: text, was: b}", "b: text"),
            "5:28: \"b\" is in the file too, so it cannot be what \"a\" was"
        ),
        Case(
            Loading.fields("a: {type: text, was: z}", "b: {type: text, was: z}"),
            "6:28: \"z\" cannot have become two; another \"was\" above names it already"
        ),
    ]

    static let defaults: [Case] = [
        Case(Loading.fields("a: {type: integer, max: 5, default: 9}"), "5:43: impossible default: must be at most 5"),
        Case(
            Loading.fields("a: {type: text, default: 007}"),
            "5:32: impossible default: must be a string, not a number; write \"007\""
        ),
        Case(
            Loading.fields("a: {type: boolean, default: no}"),
            "5:35: impossible default: must be true or false, not a string; write false"
        ),
        Case(
            Loading.fields("a: {type: choice, of: [new, paid], default: payed}"),
            "5:51: impossible default: must be one of: new, paid"
        ),
        Case(
            Loading.fields("a: {type: text, many: true, default: [x, 5]}"),
            "5:48: impossible default: element 2 must be a string, not a number; write \"5\""
        ),
        Case(
            Loading.fields("a: {type: text, many: true, default: x}"),
            "5:44: impossible default: must be an array, not a string"
        ),
        Case(
            Loading.fields("a: {type: text, required: true, default: \"\"}"),
            "5:48: impossible default: is required"
        ),
        Case(
            Loading.fields("a: {type: text, default: }"),
            "5:32: expected a value, found nothing; leave \"default\" out for none"
        ),
        Case(
            Loading.fields("a: {type: decimal, digits: 5, scale: 2, default: 1.005}"),
            "5:56: impossible default: must have at most 2 digits after the point; nothing is rounded"
        ),
        Case(
            Loading.fields("a: {type: relation, to: things, default: first}"),
            "5:48: impossible default: must be the id of a record of things"
        ),
    ]

    @Test(arguments: shape + options + defaults)
    func aFieldsFaultsArePrintedWithTheirPlace(_ test: Case) {
        #expect(Loading.faults(test.text) == test.faults)
    }

    @Test(arguments: [
        "a: {type: boolean, unique: true}", "a: {type: text, many: true, required: true}",
        "a: {type: date, many: false}", "a: {type: decimal, digits: 18, scale: 18}",
        "a: {type: json, default: {x: [1, 0x10, ~, .5, +3, 007]}}", "a: {type: integer, default: 1e3}",
        "a: {type: datetime, default: 2026-11-22 16:50:00+01:00}", "a: {type: choice, of: [yes, no, on], default: yes}",
        "a: {type: text, default: \"2026\"}", "a: {type: number, default: 5}", "a: date",
        "a: {type: relation, to: users, on_delete: clear, assign: user.id}",
        "a: {type: relation, to: users, many: true}",
    ])
    func whatIsAllowedHasNoFaults(_ field: String) {
        #expect(Loading.faults(Loading.fields(field)) == [])
    }
}
