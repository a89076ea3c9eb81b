import EnginesUnderTest
import Foundation
import Testing

/// `offstage move`, over all engines that are there, and what is exported before and after.
@Suite struct MoveTests {
    private func run(
        _ arguments: [String],
        _ folder: TemporaryFolder,
        database: String,
        input: Data? = nil
    ) async throws -> Program.Outcome {
        try await Program.run(arguments, in: folder, environment: ["OFFSTAGE_DATABASE": database], input: input)
    }

    private func app() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(EveryKindApp.file, to: "offstage.yaml")
        return folder
    }

    @Test func everyTypeAtItsExtremesGoesRoundAllEnginesAndBack() async throws {
        let folder = try await app()
        // SQLite, MariaDB, PostgreSQL, SQLite, as far as they are there.
        let route = [EngineUnderTest.sqlite] + [.mysql, .postgres].filter(\.isThere) + [.sqlite]
        let places = try route.enumerated().map { number, engine in
            try engine == .sqlite
                ? "sqlite:data/\(number).db" : engine.place(in: folder.url.path).url
        }
        for (name, text) in [("places", EveryKindApp.places), ("things", EveryKindApp.things)] {
            let imported = try await run(
                ["import", name, "-", "--format", "ndjson"],
                folder,
                database: places[0],
                input: Data(text.utf8)
            )
            try #require(imported.status == 0, "\(imported.errors)")
        }
        func exports(_ database: String) async throws -> [Data] {
            var found: [Data] = []
            for (name, format) in [("places", "csv"), ("things", "csv"), ("things", "ndjson"), ("things", "json")] {
                let outcome = try await run(["export", name, "--format", format], folder, database: database)
                try #require(outcome.status == 0, "\(outcome.errors)")
                found.append(outcome.output)
            }
            return found
        }
        let before = try await exports(places[0])
        #expect(before[2].split(separator: 0x0a).count > 80)
        for (source, target) in zip(places, places.dropFirst()) {
            let moved = try await run(["move", "--to", target], folder, database: source)
            try #require(moved.status == 0, "\(moved.errors)")
            #expect(moved.text.contains("things: ") && moved.text.contains("the same on both sides"))
            #expect(moved.text.contains("OFFSTAGE_DATABASE="))
            #expect(try await exports(target) == before, "\(target.prefix(8))")
            // The one that was left is not used by mistake.
            let left = try await run(["export", "places"], folder, database: source)
            #expect(left.status == 1 && left.errors.contains("offstage move --cancel"), "\(left.errors)")
        }
    }

    @Test func whatCannotBeMovedIsOneSentence() async throws {
        let folder = try await app()
        let none = try await run(["move", "--to", "sqlite:data/b.db"], folder, database: "sqlite:data/a.db")
        #expect(none.status == 1 && none.errors.contains("nothing to move"), "\(none.errors)")
        let imported = try await run(
            ["import", "places", "-", "--format", "ndjson"],
            folder,
            database: "sqlite:data/a.db",
            input: Data(EveryKindApp.places.utf8)
        )
        try #require(imported.status == 0)
        let same = try await run(["move", "--to", "sqlite:data/a.db"], folder, database: "sqlite:data/a.db")
        #expect(same.status == 1 && same.errors.contains("in use already"), "\(same.errors)")
        let neither = try await run(["move"], folder, database: "sqlite:data/a.db")
        #expect(neither.status != 0 && neither.errors.contains("--to"), "\(neither.errors)")
        let cancel = try await run(["move", "--cancel"], folder, database: "sqlite:data/a.db")
        #expect(cancel.status == 1 && cancel.errors.contains("not being moved"), "\(cancel.errors)")
        let moved = try await run(["move", "--to", "sqlite:data/b.db"], folder, database: "sqlite:data/a.db")
        #expect(moved.status == 0, "\(moved.errors)")
        let back = try await run(["move", "--cancel"], folder, database: "sqlite:data/a.db")
        #expect(back.status == 0 && back.text.contains("can be used again"), "\(back.errors)")
        let full = try await run(["move", "--to", "sqlite:data/b.db"], folder, database: "sqlite:data/a.db")
        #expect(full.status == 1 && full.errors.contains("is not empty"), "\(full.errors)")
    }
}
