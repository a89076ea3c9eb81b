/// A mail to one person, ready to be sent.
package struct Message: Hashable, Sendable {
    /// One address, without a name.
    package let to: String
    package let subject: String
    package let text: String
    package let html: String

    package init(to: String, subject: String, text: String, html: String) {
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
    }
}
