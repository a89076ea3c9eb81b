package import OffstageSchema

/// One write of a batch, as it was asked for.
struct BatchOperation: Sendable {
    enum Verb: String, Sendable, CaseIterable {
        case create, update, replace, delete

        /// The keys beside the verb itself.
        var keys: [String] {
            switch self {
            case .create: ["as", "values"]
            case .update, .replace: ["as", "if_version", "values"]
            case .delete: ["if_version"]
            }
        }
    }

    let verb: Verb
    let collection: String
    /// What stands behind the collection: an id or a reference to one; empty for `create`.
    let address: String
    /// What later operations call its result.
    let name: String?
    let version: Int64?
    let values: [JSON.Member]

    var precondition: Precondition { version.map { .version([$0]) } ?? .none }
}

/// The operations of a batch: `{"operations":[{"create":"orders","as":"order","values":{…}}, …]}`.
package struct Batch: Sendable {
    package static let operationsAtMost = 100
    /// Faults that are reported.
    private static let faultsAtMost = 1000

    let operations: [BatchOperation]

    /// - Throws: `.malformed` for what is no object or has too many operations, `.invalid` with every fault of their form.
    package init(_ json: JSON) throws(Failure) {
        guard case .object(let members) = json else {
            throw Failure(.malformed, "The body must be a JSON object, not \(json.kindInWords).")
        }
        var faults = members.filter { $0.name != "operations" }.map {
            Fault("", .unknown, "is not known here; a batch has operations alone").under(BatchReader.key($0.name))
        }
        var operations: [BatchOperation] = []
        switch members.first(where: { $0.name == "operations" })?.value {
        case .array(let elements)?:
            try Self.requireFew(elements.count)
            var names = Set<String>()
            for (index, element) in elements.enumerated() {
                var reader = BatchReader(names: names)
                if let operation = reader.read(element) { operations.append(operation) }
                names = reader.names
                faults += reader.faults.map { $0.under(String(index)).under("operations") }
            }
        case let other?:
            faults.append(Fault("/operations", .type, "must be an array, not \(other.kindInWords)"))
        case nil: faults.append(Fault("/operations", .required, "is required"))
        }
        guard faults.isEmpty else { throw .invalid(Array(faults.prefix(Self.faultsAtMost))) }
        self.operations = operations
    }

    private static func requireFew(_ count: Int) throws(Failure) {
        guard count > operationsAtMost else { return }
        throw Failure(
            .malformed,
            "A batch can have at most \(operationsAtMost) operations, not \(count). Send several, or an import.",
            faults: [Fault("/operations", .max, "must have at most \(operationsAtMost) elements, not \(count)")]
        )
    }
}

/// Reads one operation and notes everything that is wrong with its form.
private struct BatchReader {
    /// What the operations before are called, and then this one too.
    var names: Set<String>
    private(set) var faults: [Fault] = []

    init(names: Set<String>) {
        self.names = names
    }

    private static let nameCharacters = 64
    private static let versions = IntegerKind(min: 1)

    /// A key in a pointer, which may be as long as the body.
    static func key(_ name: String) -> String { String(name.prefix(nameCharacters)) }

    mutating func read(_ json: JSON) -> BatchOperation? {
        guard case .object(let members) = json else {
            faults.append(Fault("", .type, "must be an object, not \(json.kindInWords)"))
            return nil
        }
        guard let verb = verb(members) else { return nil }
        var target: (collection: String, address: String)?
        var (name, version): (String?, Int64?) = (nil, nil)
        var values: [JSON.Member]?
        var seen = Set<String>()
        for member in members {
            seen.insert(member.name)
            switch member.name {
            case verb.rawValue: target = self.target(member, verb)
            case let key where !verb.keys.contains(key): refuse(member, beside: verb)
            case "as": name = self.name(member)
            case "if_version": version = self.version(member)
            default: values = self.values(member)
            }
        }
        if verb.keys.contains("values"), !seen.contains("values") {
            faults.append(Fault("/values", .required, "is required"))
        }
        guard faults.isEmpty, let target else { return nil }
        return BatchOperation(
            verb: verb,
            collection: target.collection,
            address: target.address,
            name: name,
            version: version,
            values: values ?? []
        )
    }

    private mutating func verb(_ members: [JSON.Member]) -> BatchOperation.Verb? {
        for member in members {
            if let verb = BatchOperation.Verb(rawValue: member.name) { return verb }
        }
        faults.append(Fault("", .required, "must have one of create, update, replace and delete"))
        return nil
    }

    private mutating func target(
        _ member: JSON.Member,
        _ verb: BatchOperation.Verb
    ) -> (collection: String, address: String)? {
        guard case .string(let text) = member.value else {
            fault(member, .type, "must be a string, not \(member.value.kindInWords)")
            return nil
        }
        if verb == .create { return (text, "") }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            fault(member, .id, "must be a collection and an id, such as orders/0192f0c1-2d3e-7abc-8def-0123456789ab")
            return nil
        }
        return (parts[0], parts[1])
    }

    private mutating func name(_ member: JSON.Member) -> String? {
        guard case .string(let text) = member.value else {
            fault(member, .type, "must be a string, not \(member.value.kindInWords)")
            return nil
        }
        let isName = text.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
        guard isName, let first = text.utf8.first, (0x61...0x7a).contains(first), text.utf8.count <= 63 else {
            fault(member, .pattern, "must be lower-case letters, digits and _ after a first letter, 63 at most")
            return nil
        }
        guard names.insert(text).inserted else {
            fault(member, .duplicate, "is the name of an earlier operation")
            return nil
        }
        return text
    }

    private mutating func version(_ member: JSON.Member) -> Int64? {
        // 3.0 is a whole number too, as in a field.
        if case .number(let text) = member.value, case .integer(let version)? = try? Self.versions.read(text: text) {
            return version
        }
        fault(member, .type, "must be a version: a whole number from 1")
        return nil
    }

    private mutating func values(_ member: JSON.Member) -> [JSON.Member]? {
        if case .object(let members) = member.value { return members }
        fault(member, .type, "must be an object, not \(member.value.kindInWords)")
        return nil
    }

    private mutating func refuse(_ member: JSON.Member, beside verb: BatchOperation.Verb) {
        guard BatchOperation.Verb(rawValue: member.name) == nil else {
            fault(member, .duplicate, "stands beside \(verb.rawValue); an operation does one thing")
            return
        }
        fault(
            member,
            .unknown,
            "is not known beside \(verb.rawValue); known are \(verb.keys.joined(separator: ", "))"
        )
    }

    private mutating func fault(_ member: JSON.Member, _ code: Fault.Code, _ message: String) {
        faults.append(Fault("", code, message).under(Self.key(member.name)))
    }
}
