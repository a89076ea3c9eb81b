import Logging
import OffstageMail
import OffstageSchema
import OffstageStorage

/// How this server sends mail: by the server that `OFFSTAGE_MAIL` names; without one, mails are kept for whoever develops the
/// app on this machine, or wait.
struct MailRoom {
    private let server: MailServer?
    /// Whether the server serves this machine alone.
    private let isLocal: Bool
    private let hasProxies: Bool

    /// - Parameters:
    ///   - host: what the server listens to.
    ///   - address: the app's public one. Where there is one, the machine serves others. So it may behind a proxy, and nobody's mail is shown.
    init(host: String, address: WebAddress?, hasProxies: Bool) throws(Complaint) {
        isLocal = Loopback.isNamed(by: host) && address?.isLoopback ?? true
        self.hasProxies = hasProxies
        guard let text = Settings.text("OFFSTAGE_MAIL") else {
            server = nil
            return
        }
        do throws(MailServer.Refusal) {
            server = try MailServer(text)
        } catch {
            throw Complaint("\(error)", code: Complaint.faulty)
        }
    }

    /// Whether mails that are kept are shown at /dev/mail, too.
    var isShown: Bool { server == nil && isLocal && !hasProxies }

    func announce() {
        guard server == nil, !isLocal else { return }
        Terminal.note(
            "Without OFFSTAGE_MAIL, no mail is sent: links to confirm an address or to choose a new password wait until it is set."
        )
    }

    /// Nil where mails wait.
    func service(_ engine: any Engine, _ bell: MailBell, _ logger: Logger) -> MailService? {
        let mode: MailService.Mode
        if let server {
            mode = .sending(SMTPSender(server: server, now: Settings.now))
        } else if isLocal {
            mode = .keeping { mail in
                Terminal.note("Mail to \(mail.to): \(mail.subject)\n  \(Self.link(in: mail.text) ?? "See /dev/mail.")")
            }
        } else {
            return nil
        }
        return MailService(engine: engine, mode: mode, bell: bell, logger: logger, now: Settings.now)
    }

    /// What a developer wants of a mail.
    private static func link(in text: String) -> String? {
        text.split(whereSeparator: \.isWhitespace).first { $0.hasPrefix("http") }.map(String.init)
    }
}
