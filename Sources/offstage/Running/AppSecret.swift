import Glibc
import OffstageAccounts
import OffstageSchema

/// What an app's own secrets are sealed with: `OFFSTAGE_SECRET`, or a file beside the data that is made once.
enum AppSecret {
    /// Bytes that a secret of our own has.
    private static let bytes = 32
    private static let shortest = 16

    /// The secrets in force, the newest first. Several, with commas between them, while an older one is being replaced: the
    /// first seals, and all of them open.
    static func read(in folder: AppFolder) throws(Complaint) -> [String] {
        if let text = Settings.text("OFFSTAGE_SECRET") {
            let secrets = text.split(separator: ",").map { $0.filter { $0 != " " } }
            guard !secrets.isEmpty, secrets.allSatisfy({ $0.utf8.count >= shortest }) else {
                throw Complaint(
                    "OFFSTAGE_SECRET must have at least \(shortest) characters. "
                        + "\"openssl rand -hex 32\" makes one.",
                    code: Complaint.faulty
                )
            }
            return secrets
        }
        let file = folder.dataFolder + "/secret"
        if let secrets = try kept(in: file) { return secrets }
        try folder.makeDataFolder()
        let made = Base64URL.encode(RandomBytes.system(bytes)) + "\n"
        // Whoever comes first makes it, and everybody else reads that one.
        if try Disk.create(Array(made.utf8), at: file, mode: 0o600) { return [made.filter { $0 != "\n" }] }
        guard let secrets = try kept(in: file) else { throw Complaint("\(file) can't be read.") }
        return secrets
    }

    private static func kept(in file: String) throws(Complaint) -> [String]? {
        guard let bytes = try Disk.read(file) else { return nil }
        let secrets = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).map(String.init)
        guard !secrets.isEmpty else {
            throw Complaint("\(file) is empty; restore it from a backup.", code: Complaint.faulty)
        }
        return secrets
    }
}
