import CSQLite
import OffstageStorage

/// How well a record fits a search: the function that every connection has beside FTS5's own.
///
/// FTS5's bm25 weighs a word by how many records have it and a text by how long the others are. So a rank would change
/// while a reader goes from page to page, and would tell something of records and fields that the reader may not see.
/// This one looks at the found places of one record alone: many count more than few, but less and less; those in a short
/// text more than those in a long one; those in an earlier field of the search more than in a later one.
enum SearchRank {
    static let function = SQL.Name("offstage_rank")

    static func register(on handle: OpaquePointer) throws(StorageFailure) {
        let code = offstage_fts5_function(handle, function.text) { api, context, result, _, _ in
            guard let api, let context, let score = SearchRank.score(api, context) else {
                sqlite3_result_error_code(result, SQLITE_ERROR)
                return
            }
            // A whole number, so that it comes back from a cursor as it was.
            sqlite3_result_int64(result, -Int64((score * 1_000_000).rounded()))
        }
        guard code == SQLITE_OK else { throw SQLiteFailures.failure(code, handle) }
    }

    /// A text of this many words counts as it is; in a longer one a word says less, in a shorter one more.
    private static let usualWords = 16.0
    /// What part of that holds however short the text is.
    private static let floor = 0.25
    /// The more places, the closer a term comes to `1 + saturation`, its most.
    private static let saturation = 1.2

    private static func score(_ api: UnsafePointer<Fts5ExtensionApi>, _ context: OpaquePointer) -> Double? {
        var places: Int32 = 0
        guard let terms = api.pointee.xPhraseCount?(context), api.pointee.xInstCount?(context, &places) == SQLITE_OK
        else {
            return nil
        }
        var weights = [Double](repeating: 0, count: Int(terms))
        for place in 0..<places {
            var (term, column, offset, words): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
            guard api.pointee.xInst?(context, place, &term, &column, &offset) == SQLITE_OK,
                api.pointee.xColumnSize?(context, column, &words) == SQLITE_OK,
                weights.indices.contains(Int(term))
            else { return nil }
            let weight = 1 + 2 / (Double(column) + 1)
            weights[Int(term)] += weight / (floor + (1 - floor) * Double(words) / usualWords)
        }
        return weights.reduce(0) { $0 + $1 * (1 + saturation) / ($1 + saturation) }
    }
}
