/// A text that equals another only when their characters are the same code points. Swift's own comparison takes é and e
/// with an accent for the same, which stored values, names in JSON and what is kept under a text must not.
package struct ExactText: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isExactly(right.text)
    }

    package func hash(into hasher: inout Hasher) {
        text.hashExactly(into: &hasher)
    }
}

extension String {
    package func isExactly(_ other: String) -> Bool {
        let same = utf8.withContiguousStorageIfAvailable { own in
            other.utf8.withContiguousStorageIfAvailable { other in
                own.count == other.count && own.elementsEqual(other)
            }
        }
        return (same ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    package func hashExactly(into hasher: inout Hasher) {
        var copy = self
        copy.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(utf8.count)
    }
}

extension String {
    /// With the letters A–Z as a–z and all others as they are: what mail addresses are compared by.
    package var asciiLowercased: String {
        String(decoding: utf8.map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
}
