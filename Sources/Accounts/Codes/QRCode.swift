import CQREncode

/// A text as a picture that a phone reads (ISO/IEC 18004), made by libqrencode.
package enum QRCode {
    /// White modules around it (ISO/IEC 18004, section 5.3.8).
    private static let quietZone = 4
    /// Bytes: what fits at medium error correction (2,331) and is still read from a screen.
    private static let longest = 1024

    /// An `<svg>` element without a script, a style or an address: it may stand in a page under any Content-Security-Policy.
    ///
    /// - Parameters:
    ///   - text: at most 1,024 bytes.
    ///   - label: what it is, for those who do not see it.
    /// - Returns: nil when libqrencode is not on this machine, or the text is too long: the text itself is to be shown too.
    package static func svg(of text: String, label: String = "QR code") -> String? {
        guard let modules = modules(of: text) else { return nil }
        let side = modules.count + 2 * quietZone
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(side) \(side)" role="img" \
            aria-label="\(escaped(label))" shape-rendering="crispEdges"><rect width="\(side)" height="\(side)" \
            fill="#fff"/><path fill="#000" d="\(path(of: modules))"/></svg>
            """
    }

    /// Rows from the top; true is black.
    private static func modules(of text: String) -> [[Bool]]? {
        let bytes = Array(text.utf8)
        guard !bytes.isEmpty, bytes.count <= longest, offstage_qr_load() == 0,
            let code = offstage_qr_encodeData(Int32(clamping: bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { return nil }
        defer { offstage_qr_free(code) }
        let width = Int(code.pointee.width)
        guard width > 0, let data = code.pointee.data else { return nil }
        return (0..<width).map { row in
            (0..<width).map { column in data[row * width + column] & 1 == 1 }
        }
    }

    /// One rectangle for each run of black modules in a row.
    private static func path(of modules: [[Bool]]) -> String {
        var path = ""
        for (y, row) in modules.enumerated() {
            var start: Int?
            for (x, isBlack) in (row + [false]).enumerated() {
                if isBlack {
                    start = start ?? x
                } else if let first = start {
                    path += "M\(first + quietZone) \(y + quietZone)h\(x - first)v1h-\(x - first)z"
                    start = nil
                }
            }
        }
        return path
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
