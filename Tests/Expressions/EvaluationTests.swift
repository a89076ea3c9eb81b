import Testing

@testable import OffstageExpressions

@Suite struct EvaluationTests {
    @Test(arguments: [
        ("1 / 0 == 1 || true", "true"),
        ("true || 1 / 0 == 1", "true"),
        ("false && nosuch", "false"),
        ("nosuch && false", "false"),
        ("nosuch && true", "error: unknown name: nosuch"),
        ("nosuch || false", "error: unknown name: nosuch"),
        ("1 || true", "true"),
        ("1 && true", "error: int in a condition does not exist for these values"),
        ("[1, 0].exists(n, 1 / n == 1)", "true"),
        ("[0, 1].exists(n, 1 / n == 1)", "true"),
        ("[0, 2].exists(n, 1 / n == 1)", "error: division by zero"),
        ("[0, 2].all(n, 1 / n == 1)", "false"),
        ("true ? 1 : nosuch", "1"),
        ("nosuch ? 1 : 2", "error: unknown name: nosuch"),
        ("cel.bind(x, 1 / 0, true)", "true"),
        ("cel.bind(x, 1 / 0, x == 1)", "error: division by zero"),
        ("cel.bind(x, 2, cel.bind(x, x + 1, x * 10) + x)", "32"),
    ])
    func failuresAreAbsorbedAsCELSays(_ text: String, _ expected: String) {
        #expect(outcome(text) == expected)
    }

    @Test(arguments: [
        ("decimal('0.10') == decimal('0.1')", "true"),
        ("decimal('0.1') + decimal('0.2') == decimal('0.3')", "true"),
        ("decimal('1.50') - 2", "-0.50"),
        ("3 * decimal('0.10')", "0.30"),
        ("-decimal('0.05')", "-0.05"),
        ("decimal('10') > 9 && 11 > decimal('10.99')", "true"),
        ("decimal('1') == 1", "true"),
        ("decimal('1') == dyn(1.0)", "false"),
        ("decimal('1') < dyn(1.5)", "error: decimal < double does not exist for these values"),
        ("decimal('1') + dyn(1.5)", "error: decimal + double does not exist for these values"),
        ("decimal('999999999999999999') + 1", "error: the result is too large"),
        ("decimal('0.000000000000000001') + decimal('1')", "error: the result is too large"),
        (
            "decimal('9999999999999999999')",
            "error: \"9999999999999999999\" is no decimal of at most 18 digits; expected 12.50"
        ),
        ("decimal('1e5')", "error: \"1e5\" is no decimal of at most 18 digits; expected 12.50"),
        ("string(decimal('12.50'))", "'12.50'"),
        ("decimal('2') * decimal('2')", "error: decimal * decimal does not exist for these values"),
        ("type(decimal('2')) == decimal", "true"),
    ])
    func decimalsAreExact(_ text: String, _ expected: String) {
        #expect(outcome(text) == expected)
    }

    @Test(arguments: [
        ("date('2026-11-22') < date('2026-11-23')", "true"),
        ("date('2024-02-29')", "2024-02-29"),
        ("date('2023-02-29')", "error: \"2023-02-29\" is no day; expected 2026-11-22"),
        ("date(timestamp('1969-12-31T23:59:59.5Z'))", "1969-12-31"),
        ("string(date('0001-01-01'))", "'0001-01-01'"),
        ("date('2026-11-22') == dyn('2026-11-22')", "false"),
        ("timestamp('2026-11-22T16:50:00+01:00') == timestamp('2026-11-22T15:50:00Z')", "true"),
        (
            "timestamp('2026-11-22T16:50:00')",
            "error: \"2026-11-22T16:50:00\" is no moment; expected 2026-11-22T16:50:00Z"
        ),
        ("timestamp('1969-12-31T23:59:59.25Z').getMilliseconds()", "250"),
        ("timestamp('2026-01-01T00:30:00Z').getFullYear('-01:00')", "2025"),
        ("timestamp('2026-01-01T00:30:00Z').getHours('Mars/Base')", "error: unknown time zone \"Mars/Base\""),
        ("duration('1h30m') + duration('1.5s')", "5401.5s"),
        ("duration('-1.234s').getMilliseconds()", "-234"),
        ("duration('1x')", "error: \"1x\" is no duration within 292 years; expected 1h30m or 90s"),
        ("duration('')", "error: \"\" is no duration within 292 years; expected 1h30m or 90s"),
    ])
    func datesAndTimesAreRead(_ text: String, _ expected: String) {
        #expect(outcome(text) == expected)
    }

    @Test(arguments: [
        ("price == null", "true"),
        ("price < decimal('1')", "error: null_type < decimal does not exist for these values"),
        ("price != decimal('1')", "true"),
        ("has(price)", "false"),
        ("has(title)", "true"),
        ("has(course.teacher)", "false"),
        ("has(user.id)", "false"),
        ("user.id == 'x'", "error: no such field: id"),
        ("!(user.id == 'x')", "error: no such field: id"),
        ("has(details.colour)", "true"),
        ("has(details.nothing)", "true"),
        ("has(details.weight)", "false"),
        ("has(details.weight.unit)", "error: no such field: weight"),
        ("author.role", "'editor'"),
        ("author == 'u7' && author.manager.role == 'chief'", "true"),
    ])
    func fieldsWithoutAValueAreNull(_ text: String, _ expected: String) {
        let details = DatumMap([("colour", .string("red")), ("nothing", .null)])
        let values: [String: Datum] = [
            "price": .null, "title": .string("T"), "course": .null, "user": .map(DatumMap()), "details": .map(details),
            "author": .string("u7"),
        ]
        let known = Known(values) { collection, id in
            collection == "users" && id == "u7"
                ? DatumMap([("role", .string("editor")), ("manager", .string("u8"))])
                : id == "u8" ? DatumMap([("role", .string("chief"))]) : nil
        }
        // Against the scope, so that paths know what they go through.
        let checked = Result { try Checked(text, in: lessonScope) }
        switch checked.map({ $0.evaluate(known) }) {
        case .success(.success(let value)): #expect(Outline.of(value) == expected)
        case .success(.failure(let failure)): #expect("error: \(failure.reason)" == expected)
        case .failure(let refusal): Issue.record("\(refusal)")
        }
    }

    @Test(arguments: [
        ("'e\\u0301' == '\\u00e9'", "false"),
        ("{'e\\u0301': 1, '\\u00e9': 2}.size()", "2"),
        ("'\\u00e9' in {'e\\u0301': 1}", "false"),
        ("size('e\\u0301')", "2"),
        ("'\\U0001F468\\u200D\\U0001F469'.reverse()", "'\u{1F469}\u{200D}\u{1F468}'"),
        ("'abc'.split('')", "['a', 'b', 'c']"),
        ("'a,b,c'.split(',', 2)", "['a', 'b,c']"),
        ("'a,b'.split(',', 0)", "[]"),
        ("'abc'.replace('', '-')", "'-a-b-c-'"),
        ("'%.2f|%e|%d|%s'.format([0.005, 0.0, 3, 1e21])", "'0.01|0.000000e+00|3|1000000000000000000000'"),
        ("'%.0f %.0f %.0f %.1f'.format([0.5, 1.5, 0.6, 99.99])", "'0 2 1 100.0'"),
        ("'%.3e'.format([9999.99])", "'1.000e+04'"),
        ("'%x %X %o %b'.format([-255, 255u, 8, true])", "'-ff FF 10 1'"),
        ("'%s'.format([b'a\\xff\\xfeb'])", "'a\u{fffd}b'"),
        ("string(1e21) + ' ' + string(0.00001) + ' ' + string(100.0)", "'1e+21 1e-05 100'"),
        ("base64.encode(b'hello')", "'aGVsbG8='"),
        ("base64.decode('aGVsbG8')", "[104, 101, 108, 108, 111]"),
        ("base64.decode('a')", "error: the text is no base64"),
        ("strings.quote('a\\n\"')", "'\"a\\n\\\"\"'"),
        ("lower('ÄÖ') + 'x'.upper()", "'äöX'"),
        ("math.greatest([])", "error: math.greatest of nothing"),
        ("math.abs(-9223372036854775808)", "error: the result is too large"),
        ("math.sqrt(9) + math.round(2.5)", "6.0"),
        ("-9223372036854775808 % -1", "error: the result is too large"),
        ("int('9223372036854775808')", "error: \"9223372036854775808\" is no integer"),
        ("[1, 2][9223372036854775807]", "error: no such index"),
        ("[1, 2][-1]", "error: no such index"),
        ("[1, 2].transformMap(i, v, v * 10)", "{0: 10, 1: 20}"),
        ("{'a': 1}.transformMapEntry(k, v, {v: k})", "{1: 'a'}"),
        ("{'a': 1, 'b': 1}.transformMapEntry(k, v, {v: k})", "error: the same key twice"),
        ("[1, 2, 3].map(n, n > 1, n * n)", "[4, 9]"),
    ])
    func functionsDoWhatTheirExtensionsSay(_ text: String, _ expected: String) {
        #expect(outcome(text) == expected)
    }
}
