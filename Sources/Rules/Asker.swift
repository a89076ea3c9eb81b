import OffstageExpressions
package import OffstageSchema

/// Who asks and when: what every expression knows before it looks at a record.
package struct Asker: Sendable {
    package let principal: Principal
    package let now: Timestamp

    package init(_ principal: Principal, at now: Timestamp) {
        self.principal = principal
        self.now = now
    }

    /// `user`, `now` and `request`. For anybody without an account `user` is an empty map. A field of the account that has
    /// no value is not in it, so that two empty values never match by accident.
    func known(_ arguments: [(key: String, value: Datum)] = []) -> Known {
        var user = DatumMap()
        var address = ""
        switch principal {
        case .visitor(let from): address = from
        case .account(let account):
            address = account.address
            user = DatumMap(
                [("id", Datum.string(account.id.description))]
                    + account.fields.filter { !$0.value.isNull && account.shows($0.key) }
                    .map { ($0.key, Datum($0.value)) }
                    + factorAge(of: account)
            )
        case .team, .system: break
        }
        return Known([
            "user": .map(user),
            "now": .timestamp(Moment(now)),
            "request": .map(DatumMap([("ip", .string(address))])),
            "arg": .map(DatumMap(arguments)),
        ])
    }

    /// How long ago a second factor was shown; a clock that was set back makes nobody's factor older than it is.
    private func factorAge(of account: Account) -> [(key: String, value: Datum)] {
        guard let at = account.factorAt else { return [] }
        let age = Span(milliseconds: max(0, now.milliseconds - at.milliseconds))
        return [(CatalogScope.factorAge, .duration(age))]
    }

    /// The verbs that a key is not for.
    func verbsWithheld(of collection: String) -> Set<Access.Verb> {
        guard case .account(let account) = principal, let scope = account.scope else { return [] }
        return Set(Access.Verb.allCases.filter { !scope.allows($0, of: collection) })
    }
}
