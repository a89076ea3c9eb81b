import CUTF8Proc

/// Texts as they are kept: NFC (Unicode Standard Annex 15), without NUL.
package enum NormalizedText {
    /// The text in NFC; a fault when it holds NUL, which no database keeps.
    package static func read(_ text: String) throws(Fault) -> String {
        var text = text
        // Everything below U+0300 is in NFC already; a lead byte under 0xCC says so.
        let scan = text.withUTF8 { bytes in
            var plain = true
            for byte in bytes {
                if byte == 0 { return (plain, true) }
                if byte >= 0xcc { plain = false }
            }
            return (plain, false)
        }
        if scan.1 { throw Fault("", .type, "must not contain the character NUL (U+0000)") }
        if scan.0 { return text }
        try refuseRunsOfMarks(text)
        return nfc(text)
    }

    /// Marks in a row, on one letter, that a text may have. Real ones have a handful; putting a run in order takes time that
    /// grows with its square (UAX 15, section 13, allows 30).
    private static let marksAtMost = 60

    private static func refuseRunsOfMarks(_ text: String) throws(Fault) {
        var marks = 0
        for scalar in text.unicodeScalars {
            let isMark = scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
            marks = isMark ? marks + 1 : 0
            guard marks <= marksAtMost else {
                throw Fault("", .type, "must not have more than \(marksAtMost) accents or other marks on one letter")
            }
        }
    }

    /// The text in NFC.
    package static func nfc(_ text: String) -> String {
        mapped(text, UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue)
    }

    /// The text in NFD: letters and their marks apart.
    package static func decomposed(_ text: String) -> String {
        mapped(text, UTF8PROC_STABLE.rawValue | UTF8PROC_DECOMPOSE.rawValue)
    }

    /// The text in NFC, with the case folded as Unicode does it for comparisons.
    package static func folded(_ text: String) -> String {
        mapped(text, UTF8PROC_STABLE.rawValue | UTF8PROC_COMPOSE.rawValue | UTF8PROC_CASEFOLD.rawValue)
    }

    private static func mapped(_ text: String, _ options: UInt32) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var result: UnsafeMutablePointer<UInt8>?
            let length = utf8proc_map(bytes.baseAddress, bytes.count, &result, utf8proc_option_t(rawValue: options))
            guard length >= 0, let result else { return String(decoding: bytes, as: UTF8.self) }
            defer { result.deallocate() }
            return String(decoding: UnsafeBufferPointer(start: result, count: length), as: UTF8.self)
        }
    }
}
