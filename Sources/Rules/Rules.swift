import OffstageExpressions
package import OffstageSchema

/// The rules of an app: every expression of its catalog, read, checked against it, and known to be one that a database can
/// answer. The only form in which other rooms take rules.
package struct Rules: Sendable {
    package let catalog: Catalog
    private let collections: [String: CollectionRules]

    /// Reads and checks all expressions of a catalog.
    ///
    /// - Parameter unread: fields that the file declares and that are not in the catalog, since they could not be read.
    /// - Throws: every fault of every expression.
    package init(_ catalog: Catalog, unread: [String: Set<String>] = [:]) throws(RuleFaults) {
        self.catalog = catalog
        var reader = RulesReader(scopes: CatalogScope(catalog: catalog, unread: unread))
        collections = Dictionary(
            catalog.collections.map { ($0.name, reader.read($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        guard reader.faults.isEmpty else { throw RuleFaults(faults: reader.faults) }
    }

    func rules(of collection: Collection) -> CollectionRules {
        collections[collection.name] ?? CollectionRules()
    }
}

/// A rule as it is kept.
enum CheckedRule: Sendable {
    case nobody
    case everybody
    case expression(Checked)
}

/// The checked expressions of one collection. Without any it is closed.
struct CollectionRules: Sendable {
    var access: [Access.Verb: CheckedRule] = [:]
    /// By the positions of the fields.
    var readable: [CheckedRule] = []
    var writable: [CheckedRule] = []
    var assigns: [(position: Int, value: Checked)] = []
    var checks: [(check: Check, that: Checked)] = []
}
