package import OffstageSchema

/// What a plan asks a database about what it holds. Tables and columns are named as they are before the migration.
package protocol StoredValues {
    /// How many records a table holds.
    func records(in table: TableShape) throws(StorageFailure) -> Int

    /// How many records have something in a column: not null, no empty text, no empty list.
    func filled(_ column: ColumnShape, in table: TableShape) throws(StorageFailure) -> Int

    /// Hands over the value of a column in every record.
    func each(
        _ column: ColumnShape,
        in table: TableShape,
        _ body: (Value) throws(StorageFailure) -> Void
    ) throws(StorageFailure)

    /// Whether a table holds a record.
    func holds(_ id: Identifier, in table: TableShape) throws(StorageFailure) -> Bool

    /// A value that more than one record has in a column, and in how many; nil when there is none. Nulls do not count.
    func repeated(
        _ column: ColumnShape,
        in table: TableShape
    ) throws(StorageFailure) -> (value: Value, records: Int)?
}
