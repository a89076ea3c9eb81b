import OffstageSchema
import Testing

@testable import OffstageExpressions

/// Expressions taken apart, and terms written as text again.
@Suite struct PartTests {
    static let scope = Scope(variables: [
        "a": Scope.Variable(.bool), "b": Scope.Variable(.bool), "c": Scope.Variable(.bool),
        "n": Scope.Variable(.int), "s": Scope.Variable(.string), "l": Scope.Variable(.list(.string)),
        "d": Scope.Variable(.decimal), "user": Scope.Variable(.map(.string, .dyn), nullable: false),
    ])

    /// The parts in one line: `(x & (y | z))`.
    private func shape(_ part: ExpressionPart) -> String {
        switch part.kind {
        case .single: part.text
        case .all(let parts): "(\(parts.map(shape).joined(separator: " & ")))"
        case .any(let parts): "(\(parts.map(shape).joined(separator: " | ")))"
        }
    }

    @Test(arguments: [
        ("a", "a"), ("(a)", "a"), ("a || b && c", "(a | (b & c))"), ("(a || b) && c", "((a | b) & c)"),
        ("a||b||c", "(a | b | c)"), ("!(a && b)", "!(a && b)"), ("a ? b : c && a", "a ? b : c && a"),
        ("((a && b)) || s == \"x || y\"", "((a & b) | s == \"x || y\")"),
        ("l.exists(x, x == s || a) && b", "(l.exists(x, x == s || a) & b)"),
        ("a // one || two\n  || b", "(a // one || two | b)"),
    ])
    func theOutermostOperatorsMakeTheParts(text: String, expected: String) throws {
        #expect(shape(try Checked(text, in: Self.scope, expecting: .bool).parts) == expected)
    }

    @Test func aPartKnowsWhereItStands() throws {
        let parts = try Checked("a ||\n  (b && c)", in: Self.scope, expecting: .bool).parts
        guard case .any(let operands) = parts.kind, case .all(let inner) = operands[1].kind else {
            Issue.record("not taken apart")
            return
        }
        #expect(inner[1].position.line == 2 && inner[1].position.column == 9)
        let place = inner[1].whole(ExpressionPosition(offset: 0, line: 1, column: 1))
        #expect(place.line == 2 && place.column == 9)
    }

    /// What is written reads back as what it was.
    @Test(arguments: [
        "a && (b || c)", "a || b && c", "!(a && b)", "!a", "a ? b : c", "n - (n - 1) == 2", "(n + 1) * 2 == -n",
        "s == \"a \\\"quoted\\\" \\\\ text\\n\"", "s in [\"x\", \"y\"]", "l.exists(x, x == s)", "size(l) == 2",
        "s.startsWith(\"x\") && s.matches(\"^a+$\")", "has(user.role) && user.role == \"staff\"",
        "d > decimal(\"1.50\")",
        "lower(s) == \"x\"", "n == 1 ? a : b ? c : a", "l[0] == s", "{\"k\": n}[\"k\"] == 1", "math.abs(n) == 1",
        "s.substring(1, 2) == \"x\"", "double(n) == 1.5", "l.filter(x, x != s).size() == 0",
    ])
    func textReadsBackAsTheSameTerm(text: String) throws {
        let first = try Checked(text, in: Self.scope, expecting: .bool).tree.text
        let second = try Checked(first, in: Self.scope, expecting: .bool).tree.text
        #expect(first == second)
        #expect(first.filter { $0 != " " && $0 != "(" && $0 != ")" }.count > 0)
    }

    @Test func anOperandKeepsItsBrackets() throws {
        for text in ["a && (b || c)", "!(a && b)", "n - (n - 1) == 2", "(n + 1) * 2 == 4", "(a ? b : c) && a"] {
            #expect(try Checked(text, in: Self.scope, expecting: .bool).tree.text == text)
        }
    }

    @Test func aRefusalIsWhereTheAnswerIsAPlainNo() throws {
        let known = Known(["user": .map(DatumMap([("role", .string("staff"))]))])
        let rule = try Checked("user.role == \"staff\" && a || user.name == \"x\"", in: Self.scope, expecting: .bool)
        // What fails is no plain no, so nothing is left that could be.
        guard case .never = rule.fold(known).refusal else {
            Issue.record("a failure was taken for a no")
            return
        }
        let plain = try Checked("user.role == \"staff\" && a", in: Self.scope, expecting: .bool)
        guard case .when(let term) = plain.fold(known).refusal else {
            Issue.record("no condition")
            return
        }
        #expect(term.text == "!a")
    }
}
