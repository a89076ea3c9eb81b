import OffstageSchema

/// `multipart/form-data` (RFC 7578). Files are refused for now; an empty file control is passed over.
enum MultipartBody {
    static func read(_ bytes: [UInt8], type: String) throws(Failure) -> [(name: String, value: String)] {
        guard let boundary = parameter("boundary", of: type), (1...70).contains(boundary.utf8.count) else {
            throw Failure(.malformed, "The Content-Type of a multipart form must name its boundary.")
        }
        var fields: [(name: String, value: String)] = []
        for part in try parts(bytes[...], delimiter: Array("--\(boundary)".utf8)) {
            guard fields.count < URLEncodedBody.fieldsAtMost else {
                throw Failure(.malformed, "A form may have at most \(URLEncodedBody.fieldsAtMost) fields.")
            }
            if let field = try field(part) { fields.append(field) }
        }
        return fields
    }

    /// What stands between the delimiters, which start a line each.
    private static func parts(
        _ bytes: ArraySlice<UInt8>,
        delimiter: [UInt8]
    ) throws(Failure) -> [ArraySlice<UInt8>] {
        let incomplete = Failure(.malformed, "The multipart form does not end with its boundary.")
        guard var next = find(delimiter, in: bytes, atLineStart: true) else { throw incomplete }
        var parts: [ArraySlice<UInt8>] = []
        while true {
            var rest = bytes[(next + delimiter.count)...]
            if rest.starts(with: Array("--".utf8)) { return parts }
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.starts(with: [0x0d, 0x0a]) else { throw incomplete }
            rest = rest.dropFirst(2)
            guard let end = find([0x0d, 0x0a] + delimiter, in: rest, atLineStart: false) else { throw incomplete }
            parts.append(rest[rest.startIndex..<end])
            next = end + 2
        }
    }

    private static func find(_ pattern: [UInt8], in bytes: ArraySlice<UInt8>, atLineStart: Bool) -> Int? {
        guard let first = pattern.first else { return nil }
        var start = bytes.startIndex
        while let candidate = bytes[start...].firstIndex(of: first) {
            if bytes[candidate...].starts(with: pattern),
                !atLineStart || candidate == bytes.startIndex || bytes[candidate - 1] == 0x0a
            {
                return candidate
            }
            start = candidate + 1
        }
        return nil
    }

    /// Nil for an empty file control.
    private static func field(_ part: ArraySlice<UInt8>) throws(Failure) -> (name: String, value: String)? {
        var disposition: String?
        var rest = part
        while true {
            guard let end = find([0x0d, 0x0a], in: rest, atLineStart: false) else {
                throw Failure(.malformed, "A part of the multipart form has no end of its headers.")
            }
            let line = rest[rest.startIndex..<end]
            rest = rest[(end + 2)...]
            if line.isEmpty { break }
            guard line.count <= 8192, let header = String(validating: line, as: UTF8.self) else {
                throw Failure(.malformed, "A part of the multipart form has a header that can't be read.")
            }
            if header.lowercased().hasPrefix("content-disposition:") { disposition = header }
        }
        guard let disposition, let name = parameter("name", of: disposition) else {
            throw Failure(.malformed, "A part of the multipart form has no name.")
        }
        if let fileName = parameter("filename", of: disposition) {
            if fileName.isEmpty, rest.isEmpty { return nil }
            throw .invalid([
                Fault("", .file, "is a file; files can't be stored yet, so send the form without it").under(name)
            ])
        }
        guard let value = String(validating: rest, as: UTF8.self) else {
            throw Failure(.malformed, "The form holds bytes that are not UTF-8.")
        }
        return (name, value)
    }

    /// A parameter of a header's value: `name="email"`. Browsers write quotes and line breaks as %22, %0D and %0A.
    private static func parameter(_ wanted: String, of header: String) -> String? {
        for parameter in split(header) {
            guard let equals = parameter.firstIndex(of: "=") else { continue }
            let name = parameter[..<equals].filter { $0 != " " && $0 != "\t" }.lowercased()
            guard name == wanted else { continue }
            var value = parameter[parameter.index(after: equals)...]
            while value.first == " " { value.removeFirst() }
            while value.last == " " { value.removeLast() }
            if value.count >= 2, value.first == "\"", value.last == "\"" { value = value.dropFirst().dropLast() }
            var text = String(value)
            for (escape, character) in [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")] {
                text = text.split(separator: escape, omittingEmptySubsequences: false).joined(separator: character)
            }
            return text
        }
        return nil
    }

    /// At the semicolons that are not in quotes.
    private static func split(_ header: String) -> [Substring] {
        var isQuoted = false
        return header.split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == ";" && !isQuoted
        }
    }
}
