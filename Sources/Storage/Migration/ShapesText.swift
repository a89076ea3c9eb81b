import FoundationEssentials

/// The shapes in force as the text that a database keeps of them: JSON, keys in order, so that equal shapes are equal
/// texts.
package enum ShapesText {
    /// - Throws: `.other` with what the encoder says; these types give it no cause.
    package static func write(_ shapes: [TableShape]) throws(StorageFailure) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(shapes), as: UTF8.self)
        } catch {
            throw .other("the shapes of the tables can't be written: \(error)")
        }
    }

    /// - Throws: `.damaged` when the text is not one that `write` made.
    package static func read(_ text: String) throws(StorageFailure) -> [TableShape] {
        do {
            return try JSONDecoder().decode([TableShape].self, from: Data(text.utf8))
        } catch {
            throw .damaged("the shapes of the tables that the database keeps of itself can't be read")
        }
    }
}
