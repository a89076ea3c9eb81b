/// How large an expression may be, and how much work it may do. None of them can be switched off: the caller only moves
/// them.
package struct Limits: Hashable, Sendable {
    /// Unicode characters of the text.
    package var charactersAtMost: Int
    /// Brackets, calls, unary operators and conditions inside each other.
    package var nestingAtMost: Int
    /// Nodes of the syntax tree.
    package var nodesAtMost: Int
    /// Steps of one evaluation or one fold. A step is at most half a microsecond: work on long texts and
    /// lists, calls and patterns count as many.
    package var stepsAtMost: Int

    package init(charactersAtMost: Int, nestingAtMost: Int, nodesAtMost: Int, stepsAtMost: Int = 50_000) {
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
    /// Bounds, with the height, how deeply the values that an expression makes can lie in each other.
    static let nestingNeverAbove = 64
    /// Steps spent on constant parts when an expression is checked.
    static let stepsOfChecking = 5000
}
