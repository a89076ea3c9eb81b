import OffstageExpressions
import OffstageSchema

/// The names that the expressions of an app may use, made from its catalog.
struct CatalogScope {
    let catalog: Catalog
    /// Fields that the app file declares and that could not be read, by collection: nobody is told that they are unknown.
    var unread: [String: Set<String>] = [:]
    /// Whether a collection and a field are there at all; a filter sees only what its caller may read.
    var seesCollection: (Collection) -> Bool = { _ in true }
    var seesField: (Collection, Int) -> Bool = { _, _ in true }

    /// How long ago the account that asks showed a second factor, in this session.
    static let factorAge = "factor_age"

    /// `user`, `now`, `request.ip`, `records.<collection>` and the fields of a collection by plain name.
    func scope(of collection: Collection) -> Scope {
        var scope = Scope(variables: fields(of: collection), recordTypes: recordTypes())
        declareAsker(&scope)
        let lists = catalog.collections.filter(seesCollection).map {
            ($0.name, Scope.Variable(.list(.record($0.name)), nullable: false))
        }
        scope.declare("records", members: Dictionary(lists, uniquingKeysWith: { first, _ in first }))
        return scope
    }

    /// For `update`: the fields as they are, and `new` as they would be.
    func updateScope(of collection: Collection) -> Scope {
        var scope = scope(of: collection)
        scope.variables["new"] = Scope.Variable(.record(collection.name), nullable: false)
        return scope
    }

    /// For `assign`, which looks at nothing but the new record and who makes it.
    func assignScope(of collection: Collection) -> Scope {
        var scope = Scope(variables: fields(of: collection), relationsAtMost: 0)
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

    private func recordTypes() -> [String: [String: Scope.Variable]] {
        let types = catalog.collections.map { collection in
            // What a relation leads to is there, whatever may be seen of it.
            (collection.name, seesCollection(collection) ? fields(of: collection) : [:])
        }
        return Dictionary(types, uniquingKeysWith: { first, _ in first })
    }

    private func fields(of collection: Collection) -> [String: Scope.Variable] {
        var variables = Scope.Variable.own
        for name in unread[collection.name] ?? [] { variables[name] = Scope.Variable(.dyn) }
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
