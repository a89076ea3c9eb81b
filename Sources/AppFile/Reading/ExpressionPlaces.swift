import OffstageExpressions
import OffstageRules
import OffstageSchema

/// Where the expressions of a file stand, so that what is wrong with one is told at its place.
final class ExpressionPlaces {
    private var nodes: [RulePlace: YAMLNode] = [:]

    func note(_ place: RulePlace, _ node: YAMLNode?) {
        if let node { nodes[place] = node }
    }

    /// Checks the rules of a catalog and notes every fault where it stands in the file.
    func check(_ catalog: Catalog, unread: [String: Set<String>], faults: FaultList) {
        do throws(RuleFaults) {
            _ = try Rules(catalog, unread: unread)
        } catch {
            for found in error.faults {
                guard let node = nodes[found.place] else { continue }
                faults.add(node.place(of: found.fault.position), found.fault.message)
            }
        }
    }
}

extension YAMLNode {
    /// The place of a character of a text. Of a text whose lines YAML joined it is where the text starts, of a block the line.
    fileprivate func place(of position: ExpressionPosition) -> Place {
        guard let text else { return place }
        if style == .block { return Place(line: place.line + position.line, column: 1) }
        guard isOnOneLine, position.line == 1 else { return place }
        let before = text.unicodeScalars.prefix(position.column - 1)
        return Place(line: place.line, column: place.column + width(of: before))
    }

    /// The columns that a text's start takes in the file, with its quote and what is escaped in it.
    private func width(of before: String.UnicodeScalarView.SubSequence) -> Int {
        switch style {
        case .singleQuoted: before.reduce(1) { $0 + ($1 == "'" ? 2 : 1) }
        case .doubleQuoted: before.reduce(1) { $0 + ($1 == "\"" || $1 == "\\" ? 2 : 1) }
        default: before.count
        }
    }
}
