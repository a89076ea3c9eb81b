import OffstageExpressions
package import OffstageSchema
import OffstageStorage

/// The rules of an app: every expression of its catalog, read, checked against it, and known to be one that a database can
/// answer. The only form in which other rooms take rules.
package struct Rules: Sendable {
    package let catalog: Catalog
    private let collections: [String: CollectionRules]
    private let cache = FoldedCache()
    /// What the rules together look at that say what may be seen.
    private let sightDepends: Dependence

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
        sightDepends = Dependence(on: collections.values.flatMap { $0.references(of: $0.sightRules) })
        guard reader.faults.isEmpty else { throw RuleFaults(faults: reader.faults) }
    }

    /// The rules of a collection for somebody, kept from before where they can be.
    func folded(_ collection: Collection, for asker: Asker, _ dialect: any Dialect) -> FoldedRules {
        let own = collections[collection.name] ?? CollectionRules()
        guard let key = key(collection, asker, dialect, own.depends) else {
            return FoldedRules(own, of: collection.name, for: asker)
        }
        return cache.folded(key) { FoldedRules(own, of: collection.name, for: asker) }
    }

    /// What somebody's filters of a collection may name, kept from before where it can be.
    func sight(_ collection: Collection, for asker: Asker, _ dialect: any Dialect) -> FilterSight {
        guard let key = key(collection, asker, dialect, sightDepends) else {
            return newSight(collection, for: asker, dialect)
        }
        return cache.sight(key) { newSight(collection, for: asker, dialect) }
    }

    /// Nil where what was folded holds at one moment only.
    private func key(
        _ collection: Collection,
        _ asker: Asker,
        _ dialect: any Dialect,
        _ depends: Dependence
    ) -> FoldedCache.Key? {
        guard !depends.time else { return nil }
        return FoldedCache.Key(
            collection: collection.name,
            principal: depends.address ? asker.principal : asker.principal.withoutAddress(),
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

    /// What is folded looks at beside the account; known when all are read. What is assigned is not folded.
    private(set) var depends = Dependence()

    mutating func finish() {
        let rules = Array(access.values) + readable + writable
        depends = Dependence(on: references(of: rules) + checks.flatMap(\.that.references))
    }

    /// What says what may be seen.
    var sightRules: [CheckedRule] { [access[.read] ?? .nobody] + readable }

    /// Every name that the rules use.
    func references(of rules: [CheckedRule]) -> [Reference] {
        rules.flatMap { rule -> [Reference] in
            if case .expression(let checked) = rule { checked.references } else { [] }
        }
    }
}

/// What rules look at, beside the account that asks.
struct Dependence: Sendable {
    var time = false
    var address = false

    init() {}

    init(on references: [Reference]) {
        time = references.contains { $0.path.root == .variable("now") || $0.path.isFactorAge }
        address = references.contains { $0.path.root == .variable("request") }
    }
}
