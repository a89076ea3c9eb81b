import HTTPTypes

/// The part of a file that a request asks for (RFC 9110, section 14).
enum ByteRange: Equatable {
    case whole
    case part(Range<Int>)
    /// Nothing of what is asked for is there.
    case outside

    /// A single range of bytes. Several ranges, other units and what can't be read give the whole, as the RFC allows.
    /// Ranges are for GET alone.
    static func requested(_ request: IncomingRequest, of file: StaticFiles.File) -> ByteRange {
        let headers = request.headers
        guard request.method == .get, let text = headers[.range], text.hasPrefix("bytes=") else { return .whole }
        if let condition = headers[.ifRange], condition != file.tag, condition != HTTPDate.text(file.modifiedSeconds) {
            return .whole
        }
        return parse(text.dropFirst(6), size: file.size)
    }

    static func parse(_ text: Substring, size: Int) -> ByteRange {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first, let last = parts.last,
            (first + last).utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") })
        else { return .whole }
        switch (Int(first), Int(last)) {
        case (let start?, let end?):
            guard start <= end else { return .whole }
            return start < size ? .part(start..<min(end, size - 1) + 1) : .outside
        case (let start?, nil):
            guard last.isEmpty else { return .whole }
            return start < size ? .part(start..<size) : .outside
        case (nil, let count?):
            guard first.isEmpty else { return .whole }
            return count > 0 && size > 0 ? .part(max(0, size - count)..<size) : .outside
        case (nil, nil): return .whole
        }
    }
}
