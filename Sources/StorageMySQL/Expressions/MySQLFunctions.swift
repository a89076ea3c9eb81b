/// The stored functions that every database of Offstage on MySQL and MariaDB has: what would be an error of the statement
/// there, or what the servers do otherwise than Swift.
///
/// All give NULL for NULL and for what fails, and raise nothing. They are made with the session's `sql_mode`, which a server
/// keeps with each: texts in them are in single quotes and know no backslash.
enum MySQLFunctions {
    /// Stands in the comment of each function. Goes up with every change, so that databases get the new ones.
    static let version = 1

    /// What makes all of them anew, in order.
    ///
    /// - Parameter collation: the one of the texts, by code points and without padding: `utf8mb4_nopad_bin` of MariaDB or
    ///   `utf8mb4_0900_bin` of MySQL. It tells which of the two servers it is.
    static func statements(collation: String) -> [String] {
        let text = "LONGTEXT CHARACTER SET utf8mb4 COLLATE \(collation)"
        let isMariaDB = collation != mySQLCollation
        let all =
            wholes + decimals + doubles + times + MySQLLetters.functions(text: text, collation: collation)
            + [matching(text: text)] + (isMariaDB ? jsonOfMariaDB(text: text) : jsonOfMySQL(text: text))
        return all.flatMap { $0.statements }
    }

    static let mySQLCollation = "utf8mb4_0900_bin"

    /// One function.
    struct Definition {
        /// Without the prefix that all have.
        let name: String
        let parameters: String
        let result: String
        /// One statement: RETURN or a block.
        let body: String

        var statements: [String] {
            [
                "DROP FUNCTION IF EXISTS offstage_\(name)",
                """
                CREATE FUNCTION offstage_\(name)(\(parameters)) RETURNS \(result)
                DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'Offstage \(MySQLFunctions.version)'
                \(body)
                """,
            ]
        }
    }

    // MARK: Whole numbers

    private static let least = "(-9223372036854775807 - 1)"
    private static let most = "9223372036854775807"

    private static let wholes = [
        whole(
            "add",
            "IF(b >= 0, IF(a > \(most) - b, NULL, a + b), IF(a < \(least) - b, NULL, a + b))"
        ),
        whole(
            "subtract",
            "IF(b >= 0, IF(a < \(least) + b, NULL, a - b), IF(a > \(most) + b, NULL, a - b))"
        ),
        whole(
            "multiply",
            "IF(CAST(a AS DECIMAL(20, 0)) * b BETWEEN \(least) AND \(most), a * b, NULL)"
        ),
        whole("divide", "IF(b = 0 OR (b = -1 AND a = \(least)), NULL, a DIV b)"),
        whole("remainder", "IF(b = 0 OR (b = -1 AND a = \(least)), NULL, a % b)"),
        Definition(
            name: "bounded",
            parameters: "value BIGINT, low BIGINT, high BIGINT",
            result: "BIGINT",
            body: "RETURN IF(value BETWEEN low AND high, value, NULL)"
        ),
    ]

    private static func whole(_ name: String, _ value: String) -> Definition {
        Definition(name: name, parameters: "a BIGINT, b BIGINT", result: "BIGINT", body: "RETURN \(value)")
    }

    // MARK: Decimals

    /// Of scaled integers and what each is to be multiplied by to have the larger scale of both: 64 bits times 10^18 are 38
    /// digits, and DECIMAL has 65.
    private static let decimals = [
        decimal("add", "a BIGINT, a_factor BIGINT, b BIGINT, b_factor BIGINT", "\(aligned("a")) + \(aligned("b"))"),
        decimal(
            "subtract",
            "a BIGINT, a_factor BIGINT, b BIGINT, b_factor BIGINT",
            "\(aligned("a")) - \(aligned("b"))"
        ),
        decimal("multiply", "a BIGINT, b BIGINT", "CAST(a AS DECIMAL(20, 0)) * b"),
    ]

    private static func aligned(_ name: String) -> String { "CAST(\(name) AS DECIMAL(20, 0)) * \(name)_factor" }

    private static func decimal(_ name: String, _ parameters: String, _ value: String) -> Definition {
        Definition(
            name: "decimal_\(name)",
            parameters: parameters,
            result: "BIGINT",
            body: """
                BEGIN
                DECLARE answer DECIMAL(41, 0) DEFAULT \(value);
                RETURN IF(ABS(answer) < 1000000000000000000, answer, NULL);
                END
                """
        )
    }

    // MARK: Doubles

    /// The largest double, which stands for infinity: the servers know none, and raise an error where one would come out.
    static let infinity = "1.7976931348623157e308"
    private static let signedInfinity = "SIGN(a) * SIGN(b) * \(infinity)"
    private static let areFinite = "ABS(a) < \(infinity) AND ABS(b) < \(infinity)"
    /// 2^1023, the half of the first power of two that is beyond the doubles. Halves and products with powers of two are
    /// exact, so whether a result would be beyond is known before it is made.
    private static let half = "8.98846567431158e307"
    /// 2^-512.
    private static let small = "7.458340731200207e-155"

    private static let doubles = [
        sum("add", "+", infinite: "CASE WHEN a = -b THEN NULL WHEN ABS(a) = \(infinity) THEN a ELSE b END"),
        sum("subtract", "-", infinite: "CASE WHEN a = b THEN NULL WHEN ABS(a) = \(infinity) THEN a ELSE -b END"),
        double(
            "multiply",
            finite: "IF(ABS((a * \(small)) * (b * \(small))) < 1, a * b, \(signedInfinity))",
            infinite: "IF(a = 0 OR b = 0, NULL, \(signedInfinity))"
        ),
        double(
            "divide",
            finite: """
                CASE WHEN b = 0 THEN NULL WHEN ABS(b) >= 1 THEN a / b \
                WHEN ABS(a) * 0.5e0 >= ABS(b) * \(half) THEN \(signedInfinity) ELSE a / b END
                """,
            infinite: """
                CASE WHEN ABS(b) < \(infinity) THEN IF(b = 0, NULL, \(signedInfinity)) \
                WHEN ABS(a) < \(infinity) THEN 0e0 ELSE NULL END
                """
        ),
    ]

    private static func sum(_ name: String, _ sign: String, infinite: String) -> Definition {
        double(
            name,
            finite: "IF(ABS(a * 0.5e0 \(sign) b * 0.5e0) < \(half), a \(sign) b, SIGN(a) * \(infinity))",
            infinite: infinite
        )
    }

    private static func double(_ name: String, finite: String, infinite: String) -> Definition {
        Definition(
            name: "double_\(name)",
            parameters: "a DOUBLE, b DOUBLE",
            result: "DOUBLE",
            body: """
                RETURN CASE WHEN \(areFinite) THEN \(finite)
                WHEN a IS NULL OR b IS NULL THEN NULL
                ELSE \(infinite) END
                """
        )
    }

    // MARK: Times

    private static let times = [
        Definition(
            name: "moment",
            parameters: "milliseconds BIGINT",
            result: "DATETIME(3)",
            body: """
                RETURN IF(milliseconds BETWEEN -62135596800000 AND 253402300799999,
                TIMESTAMPADD(MICROSECOND, milliseconds * 1000, TIMESTAMP'1970-01-01 00:00:00.000'), NULL)
                """
        )
    ]

    // MARK: Regular expressions

    /// Both servers give up on a match that takes too many steps: MySQL with an error, MariaDB with a warning and no.
    private static func matching(text: String) -> Definition {
        Definition(
            name: "matches",
            parameters: "value \(text), pattern \(text)",
            result: "TINYINT(1)",
            body: """
                BEGIN
                DECLARE answer TINYINT(1);
                DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLWARNING RETURN NULL;
                SET answer = value REGEXP pattern;
                RETURN answer;
                END
                """
        )
    }
}
