import Glibc
import OffstageAppFile
import OffstageRules
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite

/// Measures what a request pays for its rules: folding them for whoever asks, and writing the rest as SQL.
///
/// Prints one line for each rule: its microseconds, and what was left of it.
@main
struct RulesBench {
    private static let rules: [(name: String, text: String)] = [
        ("a constant", "true"),
        ("a state or a role", #"state == "published" || user.role == "staff""#),
        ("one's own or a role", #"customer == user.id || user.role == "staff""#),
        (
            "five parts",
            #"user.role in ["staff", "boss"] || state == "open" && (total > decimal("10") || customer == user.id)"#
        ),
        ("through a relation", "course.teacher == user.id"),
        ("records of another", "records.enrolments.exists(e, e.student == user.id && e.course == course)"),
    ]

    private static func app(_ rule: String) -> String {
        """
        offstage: 1
        collections:
          courses:
            fields: {teacher: text}
            access: {read: true}
          enrolments:
            fields: {student: text, course: {type: relation, to: courses}}
          orders:
            fields:
              customer: text
              state: {type: choice, of: [open, published]}
              total: {type: decimal, digits: 10, scale: 2}
              course: {type: relation, to: courses}
              note: text
            indexes: [[customer], [state]]
            access: {read: '\(rule)'}
        """
    }

    static func main() throws {
        print("rule\twho\tfor the first time\tagain\tSQL")
        for (name, text) in rules {
            let catalog = try AppFile.load(text: app(text)).get()
            let rules = try Rules(catalog)
            guard let collection = catalog.collection("orders") else { continue }
            for role in ["customer", "staff"] {
                // Somebody new each time, so that nothing is kept of them; then the same again and again.
                let (first, bytes) = try measure(collection, rules) { account(UInt64($0), role: role) }
                let (again, _) = try measure(collection, rules) { _ in account(0, role: role) }
                print("\(name)\t\(role)\t\(first) µs\t\(again) µs\t\(bytes) bytes")
            }
        }
    }

    /// Microseconds of one fold and its SQL, to a tenth, and the length of the SQL.
    private static func measure(
        _ collection: Collection,
        _ rules: Rules,
        _ principal: (Int) -> Principal
    ) throws -> (microseconds: Double, bytes: Int) {
        let dialect = SQLiteDialect()
        let askers = (1...20_000).map {
            Asker(principal($0), at: Timestamp(milliseconds: 1_795_000_000_000))
        }
        var bytes = 0
        let start = processorTime()
        for asker in askers {
            let view = View(collection, for: asker, rules, dialect: dialect)
            bytes += dialect.render(try view.permission(to: .read).sql).text.utf8.count
        }
        let each = (processorTime() - start) / Double(askers.count)
        return ((each * 10).rounded() / 10, bytes / askers.count)
    }

    /// Microseconds that this process has had a processor, so that others on the machine do not count.
    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }

    private static func account(_ number: UInt64, role: String) -> Principal {
        let id = Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | number)
        return .account(Account(id: id, address: "192.0.2.9", fields: ["role": .text(role)]))
    }
}
