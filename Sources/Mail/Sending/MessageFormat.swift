import OffstageSchema

/// A mail as a server takes it (RFC 5322, MIME of RFC 2045 and RFC 2046): headers, then the text and the HTML as two forms of
/// the same, the better one last.
enum MessageFormat {
    /// - Throws: a permanent failure where the recipient or the subject holds what no header may.
    static func write(
        _ message: Message,
        id: Identifier,
        from: Mailbox,
        at: Timestamp
    ) throws(MailFailure) -> (to: MailAddress, bytes: [UInt8]) {
        guard let to = MailAddress(message.to) else { throw .badAddress }
        guard isSubject(message.subject) else { throw .badSubject }
        let boundary = "offstage-\(id)"
        let name = from.name.isEmpty ? "" : HeaderText.phrase(from.name) + "\n "
        let head = """
            Date: \(date(at))
            From: \(name)<\(from.address.text)>
            To: <\(to.text)>
            Message-ID: <\(id)@\(from.address.domain)>
            Subject: \(HeaderText.unstructured(message.subject))
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: multipart/alternative;
             boundary="\(boundary)"

            """
        var bytes = withLineEnds(head)
        for (kind, content) in [("plain", message.text), ("html", message.html)] {
            // The line end before it is the delimiter's (RFC 2046, section 5.1.1).
            bytes += withLineEnds(
                """

                --\(boundary)
                Content-Type: text/\(kind); charset=utf-8
                Content-Transfer-Encoding: quoted-printable


                """
            )
            bytes += QuotedPrintable.encode(content)
        }
        bytes += withLineEnds("\n--\(boundary)--\n")
        return (to, bytes)
    }

    static func isSubject(_ text: String) -> Bool {
        !text.isEmpty && !text.unicodeScalars.contains(where: HeaderText.isControl)
    }

    /// Lines end with CR LF, also those that were folded with one.
    private static func withLineEnds(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == 0x0a, bytes.last != 0x0d { bytes.append(0x0d) }
            bytes.append(byte)
        }
        return bytes
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]

    /// RFC 5322, section 3.3, in UTC.
    static func date(_ moment: Timestamp) -> String {
        let seconds = moment.milliseconds / 1000
        let day = Int((Double(seconds) / 86_400).rounded(.down))
        let (year, month, dayOfMonth) = CalendarDate(days: day).components
        // 1 January 1970 was a Thursday.
        let weekday = ((day + 4) % 7 + 7) % 7
        let clock = moment.description.dropFirst(11).prefix(8)
        guard months.indices.contains(month - 1) else { return "" }
        return "\(days[weekday]), \(dayOfMonth) \(months[month - 1]) \(year) \(clock) +0000"
    }
}
