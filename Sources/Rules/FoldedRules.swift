import OffstageExpressions
import OffstageSchema
import OffstageStorage
import Synchronization

/// The rules of one collection, folded for one principal: what does not look at a record is decided, what is left is written
/// as SQL when it is first asked for.
final class FoldedRules: Sendable {
    /// What a condition was asked for.
    enum Question: Hashable {
        case access(Access.Verb)
        case readable(Int)
        case writable(Int)
        case check(Int)
    }

    private struct Key: Hashable {
        let question: Question
        let alias: SQL.Name
    }

    let own: CollectionRules
    let known: Known
    /// Whether somebody may read each field: always, never, or of some records.
    let readable: [Decision]
    /// The fields that they may read of no record.
    let hidden: Set<Int>
    /// Whether there are fields that they may read of some records.
    let hasSometimes: Bool
    private let isTeam: Bool
    /// What the asker's key is not for, whatever the rules say.
    private let withheld: Set<Access.Verb>
    private let permissions = Mutex<[Key: Permission]>([:])

    /// - Parameter collection: the name of the one that the rules are of.
    init(_ own: CollectionRules, of collection: String, for asker: Asker) {
        self.own = own
        withheld = asker.verbsWithheld(of: collection)
        let known = asker.known()
        let isTeam = asker.principal.isTeam
        self.known = known
        self.isTeam = isTeam
        let readable = own.readable.map { $0.decide(known, isTeam: isTeam) }
        self.readable = readable
        hidden = Set(readable.indices.filter { if case .never = readable[$0] { true } else { false } })
        hasSometimes = readable.contains { if case .when = $0 { true } else { false } }
    }

    func decision(to verb: Access.Verb) -> Decision {
        guard !withheld.contains(verb) else { return .never(nil) }
        return (own.access[verb] ?? .nobody).decide(known, isTeam: isTeam)
    }

    func decision(toWrite position: Int) -> Decision {
        let rule = own.writable.indices.contains(position) ? own.writable[position] : .nobody
        return rule.decide(known, isTeam: isTeam)
    }

    /// The answer to a question, as it was made the first time.
    func permission(
        _ question: Question,
        of alias: SQL.Name,
        make: (Decision) throws(Failure) -> Permission
    ) throws(Failure) -> Permission {
        let key = Key(question: question, alias: alias)
        if let made = permissions.withLock({ $0[key] }) { return made }
        let permission = try make(decision(question))
        permissions.withLock { $0[key] = permission }
        return permission
    }

    private func decision(_ question: Question) -> Decision {
        switch question {
        case .access(let verb): decision(to: verb)
        case .readable(let position): readable.indices.contains(position) ? readable[position] : .never(nil)
        case .writable(let position): decision(toWrite: position)
        case .check(let place): own.checks[place].that.decide(known)
        }
    }
}

/// Keeps what was folded, since the same people ask again and again. What depends on the time is folded anew each time.
final class FoldedCache: Sendable {
    struct Key: Hashable {
        let collection: String
        /// Without the address where no rule looks at it.
        let principal: Principal
        let dialect: ObjectIdentifier
    }

    private let kept = Mutex(RecentlyUsed<Key, FoldedRules>(atMost: 4_000))
    /// Each holds the names of the whole app and some filters.
    private let keptSights = Mutex(RecentlyUsed<Key, FilterSight>(atMost: 200))

    func folded(_ key: Key, make: () -> FoldedRules) -> FoldedRules {
        if let found = kept.withLock({ $0.value(key) }) { return found }
        let made = make()
        kept.withLock { $0.keep(made, for: key) }
        return made
    }

    func sight(_ key: Key, make: () -> FilterSight) -> FilterSight {
        if let found = keptSights.withLock({ $0.value(key) }) { return found }
        let made = make()
        keptSights.withLock { $0.keep(made, for: key) }
        return made
    }
}

extension Principal {
    /// The same asker, wherever they ask from.
    func withoutAddress() -> Principal {
        switch self {
        case .visitor: .visitor(address: "")
        case .account(let account): .account(account.withoutAddress())
        case .team, .system: self
        }
    }
}
