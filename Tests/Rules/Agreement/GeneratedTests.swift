import EnginesUnderTest
import Foundation
import OffstageExpressions
import OffstageSchema
import OffstageStorage
import Testing

@testable import OffstageRules

/// Random expressions over random records: the evaluator and every database must agree on each, on what is true, on what is
/// false, and on what fails.
///
/// `OFFSTAGE_FUZZ_CASES` and `OFFSTAGE_FUZZ_SEED` make it longer and other; script/fuzz-expressions sets them.
@Suite struct GeneratedTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// An expression and a record are a case.
    private static let casesAtLeast = environment["OFFSTAGE_FUZZ_CASES"].flatMap { Int($0) } ?? 40_000
    private static let seed = environment["OFFSTAGE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1

    @Test(arguments: EngineUnderTest.all)
    func evaluatorAndDatabaseAgreeOnRandomExpressions(engine: EngineUnderTest) async throws {
        let stored = try await StoredWorld(World(seed: Self.seed), engine)
        let scope = CatalogScope(catalog: World.catalog).scope(of: World.things)
        var generator = Generator(seed: Self.seed)
        var (cases, refused, found) = (0, 0, 0)
        var tally = Tally()
        while cases < Self.casesAtLeast, found < 20 {
            let text = generator.expression()
            guard (try? Checked(text, in: scope, expecting: .bool)) != nil else {
                Issue.record("the generator made what does not check: \(text)")
                found += 1
                continue
            }
            do {
                guard let disagreements = try await stored.disagreements(on: text, &tally) else {
                    refused += 1
                    continue
                }
                cases += stored.world.records[0].records.count
                if let first = disagreements.first {
                    Issue.record("\(first) (and \(disagreements.count - 1) more records)")
                    found += 1
                }
            } catch {
                Issue.record("\(text): \(error)")
                found += 1
            }
        }
        // A generator whose expressions only ever fail would agree with anything.
        for count in [tally.yes, tally.no, tally.failed] { #expect(count * 20 > cases) }
        print(
            "\(stored.name): \(cases) cases of expression and record agree (\(tally)), \(refused) expressions not translated"
        )
        // Most of what can be written must be answered, or this test would say little.
        #expect(refused * 5 < cases / stored.world.records[0].records.count)
        await stored.engine.close()
    }
}
