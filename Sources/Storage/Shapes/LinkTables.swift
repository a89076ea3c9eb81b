extension TableShape {
    /// The name of the table that holds a list's references to other records, one row an element.
    package func links(of column: ColumnShape) -> String {
        "_links_\(name).\(column.name)"
    }

    /// The columns that have a table of links: lists of ids that refer to another table.
    package var linked: [(column: ColumnShape, target: String)] {
        columns.compactMap { column in
            guard column.isList, let target = column.reference else { return nil }
            return (column, target)
        }
    }
}
