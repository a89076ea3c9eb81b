import OffstageAppFile
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage

/// An explanation for people: a label at the left, what it is at the right.
struct ExplanationText {
    private(set) var lines: [String] = []

    private static let width = 13

    init(_ explanation: Explanation) {
        lines.append(
            "\(explanation.collection.name): \(explanation.request.verb.rawValue), as \(Self.who(explanation))"
        )
        if let note = Self.note(explanation.principal) { lines.append(note) }
        lines.append("")
        for (verb, rule) in explanation.rules {
            add(rule, label: "\(verb.rawValue) rule", isBeside: explanation.principal.isTeam)
        }
        if let filter = explanation.filter { add(filter, label: "filter") }
        if let verdict = explanation.verdict { add(verdict, explanation) }
        add(explanation.fields)
        add(explanation.statements)
        for warning in explanation.warnings { add("warning", warning) }
    }

    private static func who(_ explanation: Explanation) -> String {
        switch explanation.principal {
        case .visitor: return "a visitor"
        case .team, .system: return "the team"
        case .account(let account):
            let fields = account.fields.sorted { $0.key < $1.key }.map { "\($0.key): \(text($0.value))" }
            return "the account {\((["id: \(account.id)"] + fields).joined(separator: ", "))}"
        }
    }

    private static func note(_ principal: Principal) -> String? {
        guard case .account(let account) = principal, account.id == AccountText.standInID else { return nil }
        return "The account was given no id, so it has one that stands for any."
    }

    // MARK: Rules

    /// - Parameter isBeside: whether whoever asks acts beside the rule.
    private mutating func add(_ rule: ExplainedRule, label: String, isBeside: Bool = false) {
        add(label, rule.text.map(Self.oneLine) ?? "absent, so nobody but the team")
        add("for them", "\(rule.folded)\(Self.meaning(rule, isBeside: isBeside))")
    }

    private static func meaning(_ rule: ExplainedRule, isBeside: Bool) -> String {
        if isBeside { return "  (the team acts beside the rules)" }
        if let failure = rule.failure { return "  (it fails: \(failure))" }
        return ""
    }

    // MARK: The record

    private mutating func add(_ verdict: Explanation.Verdict, _ explanation: Explanation) {
        let what = explanation.request.record.map { "record \($0)" } ?? "the new record"
        lines.append("")
        switch verdict.answer {
        case .allowed: lines.append("yes: \(explanation.request.verb.rawValue) \(what)")
        case .denied: lines.append("no: \(what) is not theirs to \(explanation.request.verb.rawValue)")
        case .absent: lines.append("no: there is no \(what) in \(explanation.collection.name)")
        case .invalid(let faults):
            lines.append("no: the values are not valid")
            for fault in faults {
                let name = fault.pointer.isEmpty ? "" : "\(fault.pointer.dropFirst()) "
                lines.append("  ✗ \(name)\(fault.message)")
            }
        }
        for (name, part) in verdict.parts { add(part, prefix: "\(name): ", depth: 1) }
        if !verdict.hidden.isEmpty { add("hidden", verdict.hidden.joined(separator: ", ")) }
    }

    private mutating func add(_ part: Explanation.PartAnswer, prefix: String = "", depth: Int) {
        let mark =
            switch part.truth {
            case .yes: "✓"
            case .no: "✗"
            case .error: "!"
            }
        let indent = String(repeating: "  ", count: depth)
        if let joined = part.joined {
            lines.append("\(indent)\(mark) \(prefix)\(joined) of")
            for inner in part.parts { add(inner, depth: depth + 1) }
        } else {
            let reason = part.failure.map { " at \($0)" } ?? ""
            lines.append("\(indent)\(mark) \(prefix)\(Self.oneLine(part.text))  \(part.truth.rawValue)\(reason)")
        }
    }

    // MARK: Fields, statements

    private mutating func add(_ fields: [Explanation.ExplainedField]) {
        guard !fields.isEmpty else { return }
        lines.append("")
        for field in fields {
            let reason =
                field.rule.map { rule in
                    rule.permission == .never
                        ? Self.oneLine(rule.text ?? "nobody but the team") : "unless \(rule.folded)"
                } ?? "set by the server"
            add("field", "\(field.name): \(field.limit.rawValue), \(reason)")
        }
    }

    private mutating func add(_ statements: [Explanation.ExplainedStatement]) {
        lines.append("")
        guard !statements.isEmpty else {
            add("statement", "none: the answer is no before the database is asked")
            return
        }
        for explained in statements {
            add("statement", explained.purpose)
            add("", Self.oneLine(explained.statement.text))
            if !explained.statement.bindings.isEmpty {
                add("with", explained.statement.bindings.map(Self.text).joined(separator: ", "))
            }
            for step in explained.plan {
                add("plan", String(repeating: "  ", count: step.depth) + step.text)
            }
            let indexes = explained.indexes
            if !indexes.isEmpty { add(indexes.count == 1 ? "index" : "indexes", indexes.joined(separator: "; ")) }
        }
    }

    private mutating func add(_ label: String, _ text: String) {
        let gap = String(repeating: " ", count: max(1, Self.width - label.count))
        lines.append(label + gap + text)
    }

    private static func text(_ value: Value) -> String {
        var writer = JSONWriter()
        writer.write(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " })
        }.joined(separator: " ")
    }
}

extension Explanation.ExplainedStatement {
    /// The indexes that the plan uses, each once.
    var indexes: [String] {
        var indexes: [String] = []
        for step in plan {
            let index: String? =
                switch step.access {
                case .search(_, let index): index
                case .scan(_, let index): index
                case .sort, .other: nil
                }
            if let index, !indexes.contains(index) { indexes.append(index) }
        }
        return indexes
    }
}
