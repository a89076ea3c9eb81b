import CPCRE2

/// A regular expression that a whole text must match. Matching is bounded: a pattern that backtracks without end
/// is stopped and the value refused.
package struct Pattern: Hashable, Sendable {
    package let source: String
    private let code: Code

    package enum Answer: Sendable { case yes, no, tooCostly }

    package struct Refusal: Error {
        /// Byte position in the pattern.
        package let offset: Int
        package let reason: String
    }

    /// Steps that one match may take; a match that needs more is refused in about ten milliseconds.
    private static let stepsAtMost: UInt32 = 500_000

    package init(_ source: String) throws(Refusal) {
        self.source = source
        code = try Code(source)
    }

    package func matches(whole text: String) -> Answer {
        code.match(text, stepsAtMost: Self.stepsAtMost)
    }

    package static func == (left: Pattern, right: Pattern) -> Bool { left.source == right.source }
    package func hash(into hasher: inout Hasher) { hasher.combine(source) }

    /// The compiled form. PCRE2 never writes to it after compilation, so threads may share it.
    private final class Code: @unchecked Sendable {
        private let code: OpaquePointer

        init(_ pattern: String) throws(Refusal) {
            var error: Int32 = 0
            var offset = 0
            // The whole text, by options and not by a group around the pattern, which `a)|(b` would leave.
            let options =
                PCRE2_ANCHORED | UInt32(PCRE2_ENDANCHORED) | PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C
                | PCRE2_DOLLAR_ENDONLY
            let units = Array(pattern.utf8)
            guard let code = pcre2_compile_8(units, units.count, options, &error, &offset, nil) else {
                var buffer = [UInt8](repeating: 0, count: 256)
                let length = pcre2_get_error_message_8(error, &buffer, buffer.count)
                let reason = length > 0 ? String(decoding: buffer.prefix(Int(length)), as: UTF8.self) : "error \(error)"
                throw Refusal(offset: offset, reason: reason)
            }
            self.code = code
        }

        deinit { pcre2_code_free_8(code) }

        func match(_ text: String, stepsAtMost: UInt32) -> Answer {
            guard let data = pcre2_match_data_create_8(1, nil), let context = pcre2_match_context_create_8(nil) else {
                return .tooCostly
            }
            defer {
                pcre2_match_data_free_8(data)
                pcre2_match_context_free_8(context)
            }
            pcre2_set_match_limit_8(context, stepsAtMost)
            pcre2_set_depth_limit_8(context, stepsAtMost)
            // Kibibytes. A step may leave a frame of some hundred bytes: `(a|b)*` does on every character.
            pcre2_set_heap_limit_8(context, 65_536)
            var text = text
            let result = text.withUTF8 { pcre2_match_8(code, $0.baseAddress, $0.count, 0, 0, data, context) }
            if result >= 0 { return .yes }
            return result == PCRE2_ERROR_NOMATCH ? .no : .tooCostly
        }
    }
}
