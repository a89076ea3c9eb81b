package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// What a summary asks for: `group=state,month(created)` and `value=count(),sum(price)`, read against what its caller may
/// see of every record.
package struct SummaryQuery: Sendable {
    /// What records are grouped by.
    struct Key: Sendable {
        /// Of the member in the answer: `state`, `month_created`.
        let name: String
        let column: SummaryColumn
        /// The part of the calendar; nil for the value itself.
        let period: CalendarPeriod?
    }

    /// What is made of each group.
    struct Measure: Sendable {
        /// Of the member in the answer: `count`, `sum_price`.
        let name: String
        let function: Function
        /// Nil for `count()`.
        let column: SummaryColumn?
    }

    enum Function: String, Sendable, CaseIterable {
        case count, sum, min, max, avg
    }

    let keys: [Key]
    let measures: [Measure]
    /// What must hold of the records, from `View.filter`.
    let filter: Permission

    package static let keysAtMost = 8
    package static let measuresAtMost = 16
    /// Digits that the mean of decimals has behind those of the field.
    package static let meanDigits = SummaryValue.meanDigits

    /// - Parameters:
    ///   - group: the parameter's text; nil for one group of all records.
    ///   - value: the parameter's text; nil for `count()`.
    /// - Throws: `.malformed` for what is no field that the caller may always read, or cannot be grouped or counted so.
    package init(group: String?, value: String?, filter: Permission = .always, _ view: View) throws(Failure) {
        self.filter = filter
        var keys: [Key] = []
        for text in try Self.parts(group ?? "", isGiven: group != nil, "group", atMost: Self.keysAtMost) {
            keys.append(try Self.key(text, view))
        }
        var measures: [Measure] = []
        for text in try Self.parts(value ?? "count()", isGiven: true, "value", atMost: Self.measuresAtMost) {
            measures.append(try Self.measure(text, view))
        }
        var names = Set<String>()
        for name in keys.map(\.name) + measures.map(\.name) where !names.insert(name).inserted {
            throw Failure(.malformed, "Two members of the summary would be called \(name); ask for one of them.")
        }
        self.keys = keys
        self.measures = measures
    }

    private static func parts(
        _ text: String,
        isGiven: Bool,
        _ parameter: String,
        atMost: Int
    ) throws(Failure) -> [Substring] {
        guard isGiven else { return [] }
        let parts = text.split(separator: ",", maxSplits: atMost, omittingEmptySubsequences: false)
        guard parts.count <= atMost else {
            throw Failure(.malformed, "\(parameter): at most \(atMost) can be asked for at once.")
        }
        return parts
    }

    /// `sum(price)` as its two names; the second is nil without brackets.
    private static func call(_ text: Substring) -> (name: String, argument: String?) {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "(") else { return (String(text), nil) }
        return (String(text[..<open]), String(text[text.index(after: open)...].dropLast()))
    }

    // MARK: Keys

    private static func key(_ text: Substring, _ view: View) throws(Failure) -> Key {
        let call = call(text)
        guard let argument = call.argument else {
            let column = try SummaryColumn(call.name, view, "group")
            guard column.isSingle else {
                throw refusal("group", "records can't be grouped by \(column.words)", view) { $0.isSingle }
            }
            return Key(name: column.name, column: column, period: nil)
        }
        guard let period = CalendarPeriod(rawValue: call.name) else {
            throw Failure(
                .malformed,
                "group: \"\(call.name.prefix(80))\" is not known; fields can stand by themselves or in year(), month() or day()."
            )
        }
        let column = try SummaryColumn(argument, view, "group")
        guard column.isOfCalendar else {
            throw refusal("group", "\(period.rawValue)() can't be told of \(column.words)", view) { $0.isOfCalendar }
        }
        return Key(name: "\(period.rawValue)_\(column.name)", column: column, period: period)
    }

    // MARK: Values

    private static func measure(_ text: Substring, _ view: View) throws(Failure) -> Measure {
        let call = call(text)
        guard let argument = call.argument, let function = Function(rawValue: call.name) else {
            throw Failure(
                .malformed,
                "value: \"\(text.prefix(80))\" is not known; it can be count(), or sum, min, max or avg of a field, such as sum(price)."
            )
        }
        if function == .count {
            guard argument.isEmpty else {
                throw Failure(.malformed, "value: count() counts records and takes no field.")
            }
            return Measure(name: "count", function: .count, column: nil)
        }
        let column = try SummaryColumn(argument, view, "value")
        let takes: (SummaryColumn) -> Bool =
            switch function {
            case .sum, .avg: { $0.isNumeric }
            default: { $0.isOrdered }
            }
        guard takes(column) else {
            throw refusal("value", "\(function.rawValue)() can't be told of \(column.words)", view, takes)
        }
        return Measure(name: "\(function.rawValue)_\(column.name)", function: function, column: column)
    }

    /// Names what is possible instead.
    private static func refusal(
        _ parameter: String,
        _ words: String,
        _ view: View,
        _ isPossible: (SummaryColumn) -> Bool
    ) -> Failure {
        let possible = SummaryColumn.all(of: view).filter(isPossible).map(\.name).joined(separator: ", ")
        return Failure(.malformed, "\(parameter): \(words). Possible are: \(possible).")
    }
}

/// A column that a summary may look at: one that the caller may read of every record.
struct SummaryColumn: Sendable {
    let name: String
    let type: ColumnType
    private let kind: String

    private init(_ name: String, _ type: ColumnType, kind: String) {
        self.name = name
        self.type = type
        self.kind = kind
    }

    private static let own = [
        SummaryColumn("id", .identifier, kind: "id"), SummaryColumn("created", .datetime, kind: "datetime"),
        SummaryColumn("updated", .datetime, kind: "datetime"), SummaryColumn("version", .integer, kind: "integer"),
    ]

    /// A field that is hidden, if only on some records, is one that does not exist.
    init(_ name: String, _ view: View, _ parameter: String) throws(Failure) {
        guard let column = Self.all(of: view).first(where: { $0.name == name }) else {
            throw Failure(
                .malformed,
                "\(parameter): \"\(name.prefix(80))\" is not a field of \(view.collection.name) that can be summed up."
            )
        }
        self = column
    }

    static func all(of view: View) -> [SummaryColumn] {
        let fields = view.collection.fields.enumerated().filter { view.showsAlways($0.offset) }.map { _, field in
            SummaryColumn(field.name, ColumnType(field), kind: field.many ? "list" : field.kind.name)
        }
        return own + fields
    }

    /// What it is, in a message: "tags, which is a list".
    var words: String {
        let isVowel = kind.first.map { "aeiou".contains($0) } ?? false
        return "\(name), which is \(isVowel ? "an" : "a") \(kind)"
    }

    var isSingle: Bool {
        switch type {
        case .json, .list: false
        default: true
        }
    }

    var isOfCalendar: Bool { type == .date || type == .datetime }

    var isNumeric: Bool {
        switch type {
        case .integer, .number, .decimal: true
        default: false
        }
    }

    /// Whether there is a least and a greatest that says something to people.
    var isOrdered: Bool {
        switch type {
        case .integer, .number, .decimal, .text, .email, .date, .datetime: true
        case .boolean, .identifier, .json, .list: false
        }
    }

    /// Qualified, as the conditions of rules and filters are.
    func sql(of collection: Collection) -> SQL {
        "\(SQL.Name(collection)).\(SQL.Name(stored: name))"
    }
}
