/// True or false. A form's check box sends "on", or nothing at all.
package struct BooleanKind: Hashable, Sendable, ValueReader {
    package init() {}

    package func read(_ json: JSON) throws(Fault) -> Value {
        guard case .boolean(let boolean) = json else { throw wrongType(json, expected: "true or false") }
        return .boolean(boolean)
    }

    package func read(text: String) throws(Fault) -> Value {
        switch text {
        case "true", "on", "1", "yes", "TRUE", "True": return .boolean(true)
        case "false", "off", "0", "no", "FALSE", "False": return .boolean(false)
        default: throw Fault("", .type, "must be true or false")
        }
    }
}
