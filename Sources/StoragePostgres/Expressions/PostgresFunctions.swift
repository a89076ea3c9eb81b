import OffstageSchema

/// The functions that every database of Offstage on PostgreSQL has: what would be an error of the statement there, or what
/// PostgreSQL does otherwise than Swift. All give NULL for NULL and for what fails, and raise nothing.
enum PostgresFunctions {
    static let statements: [String] = wholes + decimals + doubles + letters + times + json

    private static func definition(
        _ name: String,
        _ parameters: String,
        _ result: String,
        _ body: String
    ) -> String {
        """
        CREATE OR REPLACE FUNCTION offstage_\(name)(\(parameters)) RETURNS \(result)
        LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $offstage$ \(body) $offstage$
        """
    }

    // MARK: Whole numbers

    private static let isWhole = "BETWEEN -9223372036854775808 AND 9223372036854775807"
    private static let isDecimal = "BETWEEN -999999999999999999 AND 999999999999999999"

    private static let wholes = [
        whole("add", "a::numeric + b"), whole("subtract", "a::numeric - b"), whole("multiply", "a::numeric * b"),
        definition("divide", "a bigint, b bigint", "bigint", "BEGIN \(undivided) RETURN a / b; END"),
        definition("remainder", "a bigint, b bigint", "bigint", "BEGIN \(undivided) RETURN a % b; END"),
        definition(
            "bounded",
            "v bigint, low bigint, high bigint",
            "bigint",
            "BEGIN IF v BETWEEN low AND high THEN RETURN v; END IF; RETURN NULL; END"
        ),
    ]

    /// The one quotient that 64 bits do not hold is that of the least number and −1.
    private static let undivided =
        "IF b = 0 OR b = -1 AND a::numeric = -9223372036854775808 THEN RETURN NULL; END IF;"

    private static func whole(_ name: String, _ value: String) -> String {
        definition(
            name,
            "a bigint, b bigint",
            "bigint",
            "DECLARE r numeric := \(value); BEGIN IF r \(isWhole) THEN RETURN r; END IF; RETURN NULL; END"
        )
    }

    // MARK: Decimals

    /// Both operands at the larger scale.
    private static let aligned = ["a", "b"].map { name in
        "\(name)::numeric * 10::numeric ^ (greatest(scale_a, scale_b) - scale_\(name))::numeric"
    }
    private static let decimalParameters = "a bigint, scale_a bigint, b bigint, scale_b bigint"

    private static let decimals = [
        decimal("decimal_add", "\(aligned[0]) + \(aligned[1])"),
        decimal("decimal_subtract", "\(aligned[0]) - \(aligned[1])"),
        decimal("decimal_multiply", "a::numeric * b"),
        definition(
            "decimal_order",
            decimalParameters,
            "bigint",
            "BEGIN RETURN sign(\(aligned[0]) - \(aligned[1])); END"
        ),
    ]

    private static func decimal(_ name: String, _ value: String) -> String {
        definition(
            name,
            decimalParameters,
            "bigint",
            "DECLARE r numeric := \(value); BEGIN IF r \(isDecimal) THEN RETURN r; END IF; RETURN NULL; END"
        )
    }

    // MARK: Doubles

    /// PostgreSQL raises an error where a result is beyond the range or too small. What is sure to stay inside is worked out
    /// at once; for the rest the error is caught, which takes longer.
    private static let doubles = [
        double(
            "add",
            "a + b",
            isSafe: "abs(a) < 1e300 AND abs(b) < 1e300",
            beyond: "CASE WHEN a > 0 THEN 'Infinity' ELSE '-Infinity' END"
        ),
        double(
            "subtract",
            "a - b",
            isSafe: "abs(a) < 1e300 AND abs(b) < 1e300",
            beyond: "CASE WHEN a > 0 THEN 'Infinity' ELSE '-Infinity' END"
        ),
        double(
            "multiply",
            "a * b",
            isSafe: "abs(a) < 1e150 AND abs(b) < 1e150 AND (a = 0 OR b = 0 OR abs(a) > 1e-150 AND abs(b) > 1e-150)",
            beyond: signed("log(abs(a)) + log(abs(b)) > 0")
        ),
        double(
            "divide",
            "a / b",
            isSafe: "abs(a) < 1e150 AND abs(b) BETWEEN 1e-150 AND 1e150 AND (a = 0 OR abs(a) > 1e-150)",
            beyond: signed("log(abs(a)) - log(abs(b)) > 0")
        ),
        """
        CREATE OR REPLACE FUNCTION offstage_double_next(s double precision, v double precision)
        RETURNS double precision LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $offstage$ BEGIN
        IF v IS NULL THEN RETURN s; END IF; IF s IS NULL THEN RETURN v; END IF;
        RETURN offstage_double_add(s, v); END $offstage$
        """,
        """
        DO $offstage$ BEGIN
        IF to_regprocedure('offstage_double_sum(double precision)') IS NULL THEN
        CREATE AGGREGATE offstage_double_sum(double precision) (sfunc = offstage_double_next, stype = double precision);
        END IF; END $offstage$
        """,
    ]

    private static func signed(_ isLarge: String) -> String {
        "CASE WHEN \(isLarge) THEN CASE WHEN (a > 0) = (b > 0) THEN 'Infinity' ELSE '-Infinity' END "
            + "ELSE CASE WHEN (a > 0) = (b > 0) THEN '0' ELSE '-0' END END"
    }

    private static func double(_ name: String, _ value: String, isSafe: String, beyond: String) -> String {
        definition(
            "double_\(name)",
            "a double precision, b double precision",
            "double precision",
            """
            BEGIN
            IF \(isSafe) THEN RETURN \(value); END IF;
            BEGIN RETURN nullif(\(value), 'NaN');
            EXCEPTION WHEN numeric_value_out_of_range THEN RETURN (\(beyond))::double precision; END;
            END
            """
        )
    }

    // MARK: Letters

    private static let letters = [
        cased("lower", changing: \.lowercaseMapping), cased("upper", changing: \.uppercaseMapping),
    ]

    /// PostgreSQL's own functions go by the locale of the database. Texts of ASCII alone are left to them.
    private static func cased(_ name: String, changing mapping: (Unicode.Scalar.Properties) -> String) -> String {
        var (from, to) = (String.UnicodeScalarView(), String.UnicodeScalarView())
        var longer: [(String, String)] = []
        for value in UInt32(0x41)...0x10ffff {
            guard let letter = Unicode.Scalar(value) else { continue }
            let changed = mapping(letter.properties).unicodeScalars
            guard let first = changed.first, changed.count != 1 || first != letter else { continue }
            if changed.count == 1 {
                from.append(letter)
                to.append(first)
            } else {
                longer.append((String(Character(letter)), String(changed)))
            }
        }
        let replaced = longer.reduce("t") { "replace(\($0), '\($1.0)', '\($1.1)')" }
        return definition(
            name,
            "t text",
            "text",
            """
            BEGIN
            IF octet_length(t) = char_length(t) THEN RETURN \(name)(t COLLATE "C"); END IF;
            IF t ~ '[\(longer.map(\.0).joined())]' THEN t := \(replaced); END IF;
            RETURN translate(t, '\(String(from))', '\(String(to))');
            END
            """
        )
    }

    // MARK: Times

    private static let times = [
        definition(
            "milliseconds",
            "m timestamptz",
            "bigint",
            "BEGIN RETURN (extract(epoch FROM m) * 1000)::bigint; END"
        ),
        definition(
            "moment",
            "ms bigint",
            "timestamptz",
            // make_interval takes seconds as a double, which keeps milliseconds of all years exactly.
            "BEGIN RETURN timestamptz '1970-01-01 00:00:00+00' + ms / 86400000 * interval '24 hours' "
                + "+ ms % 86400000 * interval '1 millisecond'; END"
        ),
    ]

    // MARK: JSON

    private static let json = [
        definition(
            "json_kind",
            "j json, path text[]",
            "text",
            """
            DECLARE v json := CASE WHEN path = '{}' THEN j ELSE j #> path END; t text; BEGIN
            IF v IS NULL THEN RETURN NULL; END IF;
            CASE json_typeof(v)
            WHEN 'string' THEN RETURN 'text';
            WHEN 'boolean' THEN RETURN v #>> '{}';
            WHEN 'number' THEN
            t := v #>> '{}';
            IF t ~ '^-?[0-9]{1,19}$' THEN IF t::numeric \(isWhole) THEN RETURN 'integer'; END IF; END IF;
            RETURN 'real';
            ELSE RETURN json_typeof(v);
            END CASE; END
            """
        ),
        definition(
            "json_text",
            "j json, path text[]",
            "text",
            "BEGIN RETURN CASE WHEN path = '{}' THEN j #>> '{}' ELSE j #>> path END; END"
        ),
        definition(
            "json_whole",
            "j json, path text[]",
            "bigint",
            """
            BEGIN IF offstage_json_kind(j, path) = 'integer' THEN RETURN offstage_json_text(j, path)::bigint; END IF;
            RETURN NULL; END
            """
        ),
        definition(
            "json_double",
            "j json, path text[]",
            "double precision",
            """
            DECLARE n numeric; BEGIN
            IF offstage_json_kind(j, path) NOT IN ('integer', 'real') THEN RETURN NULL; END IF;
            n := offstage_json_text(j, path)::numeric;
            IF abs(n) > 1.7976931348623157e308 THEN
            RETURN (CASE WHEN n > 0 THEN 'Infinity' ELSE '-Infinity' END)::double precision; END IF;
            IF abs(n) < 5e-324 THEN RETURN 0; END IF;
            RETURN n::double precision; END
            """
        ),
    ]
}
