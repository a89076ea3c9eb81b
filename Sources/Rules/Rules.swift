import OffstageExpressions
package import OffstageSchema
import OffstageStorage

/// The rules of an app: every expression of its catalog, read, checked against it, and known to be one that a database can
/// answer. The only form in which other rooms take rules.
package struct Rules: Sendable {
    package let catalog: Catalog
    private let collections: [String: CollectionRules]
    private let cache = FoldedCache()
    /// Whether any rule looks at the time, or at the address of who asks.
    private let usesTime: Bool
    private let usesAddress: Bool

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
        let references = collections.values.flatMap(\.references)
        usesTime = references.contains { $0.path.root == .variable("now") }
        usesAddress = references.contains { $0.path.root == .variable("request") }
        guard reader.faults.isEmpty else { throw RuleFaults(faults: reader.faults) }
    }

    /// The rules of a collection for somebody, kept from before where they can be.
    func folded(_ collection: Collection, for asker: Asker, _ dialect: any Dialect) -> FoldedRules {
        let own = collections[collection.name] ?? CollectionRules()
        guard let key = key(collection, asker, dialect) else { return FoldedRules(own, for: asker) }
        return cache.folded(key) { FoldedRules(own, for: asker) }
    }

    /// What somebody's filters of a collection may name, kept from before where it can be.
    func sight(_ collection: Collection, for asker: Asker, _ dialect: any Dialect) -> FilterSight {
        guard let key = key(collection, asker, dialect) else { return newSight(collection, for: asker, dialect) }
        return cache.sight(key) { newSight(collection, for: asker, dialect) }
    }

    /// Nil where what was folded holds at one moment only.
    private func key(_ collection: Collection, _ asker: Asker, _ dialect: any Dialect) -> FoldedCache.Key? {
        guard !usesTime else { return nil }
        return FoldedCache.Key(
            collection: collection.name,
            principal: usesAddress ? asker.principal : asker.principal.withoutAddress(),
            dialect: ObjectIdentifier(type(of: dialect))
        )
    }

    private func newSight(_ collection: Collection, for asker: Asker, _ dialect: any Dialect) -> FilterSight {
        let views = Dictionary(
            catalog.collections.map { ($0.name, View($0, for: asker, self, dialect: dialect)) },
            uniquingKeysWith: { first, _ in first }
        )
        let decisions = views.mapValues { $0.decision(to: .read) }
        let scopes = CatalogScope(
            catalog: catalog,
            seesCollection: { collection in
                if case .never? = decisions[collection.name] { false } else { true }
            },
            seesField: { collection, position in views[collection.name]?.showsAlways(position) ?? false }
        )
        let conditions = decisions.filter { if case .always = $0.value { false } else { true } }
        return FilterSight(scope: scopes.scope(of: collection), conditions: conditions)
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

    /// Every name that any of them uses.
    var references: [Reference] {
        let rules = Array(access.values) + readable + writable
        let expressions = rules.compactMap { if case .expression(let checked) = $0 { checked } else { nil } }
        return (expressions + assigns.map(\.value) + checks.map(\.that)).flatMap(\.references)
    }
}
