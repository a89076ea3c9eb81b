import HTTPTypes
import OffstageSchema

/// What an address below /api names, as far as it has anything for anybody.
struct RecordResource {
    enum Place {
        /// /api/{collection}
        case list
        /// /api/{collection}/import
        case rows
        /// /api/{collection}/summary
        case groups
        /// /api/{collection}/{id}
        case record(Identifier)

        /// All that such an address may have. Whether the caller may use one is for the rules to say: who may not create
        /// is told so, and what may not be read, changed or deleted is as if it were not there.
        var methods: [HTTPRequest.Method] {
            switch self {
            case .list: [.get, .head, .post]
            case .rows: [.post]
            case .groups: [.get, .head]
            case .record: [.get, .head, .patch, .put, .delete]
            }
        }
    }

    let collection: Collection
    let place: Place

    /// Nil when the address names nothing.
    init?(_ request: IncomingRequest, _ catalog: Catalog) {
        let path = request.path
        guard (2...3).contains(path.count), let collection = catalog.collection(path[1]) else { return nil }
        self.collection = collection
        switch path.dropFirst(2).first {
        case nil: place = .list
        case "import": place = .rows
        case "summary": place = .groups
        case let text?:
            guard let id = Identifier(text) else { return nil }
            place = .record(id)
        }
    }

    /// The methods that the address has for the principal, without those whose verb is nobody's, whoever signs in.
    func methods(for principal: Principal) -> [HTTPRequest.Method] {
        let isTeam = principal.isTeam
        let reading: [HTTPRequest.Method] = collection.offersReading || isTeam ? [.get, .head] : []
        let creation: [HTTPRequest.Method] = collection.offersCreation || isTeam ? [.post] : []
        switch place {
        case .list: return reading + creation
        case .rows: return creation
        case .groups: return reading
        case .record:
            let update: [HTTPRequest.Method] = collection.offersUpdate || isTeam ? [.patch] : []
            let replacement: [HTTPRequest.Method] = collection.offersReplacement || isTeam ? [.put] : []
            let deletion: [HTTPRequest.Method] = collection.offersDeletion || isTeam ? [.delete] : []
            return reading + update + replacement + deletion
        }
    }
}
