import OffstageRules
import OffstageSchema

/// What a request says about a record, read by the fields: some values, each valid by itself.
struct Draft: Sendable {
    /// By the position of the field.
    var values: [Int: Value] = [:]
    /// The id that the client gave.
    var id: Identifier?
    /// What an import by the team keeps of a record's past.
    var created: Timestamp?
    var updated: Timestamp?
    var version: Int64?

    /// Of a name in a fault.
    private static let nameCharacters = 64

    /// Which members beside the fields are taken.
    enum Extent {
        /// A client's: an id, and nothing else that the server keeps.
        case client
        /// The team's import of what was exported: times and version too.
        case restore
    }

    /// Reads the input's members, or throws `.invalid` with every fault.
    ///
    /// - Parameters:
    ///   - isWhole: whether the input is all that a record will have, so that a required field which is not in it is a fault
    ///     as well, told together with the others.
    ///   - others: fields that get their value another way, and so are not missing.
    init(
        _ input: Input,
        _ view: View,
        isWhole: Bool,
        extent: Extent = .client,
        others: Set<String> = []
    ) throws(Failure) {
        var faults: [Fault] = []
        var seen = Set<String>()
        for (name, content) in input.members {
            guard seen.insert(name).inserted else {
                faults.append(Fault("", .duplicate, "is given twice").under(name))
                continue
            }
            do throws(Fault) {
                try read(name, content, view, extent)
            } catch {
                // A name that is no field's may be as long as the body.
                faults.append(error.under(String(name.prefix(Self.nameCharacters))))
            }
        }
        if isWhole {
            for (position, field) in view.collection.fields.enumerated()
            where field.required && field.assign == nil && !seen.contains(field.name) && !others.contains(field.name) {
                guard field.initialValue.isEmpty, view.takes(position) else { continue }
                faults.append(Fault("", .required, "is required").under(field.name))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    private mutating func read(
        _ name: String,
        _ content: Input.Content,
        _ view: View,
        _ extent: Extent
    ) throws(Fault) {
        let collection = view.collection
        if let position = collection.position(of: name) {
            let field = collection.fields[position]
            // A field that the caller may neither read nor write is as if there were none.
            guard view.takes(position) else {
                throw view.hidesAlways(position) ? Self.unknown(name, collection) : Self.readOnly
            }
            values[position] = try field.read(content)
            return
        }
        switch (name, extent) {
        case ("id", _): id = try Self.identifier(content)
        case ("created", .restore): created = try Self.moment(content)
        case ("updated", .restore): updated = try Self.moment(content)
        case ("version", .restore): version = try Self.number(content)
        case ("created", _), ("updated", _), ("version", _):
            throw Fault("", .readOnly, "is set by the server")
        default: throw Self.unknown(name, collection)
        }
    }

    static let readOnly = Fault("", .readOnly, "can't be set through the API")

    private static func unknown(_ name: String, _ collection: Collection) -> Fault {
        Fault("", .unknown, "is not a field of \(collection.name)")
    }

    private static func identifier(_ content: Input.Content) throws(Fault) -> Identifier? {
        switch content {
        case .json(.string(let text)):
            if let id = Identifier(text) { return id }
        case .texts(let texts):
            if texts.allSatisfy(\.isEmpty) { return nil }
            if texts.count == 1, let id = Identifier(texts[0]) { return id }
        default: break
        }
        throw Fault("", .id, "must be a UUID, such as 0192f0c1-2d3e-7abc-8def-0123456789ab")
    }

    private static func moment(_ content: Input.Content) throws(Fault) -> Timestamp? {
        guard case .datetime(let moment) = try Field("created", .datetime(DateTimeKind())).read(content) else {
            return nil
        }
        return moment
    }

    private static func number(_ content: Input.Content) throws(Fault) -> Int64? {
        guard case .integer(let number) = try Field("version", .integer(IntegerKind(min: 1))).read(content) else {
            return nil
        }
        return number
    }
}

extension Draft {
    /// The values of a new record: what is given, else the initial ones.
    func initialValues(of collection: Collection) -> [Value] {
        collection.fields.enumerated().map { position, field in values[position] ?? field.initialValue }
    }

    /// The values of a record that is replaced: what is given; what the caller may set and does not, as in a new record; and
    /// what is not theirs to set, as it is.
    func replacing(_ current: [Value], _ view: View) -> [Value] {
        view.collection.fields.enumerated().map { position, field in
            values[position] ?? (view.takes(position) ? field.initialValue : current[position])
        }
    }

    /// Throws a fault for each value that is missing.
    static func requireComplete(_ values: [Value], of collection: Collection) throws(Failure) {
        let faults = zip(collection.fields, values).filter { $0.required && $1.isEmpty }
            .map { field, _ in Fault("", .required, "is required").under(field.name) }
        guard faults.isEmpty else { throw .invalid(faults) }
    }

    /// The values of a stored record with the draft's laid over them (RFC 7396: objects in a `json` field merge).
    func merged(into current: [Value], of collection: Collection) throws(Failure) -> [Value] {
        var merged = current
        var faults: [Fault] = []
        for (position, value) in values where position < merged.count {
            let field = collection.fields[position]
            guard case .json(let patch) = value else {
                merged[position] = value
                continue
            }
            // A patch of nothing is laid over nothing, so that its nulls go too.
            let stored: JSON = if case .json(let json) = current[position] { json } else { .null }
            do throws(Fault) {
                merged[position] = try field.read(stored.merging(patch))
            } catch {
                faults.append(error.under(field.name))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return merged
    }
}

extension View {
    /// Whether the field may come from whoever asks, as far as that is known without the record. What the server sets
    /// comes from nobody but the team.
    func takes(_ position: Int) -> Bool {
        if principal.isTeam { return true }
        return collection.fields[position].assign == nil && !neverWrites(position)
    }
}
