import Testing

/// Faults of expressions, each at its place in the file.
@Suite struct ExpressionFaultTests {
    private static let start =
        "offstage: 1\ncollections:\n  things:\n    fields: {name: text, count: integer, up: {type: relation, to: things}}\n"

    @Test(arguments: [
        Case(start + "    access: {read: nam == user.id}\n", "5:20: unknown name \"nam\"; did you mean \"name\"?"),
        Case(
            start + "    access: {read: true, update: 'new.nme == \"x\"'}\n",
            "5:39: \"new\" has no field \"nme\"; did you mean \"name\"?"
        ),
        Case(
            start + "    access: {read: 'name == ''x'' && cont > 1'}\n",
            "5:38: unknown name \"cont\"; did you mean \"count\"?"
        ),
        Case(
            start + "    access: {read: \"name == \\\"x\\\" && cont > 1\"}\n",
            "5:38: unknown name \"cont\"; did you mean \"count\"?"
        ),
        Case(
            start + "    access:\n      read: |\n        name == \"x\" &&\n        cont > 1\n",
            "8:1: unknown name \"cont\"; did you mean \"count\"?"
        ),
        Case(start + "    access: {read: new.name == name}\n", "5:20: unknown name \"new\"; did you mean \"now\"?"),
        Case(start + "    access: {read: name == }\n", "5:27: found the end; expected a value or a name"),
        Case(start + "    access: {read: count}\n", "5:20: expected bool as the result, not int"),
        Case(
            start + "    access: {read: 'records.thing.exists(t, true)'}\n",
            "5:29: \"records\" has no field \"thing\"; did you mean \"things\"?"
        ),
        Case(
            start + "    access: {read: up.up.up.up.up.up == null}\n",
            "5:35: this goes through more than 4 relations"
        ),
        Case(
            start + "    access: {read: name.trim() == \"\"}\n",
            "5:25: \"trim\" of what the record holds cannot be asked of the database here"
        ),
        Case(start + "    checks: [{that: count > name, message: No}]\n", "5:27: \">\" cannot compare int and string"),
        Case(
            "offstage: 1\ncollections: {a: {fields: {b: {type: text, readable: c, writable: d == 1, assign: e}}}}\n",
            "2:54: unknown name \"c\"; did you mean \"b\"?",
            "2:67: unknown name \"d\"; did you mean \"b\"?",
            "2:83: unknown name \"e\"; did you mean \"b\"?"
        ),
        Case(
            "offstage: 1\ncollections: {a: {fields: {b: {type: integer, assign: user}}}}\n",
            "2:55: expected int as the result, not user"
        ),
        // A field that could not be read is not unknown as well.
        Case(
            "offstage: 1\ncollections: {a: {fields: {b: txt}, access: {read: b == 1}}}\n",
            "2:31: unknown type \"txt\"; expected one of text, email, url, integer, number, decimal, boolean, date, datetime, choice, "
                + "relation, json; did you mean \"text\"?"
        ),
    ])
    func faultsOfExpressionsHaveTheirPlaceInTheFile(_ test: Case) {
        #expect(Loading.faults(test.text) == test.faults)
    }
}
