/// How large an expression may be, and how much work it may do. None of them can be switched off: the caller only moves
/// them.
package struct Limits: Hashable, Sendable {
    /// Unicode characters of the text.
    package var charactersAtMost: Int
    /// Brackets, calls, unary operators and conditions inside each other.
    package var nestingAtMost: Int
    /// Nodes of the syntax tree.
    package var nodesAtMost: Int
    /// Steps of one evaluation or one fold. A step is about 50 nanoseconds; work on long texts and lists counts more.
    package var stepsAtMost: Int

    package init(charactersAtMost: Int, nestingAtMost: Int, nodesAtMost: Int, stepsAtMost: Int = 100_000) {
        self.charactersAtMost = charactersAtMost
        self.nestingAtMost = nestingAtMost
        self.nodesAtMost = nodesAtMost
        self.stepsAtMost = stepsAtMost
    }

    /// For filters that come with a request.
    package static let filter = Limits(charactersAtMost: 4096, nestingAtMost: 32, nodesAtMost: 2000)
    /// For rules and checks of the app file.
    package static let rule = Limits(charactersAtMost: 16_384, nestingAtMost: 32, nodesAtMost: 8000)

    /// No tree is higher, whatever the caller allows: every walk over it recurses, and the stack must hold.
    static let heightAtMost = 192
}
