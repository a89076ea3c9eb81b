package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// What a list asks for.
package struct ListQuery: Sendable {
    package var sort: Sort
    /// Records on a page, 1–500.
    package var limit: Int
    /// The end of the page before.
    package var after: Cursor?
    /// What must hold of the records, from `View.filter`.
    package var filter: Permission
    /// What the records are searched for; with it `sort` may be ``Sort/byRank``.
    package var search: Search?
    /// Whether the number of all records is wanted too.
    package var count: Bool
    /// The relations that are followed.
    package var expansion: Expansion?

    package static let defaultLimit = 50
    package static let largestLimit = 500

    package init(
        sort: Sort = Sort(),
        limit: Int = Self.defaultLimit,
        after: Cursor? = nil,
        filter: Permission = .always,
        count: Bool = false
    ) {
        self.filter = filter
        self.sort = sort
        self.limit = limit
        self.after = after
        self.count = count
    }
}

extension ListQuery {
    /// How much finding the page may take.
    fileprivate func extent(of statement: Statement, _ reading: Reading, _ condition: Permission) -> ReadExtent {
        let isPlain = condition.comparesOnly && reading.sometimes.allSatisfy(\.condition.comparesOnly)
        guard limit <= Self.defaultLimit, expansion == nil, search == nil, isPlain else { return .scan }
        let collection = reading.table.collection
        // Few records, which an index gives in their order. A condition may leave a few of many.
        let isBounded =
            condition == .always && !count && sort.isServedByIndex(of: collection)
            && (after == nil || sort.isOneRange(of: collection))
        return isBounded ? .bounded : .short(statement.text)
    }
}

extension ListQuery {
    /// What stands after FROM.
    func source(_ collection: Collection, _ dialect: any Dialect) -> SQL {
        search?.found(dialect) ?? "\(SQL.Name(collection))"
    }
}

/// One page of a list.
package struct Page: Sendable {
    package let records: [Record]
    /// Where the next page starts; nil on the last.
    package let next: Cursor?
    package let total: Int64?
    package fileprivate(set) var expanded: ExpandedRecords?

    static func empty(total: Int64?) -> Page {
        Page(records: [], next: nil, total: total, expanded: nil)
    }
}

extension Records {
    /// A page of the records that the caller may see, in the wanted order.
    ///
    /// - Throws: `.notFound` when the collection is closed to the caller; `.malformed` when the cursor is another sort's.
    package func list(_ view: View, _ query: ListQuery) async throws(Failure) -> Page {
        guard !view.isClosed(to: .read) else { throw .notFound }
        let collection = view.collection
        try query.after?.check(query.sort)
        let condition = try view.permission(to: .read).and(query.filter)
        guard condition != .never else { return .empty(total: query.count ? 0 : nil) }
        let reading = try view.reading(try prepared(collection))
        let statement = statement(query, reading, condition)
        let extent = query.extent(of: statement, reading, condition)
        return try await engine.reading(extent) { [self] connection throws(StorageFailure) in
            var records: [Record] = []
            var hasMore = false
            var bytes = 0
            var rank: Int64?
            try connection.rows(statement) { row throws(StorageFailure) in
                // A page ends early rather than grow without bound; its cursor goes on from there.
                hasMore = records.count == query.limit || bytes > Self.pageBytes
                if hasMore { return false }
                let record = try reading.read(row)
                if query.sort.isByRank { rank = row.integer(reading.columnCount) }
                bytes += record.values.reduce(0) { $0 + $1.bytes }
                records.append(record)
                return true
            }
            let next = hasMore ? records.last.map { Cursor(query.sort, at: $0, rank: rank, of: collection) } : nil
            let total = query.count ? try total(query, collection, condition, connection) : nil
            var page = Page(records: records, next: next, total: total, expanded: nil)
            if let expansion = query.expansion { page.expanded = try expanded(records, expansion, connection) }
            return page
        }
    }

    /// The statement of a page; one record more than is wanted tells whether there is a next page.
    func statement(_ query: ListQuery, _ reading: Reading, _ condition: Permission) -> Statement {
        reading.table.lists.statement(query, reading, where: condition, engine.dialect, limit: query.limit + 1)
    }

    /// Of the values on one page, about.
    private static let pageBytes = 4 * 1_048_576

    private func total(
        _ query: ListQuery,
        _ collection: Collection,
        _ condition: Permission,
        _ connection: any Connection
    ) throws(StorageFailure) -> Int64? {
        var sql: SQL = "SELECT count(*) FROM \(query.source(collection, engine.dialect))"
        if case .when(let condition) = condition { sql += " WHERE \(condition)" }
        return try totals.total(sql, of: collection, connection)
    }
}
