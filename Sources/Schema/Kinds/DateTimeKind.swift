/// A moment. Any offset is accepted; UTC is kept, to the millisecond.
package struct DateTimeKind: Hashable, Sendable, ValueReader {
    package var min: Timestamp?
    package var max: Timestamp?

    package init(min: Timestamp? = nil, max: Timestamp? = nil) {
        self.min = min
        self.max = max
    }

    package func read(_ json: JSON) throws(Fault) -> Value {
        guard case .string(let text) = json else { throw wrongType(json, expected: "a string") }
        return try read(text, assumingUTC: false)
    }

    /// A form's `datetime-local` control sends no offset; its page says that UTC is meant.
    package func read(text: String) throws(Fault) -> Value {
        try read(text, assumingUTC: true)
    }

    private func read(_ text: String, assumingUTC: Bool) throws(Fault) -> Value {
        let moment: Timestamp
        do throws(Timestamp.Refusal) {
            moment = try Timestamp(text, assumingUTC: assumingUTC)
        } catch .noOffset {
            throw Fault("", .type, "must end with Z or an offset such as +01:00")
        } catch .tooFine {
            throw Fault("", .type, "must have at most 3 digits after the second: milliseconds are what is kept")
        } catch {
            throw Fault("", .type, "must be a date and time, such as 2026-11-22T16:50:00Z")
        }
        if let min, moment < min { throw Fault("", .min, "must not be before \(min)") }
        if let max, moment > max { throw Fault("", .max, "must not be after \(max)") }
        return .datetime(moment)
    }
}
