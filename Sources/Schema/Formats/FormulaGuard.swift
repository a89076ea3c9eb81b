/// Keeps spreadsheet programs from running a text as a formula: an exported text that starts like one gets an
/// apostrophe in front, and the import takes it away again, so that nothing changes on the way there and back.
///
/// Guarded is what starts with `=`, `+`, `-`, `@`, TAB, LF or CR, and what starts with an apostrophe before one of
/// these or before another apostrophe (else the import would take that one away).
enum FormulaGuard {
    static let apostrophe = UInt8(ascii: "'")

    /// Whether an exported text needs an apostrophe in front.
    static func guards(_ text: some Sequence<UInt8>) -> Bool {
        var bytes = text.makeIterator()
        guard let first = bytes.next() else { return false }
        if startsFormula(first) { return true }
        guard first == apostrophe, let second = bytes.next() else { return false }
        return startsFormula(second) || second == apostrophe
    }

    /// Whether an imported text starts with the apostrophe that the export put there.
    static func isGuarded(_ cell: some Sequence<UInt8>) -> Bool {
        var bytes = cell.makeIterator()
        guard bytes.next() == apostrophe, let second = bytes.next() else { return false }
        return startsFormula(second) || second == apostrophe
    }

    private static func startsFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0a, 0x0d: true
        default: false
        }
    }
}
