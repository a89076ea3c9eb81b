package import OffstageSchema

/// A statement, or a part of one, as a value: literal pieces, names that came from the catalog, and bindings.
///
/// Interpolating a plain `String` does not compile, so text from outside cannot become SQL.
package struct SQL: Hashable, Sendable, ExpressibleByStringInterpolation {
    package enum Piece: Hashable, Sendable {
        case literal(String)
        case name(String)
        case binding(Value)
    }

    package private(set) var pieces: [Piece]

    package init(stringLiteral value: StaticString) {
        pieces = [.literal(value.description)]
    }

    package init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    package init() {
        pieces = []
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: StaticString) {
            if literal.utf8CodeUnitCount > 0 { pieces.append(.literal(literal.description)) }
        }

        /// A name, quoted as the dialect does.
        package mutating func appendInterpolation(_ name: Name) {
            pieces.append(.name(name.text))
        }

        /// A value, bound.
        package mutating func appendInterpolation(_ value: Value) {
            pieces.append(.binding(value))
        }

        package mutating func appendInterpolation(_ sql: SQL) {
            pieces.append(contentsOf: sql.pieces)
        }

        /// Parts of the same kind with a separator between them.
        package mutating func appendInterpolation(_ parts: [SQL], separator: StaticString) {
            for (index, part) in parts.enumerated() {
                if index > 0 { pieces.append(.literal(separator.description)) }
                pieces.append(contentsOf: part.pieces)
            }
        }
    }

    /// The name of a table, column or index that the catalog or Offstage itself gave.
    package struct Name: Hashable, Sendable {
        package let text: String

        /// A table.
        package init(table: TableShape) {
            text = table.name
        }

        package init(_ column: ColumnShape) {
            text = column.name
        }

        package init(_ collection: Collection) {
            text = collection.name
        }

        package init(_ field: Field) {
            text = field.name
        }

        /// A name that stands in the source code.
        package init(_ literal: StaticString) {
            text = literal.description
        }

        /// A name that was read from the database's own catalog or a stored shape.
        package init(stored text: String) {
            self.text = text
        }
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var joined = left
        joined.pieces.append(contentsOf: right.pieces)
        return joined
    }

    package static func += (left: inout SQL, right: SQL) {
        left.pieces.append(contentsOf: right.pieces)
    }

    /// What is bound, in order.
    package var bindings: [Value] {
        pieces.compactMap { if case .binding(let value) = $0 { value } else { nil } }
    }

    /// The same with nothing bound: what it has in common with others that bind other values.
    package var withoutValues: SQL {
        var other = self
        for (place, piece) in pieces.enumerated() {
            if case .binding = piece { other.pieces[place] = .binding(.null) }
        }
        return other
    }

    /// The same with another name at its end; nil when no name stands there.
    package func renamed(_ change: (String) -> String) -> SQL? {
        guard case .name(let name)? = pieces.last else { return nil }
        var other = self
        other.pieces[pieces.count - 1] = .name(change(name))
        return other
    }
}

extension SQL.Name {
    /// The table of links of a field that holds many ids.
    package init(links field: Field, of collection: Collection) {
        self.init(stored: "_links_\(collection.name).\(field.name)")
    }
}
