package import OffstageSchema
package import OffstageStorage

/// The one room that every door leads into: here values are validated, rules decide, and a write and its journal entry
/// commit together. There is no other way to the data.
package struct Records: Sendable {
    package let catalog: Catalog
    package let engine: any Engine
    let ids: IdentifierSource
    let now: @Sendable () -> Timestamp
    /// The statements of each collection, rendered once.
    private let tables: [String: Table]

    /// - Parameters:
    ///   - now: the clock of records, journal and ids; tests give their own.
    package init(catalog: Catalog, engine: any Engine, now: @escaping @Sendable () -> Timestamp) {
        self.catalog = catalog
        self.engine = engine
        self.now = now
        ids = IdentifierSource(now: now)
        tables = Dictionary(
            catalog.collections.map { ($0.name, Table($0, dialect: engine.dialect)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    func table(_ collection: Collection) throws(StorageFailure) -> Table {
        guard let table = tables[collection.name] else {
            throw .other("no table was prepared for \(collection.name)")
        }
        return table
    }

    /// How the interface shows the records of a collection.
    package func json(of collection: Collection) -> RecordJSON {
        tables[collection.name]?.shown ?? RecordJSON(collection)
    }

    /// Whether the rule lets the principal at a record. The team acts beside the rules.
    func allows(_ verb: Access.Verb, _ collection: Collection, _ principal: Principal) -> Bool {
        switch collection.access[verb] {
        case .everybody: true
        case .nobody: principal.isTeam
        }
    }

    /// Whether the principal may know of the collection at all; if not, it is as if there were none.
    package func isVisible(_ collection: Collection, to principal: Principal) -> Bool {
        principal.isTeam || !collection.access.isClosed
    }
}

extension Records {
    /// A new key that nobody guesses: of a form's page, or of a request in the log.
    package func newKey() -> String {
        ids.next().description
    }
}
