import OffstageExpressions
import OffstageSchema

/// The names that the expressions of an app may use, made from its catalog.
struct CatalogScope {
    let catalog: Catalog
    let unread: [String: Set<String>]
    /// The fields of each collection that are there. Made once: every collection's expressions may lead to all others.
    private let fields: [String: [String: Scope.Variable]]
    private let recordTypes: [String: [String: Scope.Variable]]
    /// `records.<collection>`.
    private let lists: [String: Scope.Variable]

    /// - Parameters:
    ///   - unread: fields that the app file declares and that could not be read, by collection: nobody is told that they are
    ///     unknown.
    ///   - seesCollection: whether a collection is there at all; a filter sees only what its caller may read.
    ///   - seesField: whether a field of one is.
    init(
        catalog: Catalog,
        unread: [String: Set<String>] = [:],
        seesCollection: (Collection) -> Bool = { _ in true },
        seesField: (Collection, Int) -> Bool = { _, _ in true }
    ) {
        self.catalog = catalog
        self.unread = unread
        var fields: [String: [String: Scope.Variable]] = [:]
        var types: [String: [String: Scope.Variable]] = [:]
        var lists: [String: Scope.Variable] = [:]
        for collection in catalog.collections where fields[collection.name] == nil {
            let own = Self.fields(of: collection, unread[collection.name] ?? [], seesField)
            fields[collection.name] = own
            // What a relation leads to is there, whatever may be seen of it.
            types[collection.name] = seesCollection(collection) ? own : [:]
            guard seesCollection(collection) else { continue }
            lists[collection.name] = Scope.Variable(.list(.record(collection.name)), nullable: false)
        }
        self.fields = fields
        recordTypes = types
        self.lists = lists
    }

    /// How long ago the account that asks showed a second factor, in this session.
    static let factorAge = "factor_age"

    /// `user`, `now`, `request.ip`, `records.<collection>` and the fields of a collection by plain name.
    func scope(of collection: Collection) -> Scope {
        var scope = Scope(variables: fields[collection.name] ?? [:], recordTypes: recordTypes)
        declareAsker(&scope)
        scope.declare("records", members: lists)
        return scope
    }

    /// For `update`: the fields as they are, and `new` as they would be.
    func updateScope(of collection: Collection) -> Scope {
        var scope = scope(of: collection)
        declareNew(of: collection, &scope)
        return scope
    }

    func declareNew(of collection: Collection, _ scope: inout Scope) {
        scope.variables["new"] = Scope.Variable(.record(collection.name), nullable: false)
    }

    /// For `assign`, which looks at nothing but the new record and who makes it.
    func assignScope(of collection: Collection) -> Scope {
        var scope = Scope(variables: fields[collection.name] ?? [:], relationsAtMost: 0)
        declareAsker(&scope)
        return scope
    }

    private func declareAsker(_ scope: inout Scope) {
        if let users = catalog.collection(Collection.usersName) {
            // Whoever asks knows their own account, whatever of it may be read through the interface.
            var members = Scope.Variable.own.filter { ["id", "created"].contains($0.key) }
            for name in unread[users.name] ?? [] { members[name] = Scope.Variable(.dyn) }
            for field in users.fields { members[field.name] = Scope.Variable(field) }
            members[Self.factorAge] = Scope.Variable(.duration)
            scope.declare("user", members: members)
        } else {
            // A catalog without accounts: `user` is free data.
            scope.variables["user"] = Scope.Variable(.map(.string, .dyn), nullable: false)
        }
        scope.variables["now"] = Scope.Variable(.timestamp, nullable: false)
        scope.declare("request", members: ["ip": Scope.Variable(.string, nullable: false)])
    }

    private static func fields(
        of collection: Collection,
        _ unread: Set<String>,
        _ seesField: (Collection, Int) -> Bool
    ) -> [String: Scope.Variable] {
        var variables = Scope.Variable.own
        for name in unread { variables[name] = Scope.Variable(.dyn) }
        for (position, field) in collection.fields.enumerated() where seesField(collection, position) {
            variables[field.name] = Scope.Variable(field)
        }
        return variables
    }
}

extension Path {
    /// Whether it is `user.factor_age`, which is another at every moment.
    var isFactorAge: Bool {
        root == .variable("user") && steps.first?.name == CatalogScope.factorAge
    }
}
