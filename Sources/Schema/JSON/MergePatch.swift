extension JSON {
    /// This value changed by a merge patch (RFC 7396, section 2): objects merge member by member, null takes a member
    /// away, anything else replaces.
    package func merging(_ patch: JSON) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        var members: [Member] = []
        if case .object(let own) = self { members = own }
        for change in changes {
            let index = members.firstIndex { $0.name == change.name }
            if case .null = change.value {
                if let index { members.remove(at: index) }
                continue
            }
            if let index {
                members[index] = Member(change.name, members[index].value.merging(change.value))
            } else {
                members.append(Member(change.name, JSON.null.merging(change.value)))
            }
        }
        return .object(members)
    }
}
