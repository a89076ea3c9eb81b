import OffstageExpressions

/// A part of an expression that a database cannot answer.
struct TranslationRefusal: Error {
    let fault: ExpressionFault

    /// - Parameter part: what cannot be translated, with its article.
    init(_ part: String, at position: ExpressionPosition) {
        fault = ExpressionFault(position, "\(part) cannot be asked of the database here")
    }
}
