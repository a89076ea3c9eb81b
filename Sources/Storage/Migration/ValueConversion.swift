package import OffstageSchema

/// How a stored value of one column becomes one of another. The rule: as the interface prints it, read as the new kind
/// reads it; where that would be unkind, a case below says what holds instead.
package struct ValueConversion: Sendable {
    private let new: ColumnShape
    private let field: Field
    private let replacement: Value
    private let isSame: Bool
    private let becomesRequired: Bool

    /// What becomes of one value.
    package struct Outcome: Hashable, Sendable {
        package let value: Value
        /// What is lost of the old value; nil when nothing is.
        package let loss: Loss?
        /// Whether the field is required and there is nothing to put into it.
        package let isMissing: Bool
    }

    package enum Loss: Hashable, Sendable {
        /// The new kind does not take the value; the default takes its place, or nothing.
        case unreadable
        /// A part of it stays: the day of a moment, the first of a list, the elements that can be kept.
        case shortened
        /// It refers to a record that is not there.
        case dangling
    }

    package init(from old: ColumnShape, to new: ColumnShape) {
        self.new = new
        field = new.field
        replacement = new.initialValue ?? new.emptyValue
        isSame = old.type == new.type && new.words == nil && new.digits == old.digits
        becomesRequired = new.required && !old.required
    }

    /// - Parameter exists: whether a record is there that the new reference may point to.
    package func convert(
        _ old: Value,
        exists: (Identifier) throws(StorageFailure) -> Bool
    ) throws(StorageFailure) -> Outcome {
        var (value, loss) = isSame ? (old, nil) : converted(old)
        if new.reference != nil, let found = try onlyReferable(value, exists) {
            value = found
            loss = loss ?? .dangling
        }
        if value.isEmpty, loss != nil { value = replacement }
        if becomesRequired, value.isEmpty || value == .text("") { value = replacement }
        let isMissing = new.required && (value.isEmpty || becomesRequired && value == .text(""))
        return Outcome(value: value, loss: loss, isMissing: isMissing)
    }

    /// The value without the ids that exist nowhere; nil when all do.
    private func onlyReferable(
        _ value: Value,
        _ exists: (Identifier) throws(StorageFailure) -> Bool
    ) throws(StorageFailure) -> Value? {
        switch value {
        case .identifier(let id): return try exists(id) ? nil : new.emptyValue
        case .list(let elements):
            var kept: [Value] = []
            for element in elements {
                if case .identifier(let id) = element, try exists(id) { kept.append(element) }
            }
            return kept.count == elements.count ? nil : .list(kept)
        default: return nil
        }
    }

    private typealias Converted = (value: Value, loss: Loss?)

    private func converted(_ old: Value) -> Converted {
        if old.isEmpty { return (new.emptyValue, nil) }
        if old == .text("") { return (new.type == .text && new.words == nil ? old : new.emptyValue, nil) }
        switch (old, new.type) {
        case (.json(let json), .json): return (.json(json), nil)
        case (.json(let json), .text) where new.words == nil: return (.text(Self.printed(.json(json))), nil)
        case (.json(let json), _): return (try? field.read(json)).map { ($0, nil) } ?? (new.emptyValue, .unreadable)
        case (_, .json): return Self.json(old)
        case (.list(let elements), .list): return list(elements)
        case (.list(let elements), _):
            guard let first = elements.lazy.compactMap(element).first else { return (.null, .unreadable) }
            return (first.value, elements.count == 1 ? first.loss : .shortened)
        case (_, .list): return element(old).map { (.list([$0.value]), $0.loss) } ?? (.list([]), .unreadable)
        default: return element(old) ?? (.null, .unreadable)
        }
    }

    private func list(_ elements: [Value]) -> Converted {
        let kept = elements.compactMap(element)
        if kept.isEmpty { return (.list([]), .unreadable) }
        let loss = kept.count < elements.count ? Loss.shortened : kept.lazy.compactMap(\.loss).first
        return (.list(kept.map(\.value)), loss)
    }

    /// One value that is no list and not nothing; nil when the new kind takes nothing of it.
    private func element(_ old: Value) -> Converted? {
        switch (old, field.kind) {
        case (.text, .text): return (old, nil)
        case (.date(let date), .datetime):
            return (.datetime(Timestamp(milliseconds: Int64(date.days) * Self.millisecondsOfDay)), nil)
        case (.datetime(let moment), .date):
            let (days, rest) = Self.day(of: moment)
            return (.date(CalendarDate(days: days)), rest == 0 ? nil : .shortened)
        case (.decimal(let decimal), .number):
            guard case .number(let number)? = read(decimal.description) else { return nil }
            // Fifteen digits are what every double keeps.
            return (.number(number), decimal.unscaled.magnitude < Decimal.powerOfTen(15) ? nil : .shortened)
        case (.decimal(let decimal), .decimal): return read(Self.withoutZeros(decimal)).map { ($0, nil) }
        case (.text(let text), .datetime):
            // Without an offset the moment is not known, and none is guessed.
            return (try? field.kind.reader.read(JSON.string(text))).map { ($0, nil) }
        default: return read(Self.printed(old)).map { ($0, nil) }
        }
    }

    private func read(_ text: String) -> Value? {
        try? field.kind.reader.read(text: text)
    }

    private static let millisecondsOfDay: Int64 = 86_400_000

    private static func day(of moment: Timestamp) -> (days: Int, rest: Int64) {
        var (days, rest) = moment.milliseconds.quotientAndRemainder(dividingBy: millisecondsOfDay)
        if rest < 0 {
            days -= 1
            rest += millisecondsOfDay
        }
        return (Int(days), rest)
    }

    /// The decimal without zeros that say nothing: 12.50 is 12.5 at a smaller scale.
    private static func withoutZeros(_ decimal: Decimal) -> String {
        var (unscaled, scale) = (decimal.unscaled, decimal.scale)
        while scale > 0, unscaled % 10 == 0 {
            unscaled /= 10
            scale -= 1
        }
        return Decimal(unscaled: unscaled, scale: scale).description
    }

    private static func json(_ value: Value) -> Converted {
        guard let json = try? JSONParser.parse(written(value)) else { return (.null, .unreadable) }
        return (.json(json), nil)
    }

    private static func written(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(value)
        return writer.bytes
    }

    /// The value as the interface prints it, without the quotes of a string.
    package static func printed(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .decimal(let decimal): decimal.description
        case .date(let date): date.description
        case .datetime(let moment): moment.description
        case .identifier(let id): id.description
        default: String(decoding: written(value), as: UTF8.self)
        }
    }
}
