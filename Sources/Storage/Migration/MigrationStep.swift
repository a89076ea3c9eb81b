/// One change of a database, as people would name it.
package struct MigrationStep: Hashable, Sendable {
    package let kind: Kind
    /// The collection, by the name that it has after the migration, or had before it is dropped.
    package let table: String
    /// The field; nil for a step about the collection itself.
    package let column: String?
    /// "add the field products.cost (decimal, 10 digits, 2 after the point)".
    package let sentence: String
    /// What is lost; nil when nothing is.
    package let loss: Loss?
    /// Why it can't be done as things are; nil when it can.
    package let obstacle: Obstacle?

    package init(
        _ kind: Kind,
        table: String,
        column: String? = nil,
        _ sentence: String,
        loss: Loss? = nil,
        obstacle: Obstacle? = nil
    ) {
        self.kind = kind
        self.table = table
        self.column = column
        self.sentence = sentence
        self.loss = loss
        self.obstacle = obstacle
    }

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case renameTable, createTable, dropTable
        case renameColumn, addColumn, convertColumn, dropColumn
        /// A value must be there, or need not be any more.
        case require, allowEmpty
        case makeUnique, allowRepeats
        /// The words of a choice, or the digits of a decimal.
        case narrow, widen
        case addReference, changeReference, dropReference
        case addIndex, dropIndex
        /// The full-text search of a collection.
        case addSearch, changeSearch, dropSearch
    }

    package struct Loss: Hashable, Sendable {
        /// Records that lose something; never 0.
        package let records: Int
        /// "12 records have a value in it".
        package let sentence: String

        package init(records: Int, _ sentence: String) {
            self.records = records
            self.sentence = sentence
        }
    }

    package struct Obstacle: Hashable, Sendable {
        /// "2 records would have no value".
        package let reason: String
        /// "give the field a default".
        package let remedy: String

        package init(_ reason: String, remedy: String) {
            self.reason = reason
            self.remedy = remedy
        }
    }
}

extension MigrationStep: CustomStringConvertible {
    /// The sentence, then what is lost or why it can't be done: "drop the field products.cost: 12 records have a value
    /// in it".
    package var description: String {
        if let obstacle { return "\(sentence): \(obstacle.reason). To go on, \(obstacle.remedy)." }
        if let loss { return "\(sentence): \(loss.sentence)" }
        return sentence
    }
}
