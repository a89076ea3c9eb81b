import OffstageSchema
import OffstageStorage

/// A whole answer, kept apart from the statement that gave it, so that the statement may run again while its rows are looked at.
struct MySQLAnswer {
    let columns: [String]
    /// Row after row.
    var cells: [Cell] = []
    var bytes: [UInt8] = []

    enum Cell {
        case null
        case integer(Int64)
        case number(Double)
        case date(CalendarDate)
        case moment(Timestamp)
        /// A text, a decimal or anything else, as its place among the bytes.
        case bytes(Range<Int>)
    }

    var count: Int { columns.isEmpty ? 0 : cells.count / columns.count }
}

/// A row of an answer.
struct MySQLRow: Row {
    let answer: MySQLAnswer
    let place: Int

    private func cell(_ column: Int) -> MySQLAnswer.Cell { answer.cells[place * answer.columns.count + column] }

    func isNull(_ column: Int) -> Bool {
        if case .null = cell(column) { true } else { false }
    }

    func integer(_ column: Int) -> Int64 {
        switch cell(column) {
        case .null: 0
        case .integer(let integer): integer
        case .number(let number): Int64(exactly: number.rounded()) ?? 0
        case .date(let date): Int64(date.days)
        case .moment(let moment): moment.milliseconds
        // A sum is a decimal, which comes as text.
        case .bytes(let range): Int64(String(decoding: answer.bytes[range], as: UTF8.self).prefix { $0 != "." }) ?? 0
        }
    }

    func text(_ column: Int) -> String {
        switch cell(column) {
        case .null: ""
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .date(let date): date.description
        case .moment(let moment): "\(moment)"
        case .bytes(let range): String(decoding: answer.bytes[range], as: UTF8.self)
        }
    }

    func value(_ column: Int, as type: ColumnType) throws(StorageFailure) -> Value {
        let cell = cell(column)
        if case .null = cell { return .null }
        switch type {
        case .boolean: return .boolean(integer(column) != 0)
        case .integer: return .integer(integer(column))
        case .decimal(let scale): return .decimal(Decimal(unscaled: integer(column), scale: scale))
        case .number: return .number(try number(column))
        case .text, .email: return .text(text(column))
        case .datetime:
            guard case .moment(let moment) = cell else { throw damaged(column, "a moment") }
            return .datetime(moment)
        case .date:
            guard case .date(let date) = cell else { throw damaged(column, "a date") }
            return .date(date)
        case .identifier:
            guard case .bytes(let range) = cell,
                let id = answer.bytes[range].withUnsafeBufferPointer({ Identifier(bytes: $0) })
            else { throw damaged(column, "an id") }
            return .identifier(id)
        case .json: return .json(try json(column))
        case .list(let element):
            guard let list = Value.list(try json(column), of: element) else {
                throw damaged(column, "a list of one kind")
            }
            return list
        }
    }

    private func number(_ column: Int) throws(StorageFailure) -> Double {
        switch cell(column) {
        case .number(let number): return number
        case .integer(let integer): return Double(integer)
        default:
            guard let number = Double(text(column)) else { throw damaged(column, "a number") }
            return number
        }
    }

    private func json(_ column: Int) throws(StorageFailure) -> JSON {
        do throws(JSONParser.Refusal) {
            return try JSONParser.parse(text(column).utf8)
        } catch {
            throw damaged(column, "JSON")
        }
    }

    private func damaged(_ column: Int, _ expected: String) -> StorageFailure {
        .damaged("column \(answer.columns[column]) holds what is not \(expected)")
    }
}
