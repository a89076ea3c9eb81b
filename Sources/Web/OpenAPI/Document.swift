import OffstageSchema

extension OpenAPI {
    /// The whole document of one app.
    struct Document: Sendable {
        let operations: [Operation]
        /// The names under which operations are shown, with what they are about, in order.
        let tags: [(name: String, description: String)]
        private let catalog: Catalog
        private let schemas: [(String, Value)]

        init(_ catalog: Catalog) {
            self.catalog = catalog
            let names = Names(catalog)
            var operations: [Operation] = []
            var schemas = Problems.schemas() + [("Health", ServiceOperations.healthSchema)]
            var tags: [(name: String, description: String)] = []
            for collection in catalog.collections
            where !collection.access.isClosed && collection.name != Collection.usersName {
                let records = RecordOperations(collection: collection, catalog: catalog, names: names.of(collection))
                guard !records.all.isEmpty else { continue }
                operations += records.all
                schemas += RecordSchemas(collection: collection, catalog: catalog, allNames: names).all
                if !tags.contains(where: { $0.name == records.tag }) {
                    tags.append((records.tag, "The records of `\(collection.name)`."))
                }
            }
            var accounts = (operations: [Operation](), schemas: [(String, Value)]())
            if let users = catalog.collection(Collection.usersName) {
                accounts = Self.accounts(catalog, users, names)
            }
            schemas += accounts.schemas
            if catalog.collections.contains(where: \.offersCreation) {
                schemas.append(("Imported", RecordOperations.imported))
            }
            if let batch = BatchOperation(catalog) {
                operations.append(batch.operation)
                schemas += batch.schemas
            }
            for form in catalog.forms {
                guard let collection = catalog.collection(form.collection) else { continue }
                let requests = FormOperations(form: form, collection: collection, name: names.of(form))
                operations += requests.all
                schemas += requests.schemas
            }
            if !catalog.forms.isEmpty { tags.append((FormOperations.tag, "Pages that store what people write.")) }
            tags.removeAll { $0.name == AccountOperations.tag }
            tags.append((AccountOperations.tag, AccountOperations.about))
            tags.append((AccountOperations.pageTag, AccountOperations.aboutPages))
            tags.append((ServiceOperations.tag, "What every app serves."))
            self.operations = operations + accounts.operations + ServiceOperations.all
            self.schemas = schemas
            self.tags = tags
        }

        /// What accounts do with themselves, and their records as far as those are open.
        private static func accounts(
            _ catalog: Catalog,
            _ users: Collection,
            _ names: Names
        ) -> (operations: [Operation], schemas: [(String, Value)]) {
            let accounts = AccountOperations(catalog, users: users, names: names.of(users))
            let records = RecordOperations(collection: users, catalog: catalog, names: names.of(users))
            let shapes = RecordSchemas(collection: users, catalog: catalog, allNames: names)
            // What a sign-in answers with, even where nobody reads accounts otherwise.
            let own = users.offersReading ? [] : [(names.of(users).one, shapes.record)]
            return (accounts.all + records.all + accounts.pages, accounts.schemas + own + shapes.all)
        }

        /// The document's bytes.
        var bytes: [UInt8] {
            var writer = JSONWriter(capacity: 65_536)
            writer.write(json.json)
            return writer.bytes
        }

        var json: Value {
            [
                "openapi": "3.1.1",
                "info": ["title": .text(catalog.name), "version": "1", "description": .text(Self.description)],
                "servers": [["url": .text(server)]],
                "tags": .list(tags.map { ["name": .text($0.name), "description": .text($0.description)] }),
                "paths": .object(paths),
                "components": .object([
                    ("schemas", .object(schemas)),
                    ("responses", .object(Problems.components())),
                    ("securitySchemes", Security.schemes),
                    ("headers", .object(ResponseHeader.allCases.map { ($0.component, $0.json) })),
                ]),
            ]
        }

        /// What a reference leads to; the schema itself when it is none.
        func resolved(_ schema: Value) -> Value {
            guard case .string(let reference)? = schema["$ref"]?.json else { return schema }
            return schemas.first { reference.hasSuffix("/" + $0.0) }?.1 ?? schema
        }

        /// The app's public address, or wherever the document was fetched from.
        private var server: String {
            catalog.address?.origin ?? "/"
        }

        /// The operations of each path together, in order.
        private var paths: [(String, Value)] {
            var paths: [(String, Value)] = []
            for operation in operations {
                if let index = paths.firstIndex(where: { $0.0 == operation.path }) {
                    paths[index].1[operation.method] = operation.json
                } else {
                    paths.append((operation.path, .object([(operation.method, operation.json)])))
                }
            }
            return paths
        }

        private static let description = """
            What is not listed here is not there for you: a closed collection or field answers as if it did not exist. \
            Every GET works as HEAD too, and OPTIONS answers preflight requests. An address that is asked with a method it \
            does not have answers 405 with `Allow`. Problems are `application/problem+json` (RFC 9457); each `type` is a \
            page of this server. An unknown parameter is refused, since a misspelt one must not do nothing.
            """
    }
}
