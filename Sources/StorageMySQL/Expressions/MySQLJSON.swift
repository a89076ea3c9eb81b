/// Free data as stored functions of a document and a path: `$`, and each name after it as `."name"`.
extension MySQLFunctions {
    // MARK: MariaDB

    /// MariaDB keeps JSON as text, so a number is as it was written. But its functions read nothing that is nested deeper than
    /// 31 levels; of such, a regular expression finds the members.
    static func jsonOfMariaDB(text: String) -> [Definition] {
        [
            Definition(
                name: "json_deep",
                parameters: "document \(text), path \(text)",
                result: text,
                body: """
                    BEGIN
                    DECLARE step \(text);
                    SET path = SUBSTRING(path, 3);
                    WHILE path <> '' DO
                    SET step = SUBSTRING_INDEX(path, '.', 1);
                    SET path = SUBSTRING(path, CHAR_LENGTH(step) + 2);
                    SET document = REGEXP_SUBSTR(document, CONCAT('\(beforeMember)', step, '\(afterName)'));
                    END WHILE;
                    RETURN NULLIF(document, '');
                    END
                    """
            ),
            ofMariaDB(
                "json_kind",
                text,
                result: text,
                """
                CASE LEFT(found, 1) WHEN '{' THEN 'object' WHEN '[' THEN 'array' WHEN '"' THEN 'text' \
                WHEN 't' THEN 'true' WHEN 'f' THEN 'false' WHEN 'n' THEN 'null' \
                ELSE IF(found IS NULL, NULL, IF(\(isWhole), 'integer', 'real')) END
                """
            ),
            ofMariaDB("json_text", text, result: text, "IF(LEFT(found, 1) = '\"', JSON_UNQUOTE(found), NULL)"),
            ofMariaDB("json_whole", text, result: "BIGINT", "IF(\(isWhole), CAST(found AS SIGNED), NULL)"),
            ofMariaDB(
                "json_double",
                text,
                result: "DOUBLE",
                "IF(\(isNumber), CAST(found AS DOUBLE), NULL)",
                // JSON may hold numbers beyond the doubles.
                failing: "IF(LEFT(found, 1) = '-', -1, 1) * \(infinity)"
            ),
        ]
    }

    /// The members before the wanted one, and what follows its name, in JSON without white space, as Offstage writes it.
    private static let beforeMember = "^\\{(?>(?&text):(?&value),)*?"
    private static let afterName = """
        :\\K(?&value)(?(DEFINE)(?<text>"(?:[^"\\\\]++|\\\\.)*+")(?<value>(?&text)|[^][{},:"]++\
        |\\{(?:(?&text):(?&value)(?:,(?&text):(?&value))*+)?+\\}|\\[(?:(?&value)(?:,(?&value))*+)?+\\]))
        """

    private static let isNumber = "LEFT(found, 1) IN ('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9')"

    /// Whether `found` is a number that is written as a whole one and fits 64 bits.
    private static let isWhole = """
        CASE WHEN CHAR_LENGTH(found) > 20 OR LOCATE('.', found) > 0 OR LOCATE('e', LOWER(found)) > 0 OR NOT \(isNumber) \
        THEN FALSE ELSE CAST(found AS DECIMAL(20, 0)) BETWEEN -9223372036854775808 AND 9223372036854775807 END
        """

    /// What nests too deep is a warning in a query and an error in a write.
    private static func ofMariaDB(
        _ name: String,
        _ text: String,
        result: String,
        _ value: String,
        failing: String = "NULL"
    ) -> Definition {
        Definition(
            name: name,
            parameters: "document \(text), path \(text)",
            result: result,
            body: """
                BEGIN
                DECLARE found \(text);
                DECLARE is_deep BOOLEAN DEFAULT FALSE;
                BEGIN
                DECLARE CONTINUE HANDLER FOR SQLEXCEPTION, SQLWARNING SET is_deep = TRUE;
                SET found = JSON_EXTRACT(document, path);
                END;
                IF is_deep THEN SET found = offstage_json_deep(document, path); END IF;
                BEGIN
                DECLARE EXIT HANDLER FOR SQLEXCEPTION, SQLWARNING RETURN \(failing);
                RETURN \(value);
                END;
                END
                """
        )
    }

    // MARK: MySQL

    /// MySQL reads JSON into a form of its own, where a number that is written as a whole one is INTEGER as far as 64 bits go,
    /// then UNSIGNED INTEGER, then DOUBLE.
    static func jsonOfMySQL(text: String) -> [Definition] {
        [
            ofMySQL(
                "json_kind",
                text,
                result: text,
                """
                CASE JSON_TYPE(found) WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'STRING' THEN 'text' \
                WHEN 'BOOLEAN' THEN IF(CAST(found AS CHAR) = 'true', 'true', 'false') WHEN 'NULL' THEN 'null' \
                WHEN 'INTEGER' THEN 'integer' WHEN 'UNSIGNED INTEGER' THEN 'real' WHEN 'DOUBLE' THEN 'real' END
                """
            ),
            ofMySQL("json_text", text, result: text, "IF(JSON_TYPE(found) = 'STRING', JSON_UNQUOTE(found), NULL)"),
            ofMySQL(
                "json_whole",
                text,
                result: "BIGINT",
                "IF(JSON_TYPE(found) = 'INTEGER', CAST(found AS SIGNED), NULL)"
            ),
            ofMySQL(
                "json_double",
                text,
                result: "DOUBLE",
                "IF(JSON_TYPE(found) IN ('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE'), CAST(found AS DOUBLE), NULL)"
            ),
        ]
    }

    private static func ofMySQL(_ name: String, _ text: String, result: String, _ value: String) -> Definition {
        Definition(
            name: name,
            parameters: "document \(text), path \(text)",
            result: result,
            body: """
                BEGIN
                DECLARE found JSON;
                DECLARE EXIT HANDLER FOR SQLEXCEPTION RETURN NULL;
                SET found = JSON_EXTRACT(document, path);
                RETURN \(value);
                END
                """
        )
    }
}
