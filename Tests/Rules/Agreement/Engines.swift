import EnginesUnderTest
import Foundation
import OffstageExpressions
import OffstageSchema
import OffstageStorage

@testable import OffstageRules

/// A world in a database of its own, gone with the test.
final class StoredWorld: Sendable {
    let world: World
    let name: String
    let engine: any Engine
    private let folder: URL

    init(_ world: World, _ engine: EngineUnderTest) async throws {
        self.world = world
        name = engine.rawValue
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        self.engine = try await engine.place(in: folder.path).open(TableShape.shapes(of: World.catalog))
        // Relations point in circles, so that no order of rows would do.
        let order = [1, 0, 2].map { world.records[$0] }
        try await self.engine.write { connection throws(StorageFailure) in
            for (collection, records) in order {
                for record in records {
                    try connection.run(Self.insert(record, collection, withBoss: false))
                }
            }
            for (collection, records) in order where collection.field("boss") != nil {
                guard let position = collection.position(of: "boss") else { continue }
                for record in records {
                    try connection.run(
                        """
                        UPDATE \(SQL.Name(collection)) SET \(SQL.Name("boss")) = \(record.values[position])
                        WHERE \(SQL.Name("id")) = \(.identifier(record.id))
                        """
                    )
                }
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private static func insert(_ record: Record, _ collection: Collection, withBoss: Bool) -> SQL {
        var names: [SQL] = [
            "\(SQL.Name("id"))", "\(SQL.Name("created"))", "\(SQL.Name("updated"))", "\(SQL.Name("version"))",
        ]
        var values: [SQL] = [
            "\(.identifier(record.id))", "\(.datetime(record.created))", "\(.datetime(record.updated))",
            "\(.integer(record.version))",
        ]
        for (field, value) in zip(collection.fields, record.values) where field.name != "boss" {
            names.append("\(SQL.Name(field))")
            values.append("\(value)")
        }
        return "INSERT INTO \(SQL.Name(collection)) (\(names, separator: ", ")) VALUES (\(values, separator: ", "))"
    }

    /// The things for which the rule is true, by its folded and translated form.
    ///
    /// - Throws: a refusal when the rule cannot be translated.
    func things(where checked: Checked) async throws -> Set<Identifier> {
        switch checked.decide(world.asked) {
        case .always: return Set(world.records[0].records.map(\.id))
        case .never: return []
        case .when(let term):
            var translator = Translator(
                catalog: World.catalog,
                dialect: engine.dialect,
                root: RowSource(collection: World.things, alias: SQL.Name(World.things))
            )
            let condition = try translator.finished(term)
            return try await engine.read(.scan) { connection throws(StorageFailure) in
                let query: SQL = "SELECT \(SQL.Name("id")) FROM \(SQL.Name(World.things)) WHERE \(condition)"
                return Set(try connection.all(query) { row in Identifier(row.text(0)) }.compactMap(\.self))
            }
        }
    }

    /// Where evaluator and database disagree on an expression, in words; nil when it cannot be translated.
    func disagreements(on text: String, _ tally: inout Tally) async throws -> [String]? {
        let scope = CatalogScope(catalog: World.catalog).scope(of: World.things)
        let checked = try Checked(text, in: scope, expecting: .bool)
        let negated = try Checked("!(\(text))", in: scope, expecting: .bool)
        let (yes, no): (Set<Identifier>, Set<Identifier>)
        do {
            yes = try await things(where: checked)
            no = try await things(where: negated)
        } catch is TranslationRefusal {
            return nil
        }
        return world.records[0].records.compactMap { record in
            let found: Bool? = yes.contains(record.id) ? true : no.contains(record.id) ? false : nil
            let expected = world.outcome(checked, on: record)
            tally.count(expected)
            guard found != expected || yes.contains(record.id) && no.contains(record.id) else { return nil }
            let values = zip(World.things.fields, record.values).filter { text.contains($0.0.name) }
            let words = values.map { "\($0.0.name)=\($0.1)" }.joined(separator: " ")
            return "\(name): \(text): expected \(Self.word(expected)), found \(Self.word(found)) [\(words)]"
        }
    }

    private static func word(_ outcome: Bool?) -> String { outcome.map { "\($0)" } ?? "error" }
}

/// How often the evaluator said what.
struct Tally: CustomStringConvertible {
    private(set) var yes = 0
    private(set) var no = 0
    private(set) var failed = 0

    mutating func count(_ outcome: Bool?) {
        switch outcome {
        case true: yes += 1
        case false: no += 1
        case nil: failed += 1
        }
    }

    var description: String { "\(yes) true, \(no) false, \(failed) failed" }
}
