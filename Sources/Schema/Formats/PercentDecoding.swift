/// Percent-encoding as the parts of a database's or a mail server's address have it (RFC 3986, section 2.1): a plus is a plus.
package enum PercentDecoding {
    /// The bytes that a text stands for; nil where a percent sign has no two hexadecimal digits behind it.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalDigit, let low = rest.popFirst()?.hexadecimalDigit else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}
