import OffstageAppFile
import OffstageSchema
import OffstageStorage

/// Why a command can't do what it was asked to: one clear sentence for a person, and an exit code.
struct Complaint: Error, CustomStringConvertible {
    let description: String
    /// What the sentence sums up, a line each: faults with their places, the steps of a plan.
    let details: [String]
    let code: Int32

    /// The app file, the data or the request is at fault; it has to be changed.
    static let faulty: Int32 = 1
    /// The machine is at fault: a port taken, a folder not writable, a disk full.
    static let unable: Int32 = 2

    init(_ description: String, details: [String] = [], code: Int32 = Self.unable) {
        self.description = description
        self.details = details
        self.code = code
    }

    init(_ faults: AppFileFaults) {
        let count = faults.faults.count
        self.init(
            "\(count == 1 ? "1 fault" : "\(count) faults") in the app file; nothing was done.",
            details: faults.faults.map { "\($0)" },
            code: Self.faulty
        )
    }

    /// What a database met, as the person at the keyboard may know it.
    init(_ failure: StorageFailure, database: Database) {
        self.init(failure, database: database.place)
    }

    init(_ failure: StorageFailure, database: String) {
        switch failure {
        case .refused(let refused): self.init(refused.detail, code: Self.faulty)
        case .full: self.init("The disk that holds \(database) is full. Make room, then start again.")
        case .damaged(let reason):
            self.init(
                "\(database) is damaged or is no database (\(reason)). Nothing was changed. "
                    + "Put a backup in its place, or move it away to start anew."
            )
        // A server's reason names the place itself.
        case .unavailable(let reason) where reason.hasPrefix(database):
            self.init("\(reason). Check OFFSTAGE_DATABASE, and that the server runs.")
        case .unavailable(let reason): self.init("\(database) can't be used: \(reason).")
        case .uncertain(let reason):
            self.init("\(database) failed to commit, and may hold the change or not: \(reason).")
        case .contended(let reason): self.init("\(database) was too busy: \(reason).")
        case .tooSlow: self.init("\(database) took too long to answer.")
        case .unique, .reference, .required, .other: self.init("\(database) refused: \(failure).")
        }
    }

    /// A failure of Records, with every fault on a line of its own.
    init(_ failure: Failure) {
        let faults = failure.faults.map { fault in
            fault.message.hasPrefix("line ") ? fault.message : "\(fault.pointer.dropFirst()) \(fault.message)"
        }
        let detail = failure.operatorDetail.map { " (\($0))" } ?? ""
        self.init(
            failure.detail + detail,
            details: faults,
            code: failure.kind == .unavailable || failure.kind == .storageFull ? Self.unable : Self.faulty
        )
    }
}
