import OffstageExpressions

/// A part of an expression that a database cannot answer.
struct TranslationRefusal: Error {
    let fault: ExpressionFault
    /// Whether it is a part of a rule of the app that another expression leads to: nothing that its writer may know of.
    var isOfRule = false

    /// - Parameter part: what cannot be translated, with its article.
    init(_ part: String, at position: ExpressionPosition) {
        fault = ExpressionFault(position, "\(part) cannot be asked of the database here")
    }
}
