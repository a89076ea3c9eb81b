/// A value of a YAML document and where it stands.
struct YAMLNode: Sendable {
    let place: Place
    let content: Content
    /// Of a scalar: how it is written, and whether it ends on the line that it starts on.
    var style = YAMLStyle.plain
    var isOnOneLine = true

    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }
}

/// How a scalar is written.
enum YAMLStyle: Sendable {
    case plain, singleQuoted, doubleQuoted
    /// After `|` or `>`.
    case block
}

/// One key of a mapping with its value. Keys are unique in a mapping and keep the order of the file.
struct YAMLEntry: Sendable {
    let key: String
    let place: Place
    let value: YAMLNode
}

/// Why a text could not be read as one YAML document of bounded size.
struct YAMLRefusal: Error, Hashable {
    let place: Place
    let reason: String
}

extension YAMLNode {
    /// What stands there, for the end of "expected …, found".
    var inWords: String {
        switch content {
        case .scalar(let scalar): scalar.inWords
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    var isNull: Bool {
        if case .scalar(.null) = content { true } else { false }
    }

    var text: String? {
        if case .scalar(.text(let text, _)) = content { text } else { nil }
    }
}
