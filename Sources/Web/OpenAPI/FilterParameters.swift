import OffstageRecords
import OffstageRules
import OffstageSchema

/// What chooses records: `filter` with its values, and `search`.
extension OpenAPI.Parameter {
    /// Of lists and summaries.
    static func filter(_ collection: Collection) -> [OpenAPI.Parameter] {
        let (text, name, value) = OpenAPI.Example.filter(collection)
        return [
            OpenAPI.Parameter(
                name: "filter",
                place: .query,
                description:
                    "Only records for which this is true: an expression in [CEL](https://cel.dev), such as `\(text)`. It may "
                    + "name the fields that you may read of every record, `id`, `created`, `updated`, `version`, `user`, "
                    + "`now` and `records.<collection>`. What is wrong with it is told with line and column (400).",
                schema: ["type": "string", "minLength": 1, "maxLength": .number(View.filterCharactersAtMost)],
                example: text
            ),
            // One parameter for each value: an object whose members are the parameters (`style: form`, exploded).
            OpenAPI.Parameter(
                name: "arguments",
                place: .query,
                description:
                    "Values for `filter`, each in a parameter of its own, so that nothing is spliced into the expression: "
                    + "`arg.\(name)=\(value)`. All are texts, which `int()`, `decimal()`, `date()` and `timestamp()` make "
                    + "something else of. One that the filter does not use is refused.",
                schema: [
                    "type": "object", "propertyNames": ["pattern": #"^arg\.[A-Za-z_][A-Za-z0-9_]*$"#],
                    "additionalProperties": ["type": "string"],
                ],
                example: "\(name)=\(value)"
            ),
        ]
    }

    /// Nil for a collection without a search, or whose searched fields nobody may read.
    static func search(_ collection: Collection) -> OpenAPI.Parameter? {
        let fields = collection.search.filter { collection.field($0)?.isShown ?? false }
        guard !fields.isEmpty else { return nil }
        let names = fields.map { "`\($0)`" }.joined(separator: ", ")
        return OpenAPI.Parameter(
            name: "search",
            place: .query,
            description:
                "Only records with words that begin like these, in \(names); the best fit first, unless there is a `sort`. "
                + "`\"green tea\"` finds these words side by side, `-black` leaves out the records with a word. At least one "
                + "word must be there; at most \(Search.termsAtMost).",
            schema: ["type": "string", "minLength": 1, "maxLength": .number(Search.longest)],
            example: "gre te"
        )
    }
}
