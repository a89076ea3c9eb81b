extension JSON {
    /// This value changed by a merge patch (RFC 7396, section 2): objects merge member by member, null takes a member
    /// away, anything else replaces.
    package func merging(_ patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members: [Member?] = []
        if case .object(let own) = self { members = own }
        // Names are looked up, not searched: patches of thousands of members come from outside.
        var positions = Dictionary(
            members.enumerated().compactMap { position, member in member.map { (ExactText($0.name), position) } },
            uniquingKeysWith: { first, _ in first }
        )
        for change in changes {
            let name = ExactText(change.name)
            let position = positions[name]
            if case .null = change.value {
                if let position { members[position] = nil }
                positions[name] = nil
            } else if let position {
                let current = members[position]?.value ?? .null
                members[position] = Member(change.name, current.merging(change.value))
            } else {
                positions[name] = members.count
                members.append(Member(change.name, JSON.null.merging(change.value)))
            }
        }
        return .object(members.compactMap { $0 })
    }
}
