/// What a column holds, in words that every engine shares; each engine has its own type for it.
package enum ColumnType: Hashable, Sendable, Codable {
    case boolean
    case integer
    case number
    /// Kept as an integer: the decimal times 10^scale.
    case decimal(scale: Int)
    case text
    /// A text that is compared without case.
    case email
    case date
    case datetime
    case identifier
    case json
    /// A list, as a JSON array of its elements.
    case list(Element)

    /// What a list may hold.
    package enum Element: String, Hashable, Sendable, Codable {
        case text, integer, identifier
    }
}
