/// A column of a CSV file: its name, and what its cells mean.
struct CSVColumn: Hashable, Sendable {
    let name: String
    let form: Form

    enum Form: Hashable, Sendable {
        /// Any text: guarded against formulas, and an empty cell in quotes is the empty text.
        case text
        /// A text that is never empty: guarded against formulas.
        case word
        /// Numbers, dates, ids, JSON: as they stand.
        case plain
        /// A JSON array.
        case list
    }

    /// What every record has beside its fields, in the order of columns: before the fields and behind them.
    static let id = CSVColumn(name: "id", form: .plain)
    static let stamps = ["created", "updated", "version"].map { CSVColumn(name: $0, form: .plain) }

    init(name: String, form: Form) {
        self.name = name
        self.form = form
    }

    init(_ field: Field) {
        name = field.name
        form =
            if field.many {
                .list
            } else {
                switch field.kind {
                case .text: .text
                case .email, .url, .choice: .word
                default: .plain
                }
            }
    }

    /// What a cell holds, for the field to read. An empty cell is nothing.
    ///
    /// - Parameter isASCII: whether the bytes are known to be; such need no validation.
    /// - Returns: nil when the bytes are not UTF-8.
    func content(_ cell: UnsafeBufferPointer<UInt8>, isQuoted: Bool, isASCII: Bool) -> Input.Content? {
        if cell.isEmpty { return isQuoted && form == .text ? .json(.string("")) : .texts([]) }
        let isGuarded = (form == .text || form == .word) && FormulaGuard.isGuarded(cell)
        let bytes = isGuarded ? UnsafeBufferPointer(rebasing: cell.dropFirst()) : cell
        guard let text = isASCII ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
        else { return nil }
        guard form == .list else { return .texts([text]) }
        // What is no JSON at all is handed on as a string, so that the field says what it wants instead.
        return .json((try? JSONParser.parse(bytes)) ?? .string(text))
    }
}
