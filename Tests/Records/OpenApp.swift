import Foundation
import OffstageAppFile
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite
import Testing

/// An app over a database of its own, gone with the test.
final class OpenApp: Sendable {
    let records: Records
    let engine: SQLiteEngine
    private let folder: URL

    /// - Parameter appFile: without its first line.
    init(_ appFile: String) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let catalog = try AppFile.load(text: "offstage: 1\n" + appFile).get()
        engine = try SQLiteEngine(path: folder.path + "/offstage.db")
        try await engine.apply(engine.plan(to: TableShape.shapes(of: catalog)))
        records = Records(rules: try Rules(catalog), engine: engine) { Timestamp(milliseconds: 1_795_000_000_000) }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func collection(_ name: String) throws -> Collection { try #require(records.catalog.collection(name)) }
}

/// Who asks, as the tests call them.
enum Person {
    static let visitor = Principal.visitor(address: "192.0.2.1")
    static let team = Principal.team("ada")
    static let staff = account(1, role: "staff")
    static let anna = account(2, role: "customer")
    static let ben = account(3, role: "customer")

    static func account(_ number: Int, role: String) -> Principal {
        .account(Account(id: id(number), address: "192.0.2.9", fields: ["role": .text(role)]))
    }

    static func id(_ number: Int) -> Identifier {
        Identifier(high: 0x0193_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number))
    }
}

/// What came of a request, as a short text: the code of a failure with its faults, or the record's JSON.
extension OpenApp {
    func create(_ json: String, in name: String, by principal: Principal, form: Form? = nil) async throws -> String {
        let (collection, input) = (try collection(name), try Self.input(json))
        return try await outcome { () async throws(Failure) in
            try await self.records.create(
                input,
                in: collection,
                granted: form.map { .form($0) } ?? .rule,
                Self.write(principal, collection)
            )
        }
    }

    func update(_ id: Identifier, _ json: String, in name: String, by principal: Principal) async throws -> String {
        let (collection, input) = (try collection(name), try Self.input(json))
        return try await outcome { () async throws(Failure) in
            try await self.records.update(id, with: input, in: collection, Self.write(principal, collection))
        }
    }

    func replace(
        _ id: Identifier,
        _ json: String,
        in name: String,
        by principal: Principal,
        if precondition: Precondition = .none
    ) async throws -> String {
        let (collection, input) = (try collection(name), try Self.input(json))
        return try await outcome { () async throws(Failure) in
            try await self.records.replace(
                id,
                with: input,
                in: collection,
                if: precondition,
                Self.write(principal, collection)
            )
        }
    }

    func delete(_ id: Identifier, in name: String, by principal: Principal) async throws -> String {
        let collection = try collection(name)
        return try await outcome { () async throws(Failure) in
            try await self.records.delete(id, in: collection, Self.write(principal, collection))
        }
    }

    func read(_ id: Identifier, in name: String, by principal: Principal) async throws -> String {
        let collection = try collection(name)
        do throws(Failure) {
            return Self.text(
                try await records.read(id, records.view(of: collection, for: principal)).record,
                collection
            )
        } catch {
            return Self.text(error)
        }
    }

    /// The ends of the ids of a list, in its order; or the failure.
    func list(
        _ name: String,
        by principal: Principal,
        filter: String? = nil,
        _ arguments: [(name: String, value: String)] = [],
        sort: String? = nil
    ) async throws -> String {
        let view = records.view(of: try collection(name), for: principal)
        do throws(Failure) {
            var query = ListQuery(count: true)
            if let sort { query.sort = try Sort(sort, view) }
            if let filter { query.filter = try view.filter(filter, arguments: arguments) }
            let page = try await records.list(view, query)
            #expect(page.total == Int64(page.records.count))
            return page.records.map { "\($0.id.low & 0xff)" }.joined(separator: " ")
        } catch {
            return Self.text(error)
        }
    }

    private func outcome(_ body: () async throws(Failure) -> Answer) async throws -> String {
        do throws(Failure) {
            return String(decoding: try await body().body, as: UTF8.self)
        } catch {
            return Self.text(error)
        }
    }

    private static func write(_ principal: Principal, _ collection: Collection) -> WriteRequest {
        WriteRequest(by: principal) { written in
            switch written {
            case .created(let record), .changed(let record):
                Answer(status: 200, body: Array(text(record, collection).utf8))
            case .deleted: Answer(status: 204, body: Array("deleted".utf8))
            }
        }
    }

    private static func input(_ json: String) throws -> Input {
        try #require(Input(json: try JSONParser.parse(json.utf8)))
    }

    /// The record's own fields, without what every record has.
    private static func text(_ record: Record, _ collection: Collection) -> String {
        let json = RecordJSON(collection, fields: collection.fields.map(\.name))
        return String(decoding: json.bytes(record), as: UTF8.self)
    }

    private static func text(_ failure: Failure) -> String {
        let faults = failure.faults.map { "\($0.pointer) \($0.code.rawValue): \($0.message)" }
        return ([failure.kind.rawValue] + (faults.isEmpty && failure.kind == .malformed ? [failure.detail] : faults))
            .joined(separator: "; ")
    }
}
