/// A node of a checked expression: every name resolved, every type known. This is what a translation to SQL walks.
package struct Term: Sendable {
    package let kind: Kind
    package let type: ValueType
    package let position: ExpressionPosition

    package init(_ kind: Kind, _ type: ValueType, at position: ExpressionPosition) {
        self.kind = kind
        self.type = type
        self.position = position
    }

    package indirect enum Kind: Sendable {
        case literal(Datum)
        /// What folding left of a part that can only fail. It means no, on either side of a negation.
        case failure(EvaluationFailure)
        /// A variable of the scope or a local one, and the fields read from it.
        case path(Path)
        /// A member of something that is no path: `{"a": 1}.a`.
        case member(Term, String)
        /// Whether a path leads to a value; the path's last step, or the variable itself, is what is asked for.
        case hasPath(Path)
        /// Whether something that is no path has a member.
        case hasMember(Term, String)
        case not(Term)
        case negate(Term)
        /// Two or more operands.
        case and([Term])
        case or([Term])
        case ternary(condition: Term, yes: Term, no: Term)
        case compare(Comparison, Term, Term)
        case membership(Term, of: Term)
        case arithmetic(Arithmetic, Term, Term)
        case index(Term, Term)
        /// Receiver, when there is one, as the first argument.
        case call(Function, [Term])
        /// `text.matches(pattern)` with a pattern known when the expression was checked.
        case matches(Term, RegularExpression)
        case list([Term])
        case map([Entry])
        case comprehension(Comprehension)
        /// `cel.bind(name, value, body)`.
        case bind(Local, value: Term, body: Term)
    }

    package enum Comparison: String, Sendable {
        case equal = "=="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
    }

    package enum Arithmetic: String, Sendable {
        case add = "+"
        case subtract = "-"
        case multiply = "*"
        case divide = "/"
        case remainder = "%"
    }

    package struct Entry: Sendable {
        package let key: Term
        package let value: Term
    }

    /// The literal that it is, if it is one.
    package var literal: Datum? {
        if case .literal(let value) = kind { value } else { nil }
    }

    /// The path that it is, if it is one.
    package var path: Path? {
        if case .path(let path) = kind { path } else { nil }
    }
}

/// A variable that a comprehension or `cel.bind` binds.
package struct Local: Hashable, Sendable {
    package let name: String
    /// Unique among the locals that are visible at one place; inner ones have higher numbers.
    package let slot: Int
    package let type: ValueType
}

/// A variable and the fields read from it, one after the other: `status`, `user.id`, `course.teacher.manager`, `e.student`.
package struct Path: Hashable, Sendable {
    package enum Root: Hashable, Sendable {
        /// By its full name in the scope.
        case variable(String)
        case local(Local)
    }

    package struct Step: Hashable, Sendable {
        package let name: String
        /// What is read from: `.relation` when the step follows a relation, `.record` for a record's own field, `.map` or
        /// `.dyn` for a key of data that no field describes.
        package let from: ValueType
        package let type: ValueType
        package let nullable: Bool
    }

    package let root: Root
    package let rootType: ValueType
    package let rootNullable: Bool
    package let steps: [Step]

    package var type: ValueType { steps.last?.type ?? rootType }

    /// Whether the value may be null: its own field is nullable, or a relation on the way is.
    package var nullable: Bool { rootNullable || steps.contains { $0.nullable } }

    /// As it is written: `course.teacher.manager`.
    package var text: String {
        let name =
            switch root {
            case .variable(let name): name
            case .local(let local): local.name
            }
        return ([name] + steps.map(\.name)).joined(separator: ".")
    }

    func appending(_ step: Step) -> Path {
        Path(root: root, rootType: rootType, rootNullable: rootNullable, steps: steps + [step])
    }
}

/// A macro that goes through a list or the keys of a map.
package struct Comprehension: Sendable {
    package enum Kind: String, Sendable {
        case all
        case exists
        case existsOne = "exists_one"
        case filter
        case map
        case transformList
        case transformMap
        case transformMapEntry
    }

    package let kind: Kind
    package let range: Term
    /// One: the element of a list or the key of a map. Two: the index and element, or the key and value.
    package let variables: [Local]
    /// The predicate of `all`, `exists`, `exists_one` and `filter`; the optional filter of the others.
    package let condition: Term?
    /// The value that `map` and the `transform…` macros make.
    package let body: Term?
}
