/// `accounts`: who may sign up, and what is kept of an account. Checked, then refused.
struct AccountsReader {
    static let signUp = ["open", "invite", "closed"]
    static let keys: [Key] = [
        Key("sign_up", "Who may make an account: open, invite or closed.", .words(signUp)),
        Key("fields", "More fields of the built-in collection users.", .named("fields")),
    ]

    let names: AppNames
    let faults: FaultList

    func read(_ section: Section) {
        guard let node = section["accounts"], let place = section.place(of: "accounts") else { return }
        if !node.isNull,
            let accounts = Section(node, what: "the accounts", place: place, keys: Self.keys, faults: faults)
        {
            if let word = accounts["sign_up"] { _ = faults.word(word, Self.signUp) }
            _ = FieldsReader(names: names, places: ExpressionPlaces(), faults: faults).read(accounts["fields"])
        }
        faults.add(place, NotYet.accounts)
    }
}
