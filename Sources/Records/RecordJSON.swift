package import OffstageSchema

/// A record as the interface shows it: id, the fields in the order of the file, then created, updated and version. Fields
/// that the record itself hides are left out.
package struct RecordJSON: Sendable {
    private let collection: Collection
    /// Of each name in order, a comma, the quoted name and its colon, ready to be written.
    private let members: [Member]

    private struct Member: Sendable {
        let content: Content
        let key: [UInt8]
    }

    private enum Content: Sendable {
        case id, created, updated, version
        case field(Int)
    }

    /// - Parameter fields: the names that are wanted; nil for all that may be read.
    package init(_ collection: Collection, fields: [String]? = nil, hidden: Bool = false) {
        self.collection = collection
        var members: [(String, Content)] = [("id", .id)]
        for (position, field) in collection.fields.enumerated() where field.readable != .nobody || hidden {
            members.append((field.name, .field(position)))
        }
        members += [("created", .created), ("updated", .updated), ("version", .version)]
        if let fields { members = members.filter { fields.contains($0.0) } }
        self.members = members.map { Member(content: $0.1, key: Array(",\"\($0.0)\":".utf8)) }
    }

    /// - Parameter expanded: what its relations led to.
    package func write(_ record: Record, to writer: inout JSONWriter, with expanded: ExpandedRecords? = nil) {
        writer.raw("{")
        var isFirst = true
        for member in members {
            if case .field(let position) = member.content, record.hidden.contains(position) { continue }
            writer.raw(member.key, from: isFirst ? 1 : 0)
            isFirst = false
            switch member.content {
            case .id: writer.write(record.id)
            case .created: writer.write(record.created)
            case .updated: writer.write(record.updated)
            case .version: writer.write(record.version)
            case .field(let position):
                writer.write(position < record.values.count ? record.values[position] : .null)
            }
        }
        if let expanded, !expanded.branches.isEmpty {
            if !isFirst { writer.raw(",") }
            expanded.write(of: record, to: &writer)
        }
        writer.raw("}")
    }

    /// The bytes of one record.
    package func bytes(_ record: Record, with expanded: ExpandedRecords? = nil) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        write(record, to: &writer, with: expanded)
        return writer.bytes
    }
}
