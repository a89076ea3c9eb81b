import OffstageSchema

extension OpenAPI {
    /// The requests of one collection: what is open of them, and nothing else.
    struct RecordOperations {
        let collection: Collection
        let catalog: Catalog
        let names: Names.Pair

        var all: [Operation] {
            var operations: [Operation] = []
            if collection.offersReading { operations.append(list) }
            if collection.offersCreation { operations.append(create) }
            if collection.offersReading {
                operations.append(SummaryOperation(collection: collection, names: names).operation)
            }
            if collection.offersCreation { operations.append(importRows) }
            if collection.offersReading { operations.append(read) }
            if collection.offersUpdate { operations.append(update) }
            if collection.offersReplacement { operations.append(replace) }
            if collection.offersDeletion { operations.append(delete) }
            return operations.map { operation in
                var operation = operation
                operation.security = .optional
                return operation
            }
        }

        var path: String { "/api/\(collection.name)" }
        private var recordPath: String { path + "/{id}" }
        var tag: String { collection.name == Collection.usersName ? AccountOperations.tag : collection.label }

        private var list: Operation {
            Operation(
                method: "get",
                path: path,
                id: "list\(names.all)",
                tag: tag,
                summary: "A page of the list",
                description:
                    "With `Accept: text/csv` or `application/x-ndjson` all records come as a stream, "
                    + "without `limit`, `count` and `expand`.",
                parameters: Parameter.filter(collection) + [Parameter.search(collection)].compactMap { $0 }
                    + [.sort(collection), .limit, .after, .fields(collection)] + expand + [.count],
                responses: [
                    Response(
                        status: 200,
                        description: "The records.",
                        headers: [.link],
                        content: [
                            Content(type: "application/json", schema: .schema(names.one + "Page")),
                            Content(type: "text/csv", schema: ["type": "string"]),
                            Content(type: "application/x-ndjson", schema: ["type": "string"]),
                        ],
                        links: [("nextPage", "list\(names.all)", [("after", "$response.body#/next")])]
                    )
                ] + Problems.responses(Problems.ofEveryAsker + [406])
            )
        }

        private var create: Operation {
            Operation(
                method: "post",
                path: path,
                id: "create\(names.one)",
                tag: tag,
                summary: "Create a record",
                parameters: [.idempotencyKey],
                body: Body(content: bodies("Create"), example: Example.record(collection.takenFields)),
                responses: [created]
                    + Problems.responses(ofAWrite + [406])
            )
        }

        private var read: Operation {
            Operation(
                method: "get",
                path: recordPath,
                id: "get\(names.one)",
                tag: tag,
                summary: "Read a record",
                parameters: [.id, .fields(collection)] + expand + [.ifNoneMatchForReading],
                responses: [
                    whole(200, "The record.", tag: expand.isEmpty ? .eTag : .eTagUnlessExpanded),
                    Response(status: 304, description: "The client has it already.", headers: [.eTag]),
                ] + Problems.responses(Problems.ofEveryAsker + [404, 406])
            )
        }

        private var update: Operation {
            Operation(
                method: "patch",
                path: recordPath,
                id: "update\(names.one)",
                tag: tag,
                summary: "Change a record",
                description: "A merge patch (RFC 7396): only what is sent changes.",
                parameters: [.id, .ifMatch, .idempotencyKey],
                body: Body(
                    content: [Content(type: "application/merge-patch+json", schema: .schema(names.one + "Patch"))]
                        + bodies("Patch"),
                    example: Example.change(collection.takenFields)
                ),
                responses: [whole(200, "The whole record as it is now.", [.idempotentReplayed])]
                    + Problems.responses(ofAWrite + [404, 406, 412])
            )
        }

        private var replace: Operation {
            Operation(
                method: "put",
                path: recordPath,
                id: "replace\(names.one)",
                tag: tag,
                summary: replaceSummary,
                parameters: [.id, .ifMatch] + (collection.offersCreation ? [.ifNoneMatchForCreating] : []) + [
                    .idempotencyKey
                ],
                body: Body(content: bodies("Replace"), example: Example.record(collection.takenFields)),
                responses: (collection.offersUpdate
                    ? [whole(200, "The whole record as it is now.", [.idempotentReplayed])] : [])
                    + (collection.offersCreation ? [created] : [])
                    + Problems.responses(ofAWrite + [404, 406, 412])
            )
        }

        private var replaceSummary: String {
            switch (collection.offersCreation, collection.offersUpdate) {
            case (true, true): "Replace a record, or create it under this id"
            case (true, false): "Create a record under this id"
            default: "Replace a record"
            }
        }

        private var delete: Operation {
            Operation(
                method: "delete",
                path: recordPath,
                id: "delete\(names.one)",
                tag: tag,
                summary: "Delete a record",
                description: "Relations that point to it decide what becomes of their records, or that it stays.",
                parameters: [.id, .ifMatch, .idempotencyKey],
                responses: [Response(status: 204, description: "It is gone.", headers: [.idempotentReplayed])]
                    + Problems.responses(Problems.ofEveryAsker + Problems.ofEveryWrite + [403, 404, 412])
            )
        }

        // MARK: Parts

        private var expand: [Parameter] {
            Parameter.expand(collection, catalog).map { [$0] } ?? []
        }

        /// A rule may say no, and a cookie changes nothing unless a page of this site sends it.
        var ofAWrite: [Int] { Problems.ofEveryAsker + Problems.ofEveryBody + Problems.ofEveryWrite + [403] }

        /// The same values as JSON and as the two kinds of forms.
        private func bodies(_ ending: String) -> [Content] {
            let encoding = RecordSchemas.encoding(collection.takenFields)
            return [Content(type: "application/json", schema: .schema(names.one + ending))]
                + ["application/x-www-form-urlencoded", "multipart/form-data"].map {
                    Content(type: $0, schema: .schema(names.one + ending), encoding: encoding)
                }
        }

        private func whole(
            _ status: Int,
            _ description: String,
            _ headers: [ResponseHeader] = [],
            tag: ResponseHeader = .eTag
        ) -> Response {
            Response(
                status: status,
                description: description,
                headers: [tag] + headers,
                content: [Content(type: "application/json", schema: .schema(names.one))]
            )
        }

        private var created: Response {
            var response = whole(201, "The new record.", [.location, .idempotentReplayed])
            let id = [("id", "$response.body#/id")]
            if collection.offersReading { response.links.append(("read", "get\(names.one)", id)) }
            if collection.offersUpdate { response.links.append(("update", "update\(names.one)", id)) }
            if collection.offersReplacement { response.links.append(("replace", "replace\(names.one)", id)) }
            if collection.offersDeletion { response.links.append(("delete", "delete\(names.one)", id)) }
            return response
        }
    }
}
