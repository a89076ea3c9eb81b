import CCurl
import Glibc
import NIOPosix
package import OffstageSchema

/// Sends by SMTP (RFC 5321) through libcurl, one mail a connection, on a thread of its own.
package final class SMTPSender: MailSending {
    private let server: MailServer
    private let now: @Sendable () -> Timestamp
    private let timeout: Duration
    private let threads = NIOThreadPool(numberOfThreads: 1)

    /// - Parameters:
    ///   - now: the clock, for the mail's date.
    ///   - timeout: for one mail, from the connection to the server's last word. Shorter than ``MailService`` holds a row.
    package init(server: MailServer, now: @escaping @Sendable () -> Timestamp, timeout: Duration = .seconds(180)) {
        self.server = server
        self.now = now
        self.timeout = timeout
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    package func send(_ message: Message, id: Identifier) async throws(MailFailure) {
        let (to, bytes) = try MessageFormat.write(message, id: id, from: server.from, at: now())
        guard offstage_curl_load() == 0 else {
            throw MailFailure(
                .temporary,
                "libcurl can't be loaded (\(String(cString: offstage_curl_reason()))). Install it: the Debian package libcurl4."
            )
        }
        let outcome: offstage_curl_mail_outcome
        do {
            outcome = try await threads.runIfActive { [server, timeout] in
                Self.send(bytes, to: to, by: server, timeout)
            }
        } catch {
            throw MailFailure(.temporary, "The program is being stopped.")
        }
        if let failure = Self.failure(outcome, server) { throw failure }
    }

    private static func send(
        _ bytes: [UInt8],
        to: MailAddress,
        by server: MailServer,
        _ timeout: Duration
    ) -> offstage_curl_mail_outcome {
        var outcome = offstage_curl_mail_outcome()
        let texts = [server.description, server.user, server.password, server.ca, server.from.address.text, to.text]
            .map { text in text.flatMap { UnsafePointer(strdup($0)) } }
        defer { for text in texts { free(UnsafeMutablePointer(mutating: text)) } }
        bytes.withUnsafeBufferPointer { bytes in
            var mail = offstage_curl_mail()
            (mail.url, mail.user, mail.password) = (texts[0], texts[1], texts[2])
            (mail.ca, mail.from, mail.to) = (texts[3], texts[4], texts[5])
            mail.tls = tls(server.encryption)
            mail.needs_utf8 = to.needsUTF8 || server.from.address.needsUTF8 ? 1 : 0
            mail.message = bytes.baseAddress
            mail.length = bytes.count
            mail.timeout_milliseconds = milliseconds(timeout)
            offstage_curl_send(&mail, &outcome)
        }
        return outcome
    }

    private static func tls(_ encryption: MailServer.Encryption) -> Int32 {
        switch encryption {
        case .required: Int32(OFFSTAGE_CURL_TLS_REQUIRED)
        case .optional: Int32(OFFSTAGE_CURL_TLS_OPTIONAL)
        case .none: Int32(OFFSTAGE_CURL_TLS_NONE)
        }
    }

    /// At least one: none would mean no limit.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(clamping: seconds) &* 1000 &+ Int(attoseconds / 1_000_000_000_000_000))
    }

    /// What came of it; nil for a mail that the server took.
    private static func failure(_ outcome: offstage_curl_mail_outcome, _ server: MailServer) -> MailFailure? {
        let code = Int(outcome.code)
        let reply = Int(outcome.reply)
        guard code != OFFSTAGE_CURL_OK else { return nil }
        // Whatever went wrong after the server's word that it has the mail.
        if outcome.is_complete != 0, (200...299).contains(reply) { return nil }
        if outcome.lacks_utf8 != 0 {
            return MailFailure(
                .permanent,
                "The address holds letters beyond ASCII, and the mail server \(server.host) does not take such (SMTPUTF8)."
            )
        }
        let problem = words(outcome.problem)
        let line = words(outcome.line)
        if outcome.is_complete != 0, !(400...599).contains(reply) {
            return MailFailure(
                .unknown,
                "It is not known whether it was sent: the mail server \(server.host) did not answer to its end (\(problem))."
            )
        }
        // What the server said to the recipient or to the mail. To a greeting, a password, STARTTLS or the sender it says other
        // things, which the operator can mend.
        if outcome.was_asked != 0, (400...599).contains(reply) {
            return MailFailure(
                reply >= 500 ? .permanent : .temporary,
                "The mail server \(server.host) refused it: \(line)",
                logged: "The mail server \(server.host) refused it with \(reply)."
            )
        }
        return MailFailure(
            .temporary,
            "The mail server \(server.host) can't be used: \(problem)\((400...599).contains(reply) ? " (\(line))" : "")",
            logged: "The mail server \(server.host) can't be used: \(problem)"
        )
    }

    /// A text of C of a known size.
    private static func words<Text>(_ text: Text) -> String {
        withUnsafeBytes(of: text) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
