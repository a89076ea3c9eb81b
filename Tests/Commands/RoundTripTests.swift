import Foundation
import Testing

/// What leaves by `offstage export` comes back by `offstage import` as it was.
struct RoundTripTests {
    static let formats = ["csv", "ndjson", "json"]

    private func app() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(EveryKindApp.file, to: "offstage.yaml")
        return folder
    }

    private func importing(_ collection: String, _ data: Data, _ format: String, _ folder: TemporaryFolder) async throws
    {
        let outcome = try await Program.run(["import", collection, "-", "--format", format], in: folder, input: data)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    private func exporting(_ collection: String, _ format: String, _ folder: TemporaryFolder) async throws -> Data {
        let outcome = try await Program.run(["export", collection, "--format", format], in: folder)
        try #require(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output
    }

    @Test(arguments: formats)
    func everyTypeAtItsExtremesSurvives(_ format: String) async throws {
        let first = try await app()
        try await importing("places", Data(EveryKindApp.places.utf8), "ndjson", first)
        try await importing("things", Data(EveryKindApp.things.utf8), "ndjson", first)
        let places = try await exporting("places", format, first)
        let things = try await exporting("things", format, first)
        let original = try await exporting("things", "ndjson", first)

        let second = try await app()
        try await importing("places", places, format, second)
        try await importing("things", things, format, second)
        #expect(try await exporting("places", format, second) == places)
        #expect(try await exporting("things", format, second) == things)
        // The same in another format too: nothing was lost that this format can't show.
        let copies = try await exporting("things", "ndjson", second)
        for (copy, line) in zip(copies.split(separator: 0x0a), original.split(separator: 0x0a)) where copy != line {
            Issue.record(
                "\(String(decoding: line.prefix(900), as: UTF8.self)) became \(String(decoding: copy.prefix(900), as: UTF8.self))"
            )
        }
        #expect(copies.count == original.count)
        // A search of each of them stands whatever is in a text.
        let database = try StoredDatabase(second.path("data/offstage.db"))
        try database.checkSearch(of: "things")
        let found = "SELECT count(*) FROM things t JOIN \"_search(things)\" s ON s.rowid = t._rowid_"
        let all = try database.value("SELECT count(*) FROM things")
        #expect(try database.value(found + " WHERE s._text IS t.text") == all)
    }

    @Test func whatWasGivenIsWhatIsExported() async throws {
        let folder = try await app()
        try await importing("places", Data(EveryKindApp.places.utf8), "ndjson", folder)
        try await importing("things", Data(EveryKindApp.things.utf8), "ndjson", folder)
        let given = EveryKindApp.things.split(separator: "\n")
        // Ids are made in order, so that the export has the order of the file.
        let exported = try await exporting("things", "ndjson", folder).split(separator: 0x0a)
        #expect(given.count == exported.count)
        for (line, bytes) in zip(given, exported) {
            // Numbers that a reader changes, and texts in another normal form or zone, have tests of their own.
            if ["1e400", "1234567890123", "1.50", "e\u{301}", "+02:00"].contains(where: { line.contains($0) }) {
                continue
            }
            let expected = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
            let actual = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? NSDictionary)
            for (name, value) in expected {
                let exportedValue = try #require(actual[name])
                #expect(NSArray(array: [value]) == NSArray(array: [exportedValue]), "\(line.prefix(300))")
            }
        }
    }

    @Test func numbersThatReadersTendToChangeStayAsTheyWere() async throws {
        let folder = try await app()
        let line =
            "{\"decimal\":999999999999999999,\"money\":9999999999999999.99,\"integer\":9007199254740991,"
            + "\"json\":[123456789012345678901234567890,1.50]}\n"
        try await importing("things", Data(line.utf8), "ndjson", folder)
        let text = String(decoding: try await exporting("things", "ndjson", folder), as: UTF8.self)
        for part in [
            "\"999999999999999999\"", "\"9999999999999999.99\"", "9007199254740991", "123456789012345678901234567890",
            "1.50",
        ] {
            #expect(text.contains(part), "\(text)")
        }
    }

    @Test(arguments: formats)
    func theEndingOfTheFileTellsTheFormat(_ format: String) async throws {
        let folder = try await app()
        try await importing("places", Data(EveryKindApp.places.utf8), "ndjson", folder)
        let exported = try await Program.run(["export", "places", "--to", "places.\(format)"], in: folder)
        #expect(exported.status == 0 && exported.output.isEmpty, "\(exported.errors)")
        let file = try folder.data("places.\(format)")
        #expect(
            file.starts(
                with: Data(["csv": "id,name,", "ndjson": "{\"id\"", "json": "[{\"id\""][format, default: "?"].utf8)
            )
        )
        let other = try await app()
        try other.write(file, to: "places.\(format)")
        let imported = try await Program.run(["import", "places", "places.\(format)"], in: other)
        #expect(imported.text == "2 records imported into places.\n", "\(imported.errors)")
        #expect(try await exporting("places", format, other) == file)
    }

    @Test func anExportNeverWritesOverAFile() async throws {
        let folder = try await app()
        #expect(try await Program.run(["migrate", "--apply"], in: folder).status == 0)
        try folder.write("mine", to: "places.csv")
        let outcome = try await Program.run(["export", "places", "--to", "places.csv"], in: folder)
        expectSentence(outcome, status: 1, saying: "places.csv")
        #expect(try folder.data("places.csv") == Data("mine".utf8))
    }

    @Test func moreRecordsThanAPageKeepTheirOrder() async throws {
        let folder = try await app()
        let lines = (0..<1234).map { "{\"name\":\"\($0)\"}" }.joined(separator: "\n")
        try await importing("places", Data(lines.utf8), "ndjson", folder)
        let outcome = try await Program.run(["export", "places", "--format", "ndjson"], in: folder)
        let names = outcome.text.matches(of: /"name":"(\d+)"/).compactMap { Int($0.1) }
        #expect(names == Array(0..<1234))
        let sorted = try await Program.run(["export", "places", "--format", "ndjson", "--sort=-name"], in: folder)
        let descending = sorted.text.matches(of: /"name":"(\d+)"/).map { String($0.1) }
        #expect(descending == (0..<1234).map { "\($0)" }.sorted(by: >))
    }
}
