/// An engine whose journal is numbered after its entries are committed, and whose database others may use at the same time.
package protocol SequencingEngine: Engine {
    /// Gives the committed entries that have no position yet the next ones.
    /// - Returns: how many entries that were.
    @discardableResult
    func numberEntries() async throws(StorageFailure) -> Int

    /// An element whenever this process wrote something; several at once may come as one. For one reader.
    var writes: AsyncStream<Void> { get }

    /// Makes sure that others know of this process, as they must before they change the shape of the database.
    ///
    /// - Throws: `.refused` when the database has another shape by now: this process must not go on.
    func stayPresent(with shapes: [TableShape]) async throws(StorageFailure)
}
