import Testing

@testable import OffstageExpressions

@Suite struct FoldingTests {
    @Test(arguments: [
        ("user.role == 'staff' || author == user.id", "always", "author == 'u2'", "never"),
        (
            "published || author == user.id", "(published || author == 'u1')", "(published || author == 'u2')",
            "published"
        ),
        (
            "!(published && author == user.id)", "(!(published) || author != 'u1')", "(!(published) || author != 'u2')",
            "!(published)"
        ),
        ("has(user.id)", "always", "always", "never"),
        ("!has(user.id)", "never", "never", "always"),
        ("user.role == 'staff' ? seats > 0 : seats > 10", "seats > 0", "seats > 10", "never"),
        ("title.contains(user.role)", "contains(title, 'staff')", "contains(title, 'customer')", "never"),
        ("user.role in ['staff', 'chief'] && published", "published", "never", "never"),
        (
            "records.enrolments.exists(e, e.student == user.id && e.course == id)",
            "records.enrolments.exists(e, (e.student == 'u1' && e.course == id))",
            "records.enrolments.exists(e, (e.student == 'u2' && e.course == id))", "never"
        ),
        (
            "!records.enrolments.all(e, e.student == user.id)", "records.enrolments.exists(e, e.student != 'u1')",
            "records.enrolments.exists(e, e.student != 'u2')", "never"
        ),
        ("seats > 1 + 2 * 3", "seats > 7", "seats > 7", "seats > 7"),
        ("price >= decimal('0.10') + 1", "price >= 1.10", "price >= 1.10", "price >= 1.10"),
        (
            "['a', 'b'].exists(t, t == title)", "('a' == title || 'b' == title)", "('a' == title || 'b' == title)",
            "('a' == title || 'b' == title)"
        ),
        (
            "cel.bind(me, user.id, author == me || course.teacher == me)", "(author == 'u1' || course.teacher == 'u1')",
            "(author == 'u2' || course.teacher == 'u2')", "never"
        ),
    ])
    func aRuleFoldsForEachPrincipal(_ text: String, _ forStaff: String, _ forCustomer: String, _ forVisitor: String)
        throws
    {
        #expect(try decision(text, staff) == forStaff)
        #expect(try decision(text, customer) == forCustomer)
        #expect(try decision(text, visitor) == forVisitor)
    }

    @Test func aFailureThatANegationCannotHideIsKeptAway() throws {
        // Never true: where `published` is true the right side fails, and `false && error` negated is true only without it.
        #expect(try decision("!(published && author == user.id)", visitor) == "!(published)")
        #expect(try decision("!(published || author == user.id)", visitor) == "never")
        #expect(try decision("!(author == user.id)", visitor) == "never")
        #expect(try decision("author != user.id", visitor) == "never")
    }

    @Test func foldingAndEvaluatingAgree() throws {
        let texts = [
            "published || author == user.id", "!(published && author == user.id)",
            "seats > 3 ? published : author == user.id",
            "tags.exists(t, t == user.role || t == 'x')", "!(seats > 3) && (published || seats / 0 > 1)",
        ]
        let rows: [[String: Datum]] = [
            ["published": .bool(true), "author": .string("u1"), "seats": .int(5), "tags": .list([.string("x")])],
            ["published": .bool(false), "author": .string("u2"), "seats": .int(1), "tags": .list([.string("staff")])],
            ["published": .null, "author": .null, "seats": .null, "tags": .list([])],
        ]
        for text in texts {
            let checked = try Checked(text, in: lessonScope)
            for principal in [visitor, customer, staff] {
                let decision = checked.decide(principal)
                for row in rows {
                    let all = Known(principal.values.merging(row) { first, _ in first })
                    let direct = Self.isYes(checked.evaluate(all))
                    let folded =
                        switch decision {
                        case .always: true
                        case .never: false
                        case .when(let term): Self.isYes(term, Known(row))
                        }
                    #expect(direct == folded, "\(text) \(row)")
                }
            }
        }
    }

    private static func isYes(_ result: Result<Datum, EvaluationFailure>) -> Bool {
        if case .success(.bool(true)) = result { true } else { false }
    }

    private static func isYes(_ term: Term, _ known: Known) -> Bool {
        var interpreter = Interpreter(known: known, keepsUnknown: false, stepsAtMost: 10_000)
        if case .value(.bool(true)) = interpreter.run(term) { return true }
        return false
    }
}
