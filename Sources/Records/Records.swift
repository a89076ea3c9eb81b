package import OffstageRules
package import OffstageSchema
package import OffstageStorage

/// The one room that every door leads into: here values are validated, rules decide, and a write and its journal entry
/// commit together. There is no other way to the data.
///
/// A class, since every request takes it along: handing it on costs a reference.
package final class Records: Sendable {
    package let rules: Rules
    package let engine: any Engine
    let ids: IdentifierSource
    let now: @Sendable () -> Timestamp
    /// The statements of each collection, rendered once.
    private let tables: [String: Table]
    let totals: Totals
    let answers: KeptAnswers

    package var catalog: Catalog { rules.catalog }

    /// - Parameters:
    ///   - rules: the app's, checked; they hold its catalog.
    ///   - now: the clock of records, journal and ids; tests give their own.
    package init(rules: Rules, engine: any Engine, now: @escaping @Sendable () -> Timestamp) {
        self.rules = rules
        self.engine = engine
        self.now = now
        ids = IdentifierSource(now: now)
        totals = Totals(rules.catalog, dialect: engine.dialect)
        answers = KeptAnswers(dialect: engine.dialect)
        tables = Dictionary(
            rules.catalog.collections.map { ($0.name, Table($0, dialect: engine.dialect)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The statements of a collection, where a failure of our own is expected.
    func prepared(_ collection: Collection) throws(Failure) -> Table {
        do throws(StorageFailure) {
            return try table(collection)
        } catch {
            throw Failure(error)
        }
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
