/// Where something stands in the app file: line and column, both from 1, columns in Unicode code points.
package struct Place: Hashable, Sendable, Comparable {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    package static let start = Place(line: 1, column: 1)

    package static func < (left: Place, right: Place) -> Bool {
        left.line == right.line ? left.column < right.column : left.line < right.line
    }
}

/// One thing that is wrong with the app file.
package struct AppFileFault: Hashable, Sendable, CustomStringConvertible {
    package let fileName: String
    package let place: Place
    /// What is wrong, what was expected and, for a misspelling, the nearest right name. One line, no full stop.
    package let message: String

    package init(fileName: String, place: Place, message: String) {
        self.fileName = fileName
        self.place = place
        self.message = message
    }

    /// `offstage.yaml:12:7: unknown key "requierd" in a text field; …`, the form that editors and terminals make a link.
    package var description: String {
        "\(fileName):\(place.line):\(place.column): \(message)"
    }
}

/// All that is wrong with an app file, in the order of the file. Never empty.
package struct AppFileFaults: Error, Hashable, Sendable, CustomStringConvertible {
    package let faults: [AppFileFault]

    package init(_ faults: [AppFileFault]) {
        self.faults = faults
    }

    /// One fault a line.
    package var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}
