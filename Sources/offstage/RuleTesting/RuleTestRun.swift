import Glibc
import OffstageAppFile
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite

/// The tests of one file on databases of their own: the given records are stored once, and each test that writes gets a
/// copy, so that no test sees what another did.
struct RuleTestRun {
    /// How a test came out.
    struct Result {
        let test: RuleTest
        /// What was expected and what came, when they differ.
        let difference: (expected: String, came: String)?
    }

    private let file: RuleTestFile
    private let rules: Rules
    private let folder: String
    private let now: Timestamp

    private var given: String { folder + "/given.db" }

    /// Stores the given records, as the team.
    ///
    /// - Throws: a complaint with the place of a record that can't be stored.
    init(_ file: RuleTestFile, rules: Rules) async throws(Complaint) {
        self.file = file
        self.rules = rules
        now = file.now ?? Settings.now()
        folder = try Disk.makeTemporaryFolder()
        do throws(Complaint) {
            let engine = try await open(given)
            do throws(Complaint) {
                try await store(records(on: engine))
            } catch {
                await engine.close()
                throw error
            }
            await engine.close()
        } catch {
            close()
            throw error
        }
    }

    /// Throws the databases away.
    func close() {
        for name in Disk.names(in: folder) { unlink("\(folder)/\(name)") }
        rmdir(folder)
    }

    // MARK: Databases

    private func open(_ path: String) async throws(Complaint) -> SQLiteEngine {
        do throws(StorageFailure) {
            let engine = try SQLiteEngine(path: path)
            let plan = try await engine.plan(to: TableShape.shapes(of: rules.catalog))
            if !plan.isEmpty { try await engine.apply(plan) }
            return engine
        } catch {
            throw Complaint(error, database: path)
        }
    }

    private func records(on engine: SQLiteEngine) -> Records {
        let now = now
        return Records(rules: rules, engine: engine) { now }
    }

    private func store(_ records: Records) async throws(Complaint) {
        for record in file.records {
            do throws(Failure) {
                _ = try await records.create(record.input, in: record.collection, Self.request(.team("test")))
            } catch {
                let faults = error.faults.map { "\($0.pointer.dropFirst()) \($0.message)" }
                let reason = faults.isEmpty ? error.detail : faults.joined(separator: "; ")
                let fault = AppFileFault(
                    fileName: file.fileName,
                    place: record.place,
                    message: "\(record.collection.name)/\(record.name) cannot be stored: \(reason)"
                )
                throw Complaint(
                    "A given record of the tests cannot be stored; none was run.",
                    details: ["\(fault)"],
                    code: Complaint.faulty
                )
            }
        }
    }

    // MARK: Tests

    func result(of test: RuleTest) async throws(Complaint) -> Result {
        let path = try test.request.isWrite ? copy() : given
        let engine = try await open(path)
        let outcome = await Self.outcome(of: test, records(on: engine))
        await engine.close()
        if path != given { removeCopy() }
        let names = Dictionary(
            file.records.filter { $0.collection.name == test.request.collection.name }.map { ($0.id, $0.name) },
            uniquingKeysWith: { first, _ in first }
        )
        return Result(test: test, difference: outcome.difference(from: test, names))
    }

    private var copyPath: String { folder + "/test.db" }

    private func copy() throws(Complaint) -> String {
        removeCopy()
        guard let bytes = try Disk.read(given) else { throw Complaint("\(given) is gone.") }
        try Disk.write(bytes, to: copyPath)
        return copyPath
    }

    private func removeCopy() {
        for name in Disk.names(in: folder) where name.hasPrefix("test.db") { unlink("\(folder)/\(name)") }
    }

    private static func request(_ principal: Principal) -> WriteRequest {
        WriteRequest(by: principal) { _ in Answer(status: 200, body: []) }
    }

    /// The ids of all pages.
    private static func all(
        _ view: View,
        _ query: ListQuery,
        _ records: Records
    ) async throws(Failure) -> [Identifier] {
        var query = query
        var ids: [Identifier] = []
        repeat {
            let page = try await records.list(view, query)
            ids += page.records.map(\.id)
            query.after = page.next
        } while query.after != nil
        return ids
    }

    private static func outcome(of test: RuleTest, _ records: Records) async -> RuleTestOutcome {
        let write = request(test.principal)
        do throws(Failure) {
            switch test.request {
            case .list(let collection, let filter, let sort):
                let view = records.view(of: collection, for: test.principal)
                var query = ListQuery(limit: ListQuery.largestLimit)
                if let sort { query.sort = try Sort(sort, view) }
                if let filter { query.filter = try view.filter(filter) }
                return .records(try await Self.all(view, query, records))
            case .read(let collection, let id):
                let record = try await records.read(id, records.view(of: collection, for: test.principal)).record
                return .record(hidden: record.hidden.sorted().map { collection.fields[$0].name })
            case .create(let collection, let input): _ = try await records.create(input, in: collection, write)
            case .update(let collection, let id, let input):
                _ = try await records.update(id, with: input, in: collection, write)
            case .delete(let collection, let id): _ = try await records.delete(id, in: collection, write)
            }
            return .done
        } catch {
            return .failed(error)
        }
    }
}

extension RuleTest.Request {
    var isWrite: Bool {
        switch self {
        case .list, .read: false
        case .create, .update, .delete: true
        }
    }
}
