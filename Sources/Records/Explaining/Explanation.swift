package import OffstageExpressions
package import OffstageRules
package import OffstageSchema
package import OffstageStorage

/// Why somebody may or may not do something with a collection, and what it costs: data, for people and tools.
package struct Explanation: Sendable {
    package let collection: Collection
    package let request: Request
    package let principal: Principal
    /// The rules that decide, each with the verb that it is of: a change also needs the rule of reading.
    package let rules: [(verb: Access.Verb, rule: ExplainedRule)]
    package let filter: ExplainedRule?
    /// What the database is asked, in order. Empty where the answer is no before anything is asked.
    package let statements: [ExplainedStatement]
    package let warnings: [String]
    /// The fields that are not simply open.
    package let fields: [ExplainedField]
    /// Of the record in question, or of the new one.
    package let verdict: Verdict?

    /// What somebody would ask for.
    package enum Verb: String, Sendable, CaseIterable {
        case list, read, create, update, delete

        /// The verb of the rule that it goes by.
        package var access: Access.Verb {
            switch self {
            case .list, .read: .read
            case .create: .create
            case .update: .update
            case .delete: .delete
            }
        }
    }

    package struct Request: Sendable {
        package var verb: Verb
        package var filter: String?
        package var arguments: [(name: String, value: String)] = []
        package var sort: String?
        /// The record that is asked for.
        package var record: Identifier?
        /// The values of a new record, or of a change.
        package var values: Input?

        package init(_ verb: Verb) {
            self.verb = verb
        }
    }

    package struct ExplainedStatement: Sendable {
        /// "reads a page", as a note beside it.
        package let purpose: String
        package let statement: Statement
        package let plan: [PlanStep]
    }

    /// A field that somebody may not read or not set, always or of some records.
    package struct ExplainedField: Sendable {
        package enum Limit: String, Sendable {
            case hidden
            case hiddenSometimes = "hidden sometimes"
            case notWritable = "not writable"
            case notWritableSometimes = "not writable sometimes"
        }

        package let name: String
        package let limit: Limit
        /// The field's rule; nil where the server sets the value.
        package let rule: ExplainedRule?
    }

    /// What comes of the request for one record.
    package struct Verdict: Sendable {
        package enum Answer: Sendable {
            case allowed
            /// The rule says no.
            case denied
            /// The rule says yes, and the values are not valid.
            case invalid([Fault])
            /// There is no record with this id.
            case absent
        }

        package let answer: Answer
        /// One for each of the rules, then one for the filter, with what it is called; nothing of a rule that has no parts.
        package let parts: [(of: String, answer: PartAnswer)]
        /// Fields of the record that whoever asks does not get to see.
        package let hidden: [String]
    }

    /// What a part of a rule says of the record.
    package struct PartAnswer: Sendable {
        package enum Truth: String, Sendable {
            case yes, no, error
        }

        package let text: String
        package let truth: Truth
        package let failure: EvaluationFailure?
        /// "all" or "any" of the parts, when there are some.
        package let joined: String?
        package let parts: [PartAnswer]
    }
}
