package import OffstageSchema

/// A connection inside a transaction. Used on one thread, for the length of the body it is handed to.
package protocol Connection: AnyObject {
    var dialect: any Dialect { get }

    /// Runs a statement that gives no rows.
    /// - Returns: how many rows it inserted, changed or deleted.
    @discardableResult
    func run(_ statement: Statement) throws(StorageFailure) -> Int

    /// Runs a statement and hands each row to the body, in order, until the body answers false.
    func rows(_ statement: Statement, _ body: (any Row) throws(StorageFailure) -> Bool) throws(StorageFailure)

    /// Whether no other transaction writes while this one does.
    var writesAlone: Bool { get }

    /// Whether others wait while the body runs. What can't be stopped, and may take longer than a few rows, throws `.tooSlow`
    /// instead; the body then runs again where there is time.
    var isHurried: Bool { get }

    /// Runs a part of the transaction that may fail without ending the whole: what it wrote is taken back then.
    func attempt<Result>(_ body: () throws(StorageFailure) -> Result) throws(StorageFailure) -> Result

    /// Keeps others from writing to tables until the transaction ends, since what it is about to do depends on what they
    /// hold. Must come before the tables are read.
    ///
    /// - Parameter own: the table that the transaction writes to itself.
    func hold(_ tables: Set<String>, writingTo own: String) throws(StorageFailure)

    /// Inserts one entry of the journal. That it is there later proves that the transaction was committed, when the answer to
    /// the commit is lost.
    func appendToJournal(_ entry: Statement, of transaction: Identifier) throws(StorageFailure)

    /// How the database would answer a statement, which it does not run.
    func plan(of statement: Statement) throws(StorageFailure) -> [PlanStep]
}

/// One row of an answer, valid only while the body that was handed it runs.
package protocol Row {
    /// The value of a column, from 0, read as its type says.
    /// - Throws: `.damaged` when what is stored is not of the type.
    func value(_ column: Int, as type: ColumnType) throws(StorageFailure) -> Value
    /// A whole number; a moment as its milliseconds since 1970, true as 1.
    func integer(_ column: Int) -> Int64
    func text(_ column: Int) -> String
    func isNull(_ column: Int) -> Bool
}

extension Connection {
    package var isHurried: Bool { false }

    @discardableResult
    package func run(_ sql: SQL) throws(StorageFailure) -> Int {
        try run(dialect.render(sql))
    }

    /// What the body makes of the first row; nil when there is none.
    package func first<Result>(
        _ statement: Statement,
        _ body: (any Row) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result? {
        var result: Result?
        try rows(statement) { row throws(StorageFailure) in
            result = try body(row)
            return false
        }
        return result
    }

    package func first<Result>(
        _ sql: SQL,
        _ body: (any Row) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> Result? {
        try first(dialect.render(sql), body)
    }

    /// What the body makes of each row.
    package func all<Result>(
        _ statement: Statement,
        _ body: (any Row) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> [Result] {
        var results: [Result] = []
        try rows(statement) { row throws(StorageFailure) in
            results.append(try body(row))
            return true
        }
        return results
    }

    package func all<Result>(
        _ sql: SQL,
        _ body: (any Row) throws(StorageFailure) -> Result
    ) throws(StorageFailure) -> [Result] {
        try all(dialect.render(sql), body)
    }
}
