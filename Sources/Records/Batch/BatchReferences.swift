import OffstageRules
import OffstageSchema

/// The results that later operations of a batch may use, by the names that they were given.
///
/// `@order.id` stands for the field of an earlier result as its writer sees it, `@@` for one `@` at the start of a text. Only
/// the value of a field and the elements of a list are looked at: inside of free JSON an `@` is an `@`, so that nothing that is
/// put in grows deeper than JSON may be.
struct BatchReferences {
    private var results: [String: (record: Record, collection: Collection)] = [:]
    private var bytesLeft = Self.bytesAtMost

    /// Of all texts that references stand for, since a short one may stand for a long text, and many times.
    private static let bytesAtMost = 1_048_576

    mutating func add(_ record: Record, of collection: Collection, as name: String) {
        results[name] = (record, collection)
    }

    /// Whether an operation needs the results of others, or only holds a text that would look so.
    static func isUsed(by operation: BatchOperation) -> Bool {
        isReference(operation.address)
            || operation.values.contains { member in
                switch member.value {
                case .string(let text): isReference(text)
                case .array(let elements):
                    elements.contains { if case .string(let text) = $0 { isReference(text) } else { false } }
                default: false
                }
            }
    }

    /// By its first code point: a mark that follows makes another character of the sign, and no other meaning.
    private static func isReference(_ text: String) -> Bool {
        text.utf8.first == UInt8(ascii: "@")
    }

    /// The id behind a reference in an address; the text itself where there is none.
    mutating func address(_ operation: BatchOperation) throws(Failure) -> String {
        guard Self.isReference(operation.address) else { return operation.address }
        do throws(Fault) {
            if case .string(let text) = try resolved(operation.address) { return text }
        } catch {
            throw .invalid([error.under(operation.verb.rawValue)])
        }
        throw .notFound
    }

    /// The values with what their references stand for.
    ///
    /// - Throws: `.invalid` with every reference to what is not there; its pointers start at the values.
    mutating func values(_ operation: BatchOperation, _ view: View) throws(Failure) -> [JSON.Member] {
        var members: [JSON.Member] = []
        var faults: [Fault] = []
        for member in operation.values {
            do throws(Fault) {
                // A field that the caller may not set is not looked into: it would show by its faults.
                let position = view.collection.position(of: member.name).flatMap { view.takes($0) ? $0 : nil }
                let isList = position.map { view.collection.fields[$0].many } ?? false
                members.append(JSON.Member(member.name, try value(member.value, isList: isList)))
            } catch {
                faults.append(error.under(member.name))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return members
    }

    private mutating func value(_ json: JSON, isList: Bool) throws(Fault) -> JSON {
        switch json {
        case .string(let text): return try resolved(text)
        case .array(let elements) where isList:
            var list: [JSON] = []
            for (index, element) in elements.enumerated() {
                do throws(Fault) {
                    list.append(try value(element, isList: false))
                } catch {
                    throw error.under(String(index))
                }
            }
            return .array(list)
        default: return json
        }
    }

    private mutating func resolved(_ text: String) throws(Fault) -> JSON {
        guard Self.isReference(text) else { return .string(text) }
        let rest = String(text.unicodeScalars.dropFirst())
        if Self.isReference(rest) { return .string(rest) }
        let parts = rest.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw Fault(
                "",
                .reference,
                "must name an earlier result and its field, such as @order.id; a text that starts with @ is written with @@"
            )
        }
        guard let result = results[parts[0]] else {
            throw Fault("", .reference, "names no earlier operation: none is called \(parts[0].prefix(64))")
        }
        // What may not be seen is not there.
        guard let value = Self.value(parts[1], of: result.record, result.collection) else {
            throw Fault("", .reference, "names no field of \(result.collection.name): \(parts[1].prefix(64))")
        }
        bytesLeft -= value.bytes
        guard bytesLeft >= 0 else {
            throw Fault("", .max, "makes all that references stand for larger than \(Self.bytesAtMost) bytes")
        }
        return JSON(written: value)
    }

    private static func value(_ name: String, of record: Record, _ collection: Collection) -> Value? {
        switch name {
        case "id": return .identifier(record.id)
        case "created": return .datetime(record.created)
        case "updated": return .datetime(record.updated)
        case "version": return .integer(record.version)
        default:
            guard let position = collection.position(of: name), !record.hidden.contains(position) else { return nil }
            return record.values[position]
        }
    }
}

extension JSON {
    /// A value as the interface shows it.
    fileprivate init(written value: Value) {
        var writer = JSONWriter()
        writer.write(value)
        self = (try? JSONParser.parse(writer.bytes)) ?? .null
    }
}
