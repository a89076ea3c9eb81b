/// The tree of a pattern.
indirect enum RegexNode {
    case empty
    case scalar(Unicode.Scalar)
    case set(RegexSet)
    case assertion(RegexAssertion)
    case sequence([RegexNode])
    case alternatives([RegexNode])
    /// At most nil means without end.
    case repeated(RegexNode, atLeast: Int, atMost: Int?)
}

/// Tree to program. Counted repetitions are written out, so the size is bounded here.
struct RegexCompiler {
    private(set) var program: [RegexInstruction] = []

    /// Together with the length of a text this bounds the time of a match.
    private static let instructionsAtMost = 2000

    private mutating func append(_ instruction: RegexInstruction) throws(RegularExpression.Refusal) {
        guard program.count < Self.instructionsAtMost else {
            throw RegularExpression.Refusal(reason: "it is too large")
        }
        program.append(instruction)
    }

    mutating func emit(_ node: RegexNode) throws(RegularExpression.Refusal) {
        switch node {
        case .empty: break
        case .scalar(let scalar): try append(.scalar(scalar))
        case .set(let set): try append(.set(set))
        case .assertion(let assertion): try append(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try emit(node) }
        case .alternatives(let nodes): try emit(alternatives: nodes)
        case .repeated(let node, let atLeast, let atMost): try emit(node, atLeast: atLeast, atMost: atMost)
        }
    }

    private mutating func emit(alternatives nodes: [RegexNode]) throws(RegularExpression.Refusal) {
        var ends: [Int] = []
        for (place, node) in nodes.enumerated() {
            guard place < nodes.count - 1 else {
                try emit(node)
                break
            }
            let split = program.count
            try append(.split(split + 1, split + 1))
            try emit(node)
            ends.append(program.count)
            try append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }

    private mutating func emit(
        _ node: RegexNode,
        atLeast: Int,
        atMost: Int?
    ) throws(RegularExpression.Refusal) {
        for _ in 0..<atLeast {
            let before = program.count
            try emit(node)
            // What matches nothing but the empty text is the same once and a thousand times.
            if program.count == before { break }
        }
        guard let atMost else {
            let split = program.count
            try append(.split(split + 1, split + 1))
            try emit(node)
            try append(.jump(split))
            program[split] = .split(split + 1, program.count)
            return
        }
        var splits: [Int] = []
        for _ in 0..<max(0, atMost - atLeast) {
            splits.append(program.count)
            try append(.split(program.count + 1, program.count + 1))
            try emit(node)
        }
        for split in splits { program[split] = .split(split + 1, program.count) }
    }
}
