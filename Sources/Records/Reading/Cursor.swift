package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// A place in a sorted list: the sort, and the values of its keys at the last record that was given. Pages after it
/// neither skip nor repeat a record when others are added.
package struct Cursor: Hashable, Sendable {
    /// The sort's text.
    private let sort: String
    /// One for each key of the sort.
    private let values: [Value]

    /// - Parameter rank: how well the record fits the search, where that is the order.
    init(_ sort: Sort, at record: Record, rank: Int64?, of collection: Collection) {
        self.sort = sort.text
        values = sort.keys.map { sort.value($0, of: record, rank: rank, collection) }
    }

    /// Reads what `text` wrote. The values are read by the fields they belong to, so nothing else comes through.
    ///
    /// - Throws: `.malformed` for anything that is no cursor of this collection.
    package init(_ text: String, _ view: View) throws(Failure) {
        let refusal = Failure(
            .malformed,
            "after: this is not a cursor of this list. Take it from \"next\" of the page before."
        )
        guard let bytes = Base64URL.decode(text), case .array(let parts)? = try? JSONParser.parse(bytes),
            case .string(let sortText)? = parts.first,
            let sort = sortText == Sort.byRank.text ? Sort.byRank : try? Sort(sortText, view), sort.text == sortText,
            parts.count == sort.keys.count + 1
        else { throw refusal }
        var values: [Value] = []
        for (key, json) in zip(sort.keys, parts.dropFirst()) {
            guard let value = Self.value(json, for: key, view.collection) else { throw refusal }
            values.append(value)
        }
        self.sort = sortText
        self.values = values
    }

    private static func value(_ json: JSON, for key: Sort.Key, _ collection: Collection) -> Value? {
        if case .null = json { return collection.field(key.name).map { !$0.required } ?? false ? .null : nil }
        // A limit that was made tighter since must not make a cursor invalid, so only the kind reads.
        let kind: FieldKind =
            switch (collection.field(key.name)?.kind, key.name) {
            case (.some(.text), _), (.some(.choice), _), (.some(.url), _), (.some(.email), _):
                .text(TextKind(max: TextKind.largestMaximum))
            case (.some(.integer), _), (.none, "version"), (.none, SQL.Name.rank.text): .integer(IntegerKind())
            case (.some(.number), _): .number(NumberKind())
            case (.some(.decimal(let kind)), _): .decimal(DecimalKind(digits: kind.digits, scale: kind.scale))
            case (.some(.date), _): .date(DateKind())
            case (.some(.datetime), _), (.none, "created"), (.none, "updated"): .datetime(DateTimeKind())
            case (.some(let kind), _): kind
            case (.none, _): .relation(RelationKind(to: collection.name))
            }
        return try? kind.reader.read(json)
    }

    /// The cursor as a parameter: base64url of a JSON array.
    package var text: String {
        var writer = JSONWriter()
        writer.raw("[")
        writer.write(sort)
        for value in values {
            writer.raw(",")
            writer.write(value)
        }
        writer.raw("]")
        return Base64URL.encode(writer.bytes)
    }

    /// Which values are empty.
    var emptyValues: [Bool] { values.map(\.isNull) }

    /// What `condition` binds, in its order.
    func bindings(_ sort: Sort, _ collection: Collection, _ dialect: any Dialect) -> [Value] {
        condition(sort, collection, dialect).bindings
    }

    func check(_ sort: Sort) throws(Failure) {
        guard sort.text != self.sort else { return }
        throw Failure(
            .malformed,
            self.sort == Sort.byRank.text
                ? "after: this cursor belongs to a search without a sort; give the same search."
                : "after: this cursor belongs to a list sorted by \(self.sort); give the same sort."
        )
    }

    /// What holds of the records after this place: for keys a, b, c it is
    /// `a > x OR (a = x AND b > y) OR (a = x AND b = y AND c > z)`, with nothing before everything. A bound on the
    /// first key alone stands in front of it, since that is what an index can use.
    func condition(_ sort: Sort, _ collection: Collection, _ dialect: any Dialect) -> SQL {
        let values = zip(sort.keys, self.values).map { Self.compared($1, $0, collection) }
        if dialect.comparesRowsByIndex, sort.isOneRange(of: collection), !values.contains(where: \.isNull) {
            let columns = sort.keys.map { sort.column($0, collection, dialect) }
            let bound = values.map { SQL("\($0)") }
            return sort.keys.first?.descending ?? false
                ? "(\(columns, separator: ", ")) < (\(bound, separator: ", "))"
                : "(\(columns, separator: ", ")) > (\(bound, separator: ", "))"
        }
        var alternatives: [SQL] = []
        var equal: [SQL] = []
        for (key, value) in zip(sort.keys, values) {
            let column = sort.column(key, collection, dialect)
            if let beyond = Self.beyond(column, value, descending: key.descending) {
                alternatives.append("(\(equal + [beyond], separator: " AND "))")
            }
            equal.append(value.isNull ? "\(column) IS NULL" : "\(column) = \(value)")
        }
        // Behind the emptiest place of a descending order there is nothing.
        let any: SQL = alternatives.isEmpty ? "1 = 0" : "(\(alternatives, separator: " OR "))"
        guard let key = sort.keys.first, let value = values.first, !value.isNull else { return any }
        let column = sort.column(key, collection, dialect)
        // Descending, empty values come last and have to stay in.
        if key.descending {
            return Self.mayBeEmpty(key, collection) ? any : "\(column) <= \(value) AND \(any)"
        }
        return "\(column) >= \(value) AND \(any)"
    }

    /// A value as the column is compared by: mail addresses without case.
    private static func compared(_ value: Value, _ key: Sort.Key, _ collection: Collection) -> Value {
        guard case .text(let text) = value, case .email? = collection.field(key.name)?.kind else { return value }
        return .text(text.asciiLowercased)
    }

    private static func mayBeEmpty(_ key: Sort.Key, _ collection: Collection) -> Bool {
        collection.field(key.name).map { !$0.required } ?? false
    }

    /// Nil when nothing can be beyond: descending, nothing comes after an empty value.
    private static func beyond(_ column: SQL, _ value: Value, descending: Bool) -> SQL? {
        switch (value.isNull, descending) {
        case (true, true): nil
        case (true, false): "\(column) IS NOT NULL"
        case (false, true): "(\(column) < \(value) OR \(column) IS NULL)"
        case (false, false): "\(column) > \(value)"
        }
    }
}
