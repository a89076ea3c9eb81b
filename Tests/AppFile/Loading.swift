import OffstageAppFile
import OffstageSchema
import Testing

/// What a test reads from a text: a catalog, or the printed faults.
enum Loading {
    /// The faults as they are printed, without the file's name: `3:7: unknown key …`.
    static func faults(_ text: String) -> [String] {
        faults(bytes: Array(text.utf8))
    }

    static func faults(bytes: [UInt8]) -> [String] {
        switch AppFile.load(bytes: bytes, fileName: "f") {
        case .success: []
        case .failure(let faults): faults.faults.map { String($0.description.dropFirst(2)) }
        }
    }

    static func catalog(_ text: String) throws -> Catalog {
        try AppFile.load(text: text).get()
    }

    /// A file whose collection `things` has the fields given, one a line; the first stands on line 5.
    static func fields(_ lines: String...) -> String {
        "offstage: 1\ncollections:\n  things:\n    fields:\n" + lines.map { "      \($0)\n" }.joined()
    }

    /// A file with a collection of two fields and a form of these lines; the first stands on line 10.
    static func form(_ lines: String...) -> String {
        """
        offstage: 1
        origins: [https://www.shop.example]
        collections:
          messages:
            fields:
              name: {type: text, required: true}
              email: {type: email, writable: false}
        forms:
          contact:

        """ + lines.map { "    \($0)\n" }.joined()
    }
}

/// One row of a table: a text and the faults that it must have.
struct Case: CustomTestStringConvertible, Sendable {
    let text: String
    let faults: [String]

    init(_ text: String, _ faults: String...) {
        self.text = text
        self.faults = faults
    }

    var testDescription: String { faults.first ?? text }
}
