package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// The groups of a summary, in the order of their keys, nothing before everything.
package struct Summary: Sendable {
    let names: [String]
    let groups: [[SummaryValue]]

    /// `{"groups":[…]}`
    package var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 64 * (groups.count + 1))
        writer.raw("{\"groups\":[")
        for (index, group) in groups.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw("{")
            for (place, value) in group.enumerated() {
                if place > 0 { writer.raw(",") }
                writer.quoted(names[place])
                writer.raw(":")
                value.write(to: &writer)
            }
            writer.raw("}")
        }
        writer.raw("]}")
        return writer.bytes
    }
}

extension Records {
    /// Groups that one summary may have.
    package static let groupsAtMost = 1000

    /// Of the values in one summary, about: keys may be long texts.
    private static let summaryBytes = 4 * 1_048_576

    /// Counts and adds up the records that the caller may see, in one statement.
    ///
    /// - Throws: `.notFound` when the collection is closed to the caller; `.invalid` when there are too many groups or a sum
    ///   is beyond what its type holds.
    package func summary(_ view: View, _ query: SummaryQuery) async throws(Failure) -> Summary {
        guard !view.isClosed(to: .read) else { throw .notFound }
        let condition = try view.permission(to: .read).and(query.filter)
        return try await engine.reading(.scan) { connection throws(StorageFailure) in
            let statement = SummaryStatement(query, of: view.collection, connection.dialect)
            var groups: [[SummaryValue]] = []
            var bytes = 0
            try connection.rows(
                connection.dialect.render(statement.sql(where: condition, limit: Self.groupsAtMost + 1))
            ) { row throws(StorageFailure) in
                guard groups.count < Self.groupsAtMost else {
                    throw Self.tooManyGroups("There are more than \(Self.groupsAtMost) groups.")
                }
                let group = try statement.read(row)
                bytes += group.reduce(0) { $0 + $1.bytes }
                guard bytes <= Self.summaryBytes else {
                    throw Self.tooManyGroups("The groups come to more than \(Self.summaryBytes) bytes.")
                }
                groups.append(group)
                return true
            }
            return Summary(names: query.keys.map(\.name) + query.measures.map(\.name), groups: groups)
        }
    }
}

extension Records {
    private static func tooManyGroups(_ reason: String) -> StorageFailure {
        .refused(Failure(.invalid, reason + " Ask for fewer records with a filter, or group by less."))
    }
}

/// The statement of a summary and how its rows are read: the keys first, so that they are named by their places.
private struct SummaryStatement {
    private let query: SummaryQuery
    private let collection: Collection
    private let dialect: any Dialect
    private var columns: [SQL] = []
    /// Where the shown value of each key and the first column of each value stand.
    private var keyPlaces: [Int] = []
    private var measurePlaces: [Int] = []

    init(_ query: SummaryQuery, of collection: Collection, _ dialect: any Dialect) {
        self.query = query
        self.collection = collection
        self.dialect = dialect
        keyPlaces = Array(query.keys.indices)
        columns = query.keys.map { key in
            let column = key.column.sql(of: collection)
            guard let period = key.period else {
                return key.column.type == .email ? dialect.caselessKey(column) : column
            }
            let day = key.column.type == .datetime ? dialect.day(of: column) : column
            return dialect.firstDay(of: period, day)
        }
        for (index, key) in query.keys.enumerated() where key.column.type == .email {
            // Of several spellings the first is shown, whichever the database comes upon.
            keyPlaces[index] = columns.count
            columns.append("min(\(dialect.exactText(key.column.sql(of: collection))))")
        }
        for measure in query.measures {
            measurePlaces.append(columns.count)
            columns += Self.columns(measure, of: collection, dialect)
        }
    }

    private static func columns(
        _ measure: SummaryQuery.Measure,
        of collection: Collection,
        _ dialect: any Dialect
    ) -> [SQL] {
        guard let column = measure.column else { return ["count(*)"] }
        let sql = column.sql(of: collection)
        switch measure.function {
        case .count: return ["count(*)"]
        case .min: return ["min(\(sql))"]
        case .max: return ["max(\(sql))"]
        case .sum, .avg:
            if column.type == .number { return ["count(\(sql))", dialect.doubleSum(sql)] }
            let sum = dialect.wholeSum(sql)
            return ["count(\(sql))", sum.high, sum.low]
        }
    }

    func sql(where condition: Permission, limit: Int) -> SQL {
        var sql: SQL = "SELECT \(columns, separator: ", ") FROM \(SQL.Name(collection))"
        if condition != .always { sql += " WHERE \(condition.sql)" }
        if !query.keys.isEmpty {
            let places = query.keys.indices.map { SQL.position($0 + 1) }
            let order = zip(query.keys, places).map { dialect.ordered($1, of: $0.column.name, descending: false) }
            sql += " GROUP BY \(places, separator: ", ") ORDER BY \(order, separator: ", ")"
        }
        return sql + " LIMIT \(.integer(Int64(limit)))"
    }

    func read(_ row: any Row) throws(StorageFailure) -> [SummaryValue] {
        var values: [SummaryValue] = []
        for (key, place) in zip(query.keys, keyPlaces) {
            guard let period = key.period else {
                values.append(.value(try row.value(place, as: key.column.type)))
                continue
            }
            if case .date(let date) = try row.value(place, as: .date) {
                values.append(.period(period, date))
            } else {
                values.append(.value(.null))
            }
        }
        for (measure, place) in zip(query.measures, measurePlaces) {
            values.append(try read(measure, place, row))
        }
        return values
    }

    private func read(
        _ measure: SummaryQuery.Measure,
        _ place: Int,
        _ row: any Row
    ) throws(StorageFailure) -> SummaryValue {
        guard let column = measure.column else { return .value(.integer(row.integer(place))) }
        guard measure.function == .sum || measure.function == .avg else {
            return .value(try row.value(place, as: column.type))
        }
        let count = row.integer(place)
        guard count > 0 else { return .value(.null) }
        let isMean = measure.function == .avg
        let value: SummaryValue?
        switch column.type {
        case .number:
            let sum = try row.value(place + 1, as: .number)
            value = SummaryValue(sum, count: isMean ? count : 1)
        default:
            let sum = Int128(row.integer(place + 1)) << 32 + Int128(row.integer(place + 2))
            let scale: Int? = if case .decimal(let scale) = column.type { scale } else { nil }
            value = isMean ? SummaryValue(mean: sum, of: count, scale: scale) : SummaryValue(sum: sum, scale: scale)
        }
        guard let value else {
            throw .refused(
                Failure(
                    .invalid,
                    "\(measure.function.rawValue)(\(column.name)) is beyond what 64 bits hold. Ask for fewer records with a filter."
                )
            )
        }
        return value
    }
}

extension SQL {
    /// A column of the answer by its place, from 1.
    fileprivate static func position(_ place: Int) -> SQL {
        switch place {
        case 1: "1"
        case 2: "2"
        case 3: "3"
        case 4: "4"
        case 5: "5"
        case 6: "6"
        case 7: "7"
        default: "8"
        }
    }
}
