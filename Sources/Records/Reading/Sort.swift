package import OffstageRules
package import OffstageSchema
import OffstageStorage

/// The order of a list: by fields, then always by id, so that it is total and a cursor names one place in it.
package struct Sort: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        /// A field's name, or `id`, `created`, `updated`, `version`.
        package let name: String
        package let descending: Bool
    }

    /// The keys as they were asked for, and `id` at the end if it was not among them.
    package let keys: [Key]

    package static let keysAtMost = 8

    package init() {
        keys = [Key(name: "id", descending: false)]
    }

    private init(keys: [Key]) {
        self.keys = keys
    }

    /// The order of a search: what fits best comes first.
    package static let byRank = Sort(keys: [
        Key(name: SQL.Name.rank.text, descending: false), Key(name: "id", descending: false),
    ])

    var isByRank: Bool { keys.first?.name == SQL.Name.rank.text }

    /// Reads `-price,name`.
    ///
    /// - Throws: `.malformed` for a name that is no field or not one that the caller may read, or whose values have no
    ///   order.
    package init(_ text: String, _ view: View) throws(Failure) {
        let collection = view.collection
        var keys: [Key] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let descending = part.hasPrefix("-")
            let name = String(descending ? part.dropFirst() : part[...])
            guard Self.isSortable(name, view) else {
                throw Failure(
                    .malformed,
                    "sort: \"\(name.prefix(80))\" is not a field that \(collection.name) can be sorted by."
                )
            }
            guard !keys.contains(where: { $0.name == name }) else {
                throw Failure(.malformed, "sort: \(name) stands twice.")
            }
            keys.append(Key(name: name, descending: descending))
        }
        guard keys.count <= Self.keysAtMost else {
            throw Failure(.malformed, "sort: at most \(Self.keysAtMost) fields, not \(keys.count).")
        }
        // The last direction holds for the id too, so that an index read backwards serves the whole order.
        if !keys.contains(where: { $0.name == "id" }) {
            keys.append(Key(name: "id", descending: keys.last?.descending ?? false))
        }
        self.keys = keys
    }

    static func isSortable(_ name: String, _ view: View) -> Bool {
        if ["id", "created", "updated", "version"].contains(name) { return true }
        guard let field = view.collection.field(name), view.showsAlways(name) else { return false }
        if case .json = field.kind { return false }
        return !field.many
    }

    /// The parameter that gives this sort: `-price,name`.
    package var text: String {
        keys.map { ($0.descending ? "-" : "") + $0.name }.joined(separator: ",")
    }

    /// Whether an index gives this order, so that a page costs the same however many records there are.
    func isServedByIndex(of collection: Collection) -> Bool {
        guard let first = keys.first else { return true }
        if first.name == "id" { return true }
        let named = keys.filter { $0.name != "id" }
        // Only with all its keys does an index go on to the id, which is last in every sort.
        return collection.indexes.contains { index in
            guard index.keys.count == named.count else { return false }
            let pairs = zip(index.keys, named)
            return pairs.allSatisfy { $0.field == $1.name && $0.descending == $1.descending }
                || pairs.allSatisfy { $0.field == $1.name && $0.descending != $1.descending }
        } || (named.count == 1 && collection.field(first.name).map { $0.unique && $0.required } ?? false)
    }

    /// Whether what follows a place is one range of an index: all keys go the same way and are never empty.
    func isOneRange(of collection: Collection) -> Bool {
        let isNeverEmpty = keys.allSatisfy { collection.field($0.name)?.required ?? true }
        return isNeverEmpty && Set(keys.map(\.descending)).count == 1
    }

    /// The terms of ORDER BY. Nothing sorts before everything on every engine.
    func order(_ collection: Collection, _ dialect: any Dialect) -> SQL {
        let terms = keys.map { key in
            dialect.ordered(column(key, collection, dialect), of: key.name, descending: key.descending)
        }
        return "\(terms, separator: ", ")"
    }

    /// What is compared for a key.
    func column(_ key: Key, _ collection: Collection, _ dialect: any Dialect) -> SQL {
        guard let field = collection.field(key.name) else { return "\(SQL.Name(stored: key.name))" }
        if case .email = field.kind { return dialect.caselessKey("\(SQL.Name(field))") }
        return "\(SQL.Name(field))"
    }

    /// What a record has for a key.
    func value(_ key: Key, of record: Record, rank: Int64?, _ collection: Collection) -> Value {
        if let position = collection.position(of: key.name) { return record.values[position] }
        return switch key.name {
        case "created": .datetime(record.created)
        case "updated": .datetime(record.updated)
        case "version": .integer(record.version)
        case SQL.Name.rank.text: .integer(rank ?? 0)
        default: .identifier(record.id)
        }
    }
}
