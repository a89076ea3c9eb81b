/// A stored record: what the server keeps of every one, and its fields' values in the order of the collection's fields.
package struct Record: Hashable, Sendable {
    package var id: Identifier
    package var created: Timestamp
    package var updated: Timestamp
    /// 1, 2, 3 …
    package var version: Int64
    package var values: [Value]
    /// Positions of the fields that whoever asked may not see. Answers leave them out.
    package var hidden: Set<Int> = []

    package init(id: Identifier, created: Timestamp, updated: Timestamp, version: Int64, values: [Value]) {
        self.id = id
        self.created = created
        self.updated = updated
        self.version = version
        self.values = values
    }
}
