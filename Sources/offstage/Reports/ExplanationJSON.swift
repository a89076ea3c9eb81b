import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage

/// An explanation for tools: the same as JSON, on one line.
struct ExplanationJSON {
    let text: String

    init(_ explanation: Explanation) {
        var rules = explanation.rules.map { Self.json($0.rule, of: $0.verb.rawValue) }
        if let filter = explanation.filter { rules.append(Self.json(filter, of: "filter")) }
        var members = [
            JSON.Member("collection", .string(explanation.collection.name)),
            JSON.Member("verb", .string(explanation.request.verb.rawValue)),
            JSON.Member("as", Self.json(explanation.principal)),
            JSON.Member("rules", .array(rules)),
            JSON.Member("fields", .array(explanation.fields.map(Self.json))),
            JSON.Member("statements", .array(explanation.statements.map(Self.json))),
            JSON.Member("warnings", .array(explanation.warnings.map { .string($0) })),
        ]
        if let verdict = explanation.verdict { members.append(JSON.Member("verdict", Self.json(verdict))) }
        var writer = JSONWriter()
        writer.write(.object(members))
        text = String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func json(_ principal: Principal) -> JSON {
        switch principal {
        case .visitor: return .string("visitor")
        case .team, .system: return .string("team")
        case .account(let account):
            let fields = account.fields.sorted { $0.key < $1.key }.map { JSON.Member($0.key, json($0.value)) }
            return .object([JSON.Member("id", .string("\(account.id)"))] + fields)
        }
    }

    private static func json(_ rule: ExplainedRule, of what: String) -> JSON {
        var members = [
            JSON.Member("of", .string(what)),
            JSON.Member("rule", rule.text.map { .string($0) } ?? .null),
            JSON.Member("folded", .string(rule.folded)),
        ]
        if let failure = rule.failure { members.append(JSON.Member("failure", .string(failure))) }
        return .object(members)
    }

    private static func json(_ field: Explanation.ExplainedField) -> JSON {
        .object([
            JSON.Member("name", .string(field.name)), JSON.Member("limit", .string(field.limit.rawValue)),
            JSON.Member("rule", field.rule?.text.map { .string($0) } ?? .null),
            JSON.Member("folded", field.rule.map { .string($0.folded) } ?? .null),
        ])
    }

    private static func json(_ explained: Explanation.ExplainedStatement) -> JSON {
        .object([
            JSON.Member("purpose", .string(explained.purpose)), JSON.Member("sql", .string(explained.statement.text)),
            JSON.Member("bindings", .array(explained.statement.bindings.map(json))),
            JSON.Member(
                "plan",
                .array(
                    explained.plan.map { step in
                        .object([
                            JSON.Member("depth", .number("\(step.depth)")), JSON.Member("step", .string(step.text)),
                        ])
                    }
                )
            ),
            JSON.Member("indexes", .array(explained.indexes.map { .string($0) })),
        ])
    }

    private static func json(_ verdict: Explanation.Verdict) -> JSON {
        var members: [JSON.Member] = []
        switch verdict.answer {
        case .allowed: members.append(JSON.Member("answer", .string("allowed")))
        case .denied: members.append(JSON.Member("answer", .string("denied")))
        case .absent: members.append(JSON.Member("answer", .string("absent")))
        case .invalid(let faults):
            members.append(JSON.Member("answer", .string("invalid")))
            let errors = faults.map { fault in
                JSON.object([
                    JSON.Member("pointer", .string(fault.pointer)), JSON.Member("code", .string(fault.code.rawValue)),
                    JSON.Member("message", .string(fault.message)),
                ])
            }
            members.append(JSON.Member("errors", .array(errors)))
        }
        let parts = verdict.parts.map {
            JSON.object([JSON.Member("of", .string($0.of)), JSON.Member("part", json($0.answer))])
        }
        members.append(JSON.Member("parts", .array(parts)))
        members.append(JSON.Member("hidden", .array(verdict.hidden.map { .string($0) })))
        return .object(members)
    }

    private static func json(_ part: Explanation.PartAnswer) -> JSON {
        var members = [
            JSON.Member("text", .string(part.text)), JSON.Member("answer", .string(part.truth.rawValue)),
        ]
        if let failure = part.failure { members.append(JSON.Member("failure", .string("\(failure)"))) }
        if let joined = part.joined {
            members.append(JSON.Member(joined, .array(part.parts.map(json))))
        }
        return .object(members)
    }

    private static func json(_ value: Value) -> JSON {
        var writer = JSONWriter()
        writer.write(value)
        return (try? JSONParser.parse(writer.bytes)) ?? .null
    }
}
