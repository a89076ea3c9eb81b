import Foundation

/// An app with a field of every type, and records at the extremes of each.
enum EveryKindApp {
    static let file = """
        offstage: 1
        name: Everything
        collections:
          places:
            fields:
              name: {type: text, required: true, unique: true}
          things:
            search: [text, email, url, choice, texts, choices]
            fields:
              text:     {type: text, max: 100000}
              email:    email
              url:      url
              integer:  integer
              number:   number
              decimal:  {type: decimal, digits: 18, scale: 0}
              money:    {type: decimal, digits: 18, scale: 2}
              fraction: {type: decimal, digits: 18, scale: 18}
              boolean:  boolean
              date:     date
              datetime: datetime
              choice:   {type: choice, of: [red, green, "dark blue"]}
              place:    {type: relation, to: places}
              json:     json
              texts:    {type: text, many: true}
              choices:  {type: choice, of: [red, green, "dark blue"], many: true}
              integers: {type: integer, many: true}
              places:   {type: relation, to: places, many: true}
        """

    static let places = """
        {"id":"00000000-0000-7000-8000-000000000001","name":"Here"}
        {"id":"ffffffff-ffff-7fff-bfff-ffffffffffff","name":"There"}

        """

    /// One JSON object a line, each about one field, with the values that files tend to lose.
    static var things: String {
        var lines: [String] = ["{}"]
        let texts = [
            "", " ", " spaces at both ends ", "a,b;c\td", "\"quoted\"", "it's", "'", "''=1+1", "=1+1", "+1", "-1", "@x",
            "\t=1", "line\nfeed", "carriage\rreturn", "both\r\nof them", "\n", "null", "true", "0", "[]", "{}",
            "\u{feff}mark", "👩‍👩‍👧‍👦 🏳️‍🌈", "Ω≈ç√ جَمِيل 漢字", "\u{1}\u{1f}\u{7f}", "\u{2028}\u{2029}", "\u{10ffff}",
            "e\u{301}", String(repeating: "long, \"longer\"\n", count: 3000),
        ]
        for text in texts { lines.append(object("text", quoted(text))) }
        lines.append(object("texts", "[" + texts.prefix(29).map(quoted).joined(separator: ",") + "]"))
        let plain: [(String, [String])] = [
            ("email", ["\"a@b.example\"", "\"first.last+tag@sub.example.org\""]),
            ("url", ["\"http://example.org\"", "\"https://example.org:8443/a%20b?c=d&e=%22#f\""]),
            ("integer", ["9007199254740991", "-9007199254740991", "0", "-1"]),
            (
                "number",
                ["5e-324", "1.7976931348623157e308", "-1.7976931348623157e308", "0.1", "1e21", "123456789.125", "-0.5"]
            ),
            ("decimal", ["\"999999999999999999\"", "\"-999999999999999999\"", "\"0\""]),
            ("money", ["\"9999999999999999.99\"", "\"-9999999999999999.99\"", "\"0.01\"", "\"-0.01\""]),
            ("fraction", ["\"0.999999999999999999\"", "\"-0.000000000000000001\""]),
            ("boolean", ["true", "false"]),
            ("date", ["\"0001-01-01\"", "\"9999-12-31\"", "\"2024-02-29\"", "\"1582-10-10\""]),
            (
                "datetime",
                ["\"0001-01-01T00:00:00.000Z\"", "\"9999-12-31T23:59:59.999Z\"", "\"2026-03-29T02:30:00.001+02:00\""]
            ),
            ("choice", ["\"red\"", "\"dark blue\""]),
            ("place", ["\"00000000-0000-7000-8000-000000000001\"", "\"ffffffff-ffff-7fff-bfff-ffffffffffff\""]),
            (
                "json",
                [
                    "\"text\"", "\"\"", "0", "-0.0", "1e400", "123456789012345678901234567890", "true", "[]", "{}",
                    "[null,[[]],{\"a\":{\"b\":\"=1\"}}]", "{\"\":\"\",\"é\":\"\\u0001\\n\",\"a,b\":[1.50]}",
                ]
            ),
            ("choices", ["[]", "[\"green\"]", "[\"dark blue\",\"red\"]"]),
            ("integers", ["[]", "[9007199254740991,-9007199254740991,0]"]),
            ("places", ["[\"ffffffff-ffff-7fff-bfff-ffffffffffff\",\"00000000-0000-7000-8000-000000000001\"]"]),
            ("texts", ["[]", "[\"\"]", "[\"\",\"\"]"]),
        ]
        for (name, values) in plain {
            for value in values { lines.append(object(name, value)) }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func object(_ name: String, _ value: String) -> String {
        "{\"\(name)\":\(value)}"
    }

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\u{0}"..."\u{1f}": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }
        return "\"" + escaped.joined() + "\""
    }
}
