import Glibc
import OffstageSchema

/// Settings that differ between machines: environment variables, never the app file.
enum Settings {
    /// Nil when it is not set, or set to nothing.
    static func text(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }

    /// A number within a range; anything else is a complaint, never a silent default.
    static func number(_ name: String, _ range: ClosedRange<Int>) throws(Complaint) -> Int? {
        guard let text = text(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Complaint(
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound), not \"\(text.prefix(40))\".",
                code: Complaint.faulty
            )
        }
        return number
    }

    /// The clock of the machine.
    @Sendable
    static func now() -> Timestamp {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        return Timestamp(milliseconds: Int64(clock.tv_sec) * 1000 + Int64(clock.tv_nsec) / 1_000_000)
    }

    /// Who sits at the keyboard, for the journal.
    static var person: Principal {
        .team(text("SUDO_USER") ?? text("USER") ?? "command line")
    }
}
