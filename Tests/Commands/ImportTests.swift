import Foundation
import Testing

/// `offstage import`: what is refused, and how it is said.
struct ImportTests {
    private static let file = """
        offstage: 1
        name: Shelf
        collections:
          products:
            fields:
              sku:   {type: text, required: true, unique: true, pattern: "[A-Z]{3}-[0-9]{4}"}
              price: {type: decimal, digits: 10, scale: 2, min: 0}
              stock: integer
            access: {read: true}
        """

    private func app() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(Self.file, to: "offstage.yaml")
        return folder
    }

    private func count(_ folder: TemporaryFolder) async throws -> Int {
        let outcome = try await Program.run(["export", "products", "--format", "ndjson"], in: folder)
        return outcome.text.split(separator: "\n").count
    }

    @Test func badLinesAreNamedByTheirNumberAndNothingIsStored() async throws {
        let folder = try app()
        let csv =
            "sku,price,stock\r\nAAA-0001,1.00,1\r\n\"AAA-0002\",\"1.005\",2\r\nbad,-1,x\r\nAAA-0001,2,3\r\n\r\nAAA-0003,,\r\n"
        try folder.write(csv, to: "products.csv")
        let outcome = try await Program.run(["import", "products", "products.csv"], in: folder)
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        let lines = outcome.errors.split(separator: "\n").map(String.init)
        #expect(lines.count == 6, "\(outcome.errors)")
        let begins = ["line 3: price ", "line 4: sku ", "line 4: price ", "line 4: stock ", "line 5: sku is taken"]
        for begin in begins { #expect(lines.contains { $0.hasPrefix(begin) }, "\(begin): \(outcome.errors)") }
        #expect(lines.last == "offstage: 3 of 5 rows are not valid; nothing was imported.")
        #expect(try await count(folder) == 0)
    }

    @Test func linesAreCountedThroughQuotedLineBreaks() async throws {
        let folder = try app()
        try folder.write("sku,price\n\"A\n\nB\",1\nAAA-0001,x\n", to: "products.csv")
        let outcome = try await Program.run(["import", "products", "products.csv"], in: folder)
        #expect(
            outcome.errors.contains("line 2: sku ") && outcome.errors.contains("line 5: price "),
            "\(outcome.errors)"
        )
    }

    @Test func badLinesOfNDJSONAreNamedToo() async throws {
        let folder = try app()
        try folder.write(
            "{\"sku\":\"AAA-0001\"}\n{\"sku\":}\n{\"sku\":\"AAA-0002\",\"colour\":1}\n[1]\n",
            to: "p.ndjson"
        )
        let outcome = try await Program.run(["import", "products", "p.ndjson"], in: folder)
        #expect(outcome.status == 1)
        for begin in ["line 2: ", "line 3: colour ", "line 4: "] {
            #expect(outcome.errors.contains(begin), "\(outcome.errors)")
        }
        #expect(!outcome.errors.contains("line 1: "))
        expectNoInsides(outcome.errors)
        #expect(try await count(folder) == 0)
    }

    @Test func aDryRunTriesEverythingAndKeepsNothing() async throws {
        let folder = try app()
        try folder.write("sku\nAAA-0001\nAAA-0002\n", to: "good.csv")
        let tried = try await Program.run(["import", "products", "good.csv", "--dry-run"], in: folder)
        #expect(tried.status == 0)
        #expect(tried.text.contains("2 records would be imported into products; nothing was stored"), "\(tried.text)")
        #expect(try await count(folder) == 0)
        try folder.write("sku\nAAA-0001\nAAA-0001\n", to: "bad.csv")
        let refused = try await Program.run(["import", "products", "bad.csv", "--dry-run"], in: folder)
        #expect(refused.status == 1 && refused.errors.contains("line 3: sku is taken"), "\(refused.errors)")
        let stored = try await Program.run(["import", "products", "good.csv"], in: folder)
        #expect(stored.text == "2 records imported into products.\n")
        #expect(try await count(folder) == 2)
    }

    @Test func standardInputNeedsAFormat() async throws {
        let folder = try app()
        let without = try await Program.run(
            ["import", "products", "-"],
            in: folder,
            input: Data("sku\nAAA-0001\n".utf8)
        )
        expectSentence(without, status: 1, saying: "Standard input", "--format")
        let with = try await Program.run(
            ["import", "products", "-", "--format", "csv"],
            in: folder,
            input: Data("sku\nAAA-0001\n".utf8)
        )
        #expect(with.status == 0 && with.text == "1 record imported into products.\n", "\(with.errors)")
    }

    @Test func anUnknownCollectionIsAnsweredWithTheKnownOnes() async throws {
        let folder = try app()
        for arguments in [["import", "product", "x.csv"], ["export", "product"]] {
            let outcome = try await Program.run(arguments, in: folder)
            expectSentence(outcome, status: 1, saying: "no collection \"product\"", "products")
        }
    }

    @Test func filesThatCannotBeReadAreOneSentence() async throws {
        let folder = try app()
        expectSentence(
            try await Program.run(["import", "products", "missing.csv"], in: folder),
            status: 1,
            saying: "missing.csv",
            "No such file"
        )
        try folder.write("", to: "folder.csv/inside")
        expectSentence(
            try await Program.run(["import", "products", "folder.csv"], in: folder),
            status: 1,
            saying: "folder.csv is a folder"
        )
        try folder.write("sku\n", to: "products.xlsx")
        expectSentence(
            try await Program.run(["import", "products", "products.xlsx"], in: folder),
            status: 1,
            saying: "products.xlsx",
            "--format"
        )
    }

    @Test func hostileFilesAreRefusedInPlainWords() async throws {
        let folder = try app()
        let files: [(String, Data)] = [
            ("a.csv", Data([0xff, 0xfe, 0x41, 0x00])), ("b.csv", Data("sku\n\u{0}\u{0}\n".utf8)),
            ("c.csv", Data("sku,sku\nAAA-0001,AAA-0002\n".utf8)), ("d.csv", Data("sku\n\"AAA-0001\n".utf8)),
            ("e.csv", Data("colour\nred\n".utf8)), ("f.csv", Data("sku\nAAA-0001,2,3\n".utf8)),
            ("a.json", Data("{\"sku\":1}".utf8)), ("b.json", Data("[{\"sku\":\"AAA-0001\"}".utf8)),
            ("c.json", Data(String(repeating: "[", count: 100_000).utf8)), ("d.json", Data()),
            ("a.ndjson", Data("{\"sku\":\"\\ud800\"}".utf8)), ("b.ndjson", Data([0x7b, 0xc0, 0x80, 0x7d])),
        ]
        for (name, bytes) in files {
            try folder.write(bytes, to: name)
            let outcome = try await Program.run(["import", "products", name], in: folder)
            #expect(outcome.status == 1 && !outcome.wasKilled, "\(name): \(outcome.text) \(outcome.errors)")
            #expect(outcome.errors.contains("offstage: "), "\(name): \(outcome.errors)")
            expectNoInsides(outcome.errors)
        }
        #expect(try await count(folder) == 0)
    }

    @Test func anImportBesideARunningServerIsSeenByIt() async throws {
        let folder = try app()
        let server = try await TestServer.start(in: folder)
        #expect(try await server.answer("GET", "/api/products?count=true").text.contains("\"total\":0"))
        let csv = "sku\n" + (0..<3000).map { "AAA-" + String(10_000 + $0).dropFirst() }.joined(separator: "\n")
        let outcome = try await Program.run(
            ["import", "products", "-", "--format", "csv"],
            in: folder,
            input: Data(csv.utf8)
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try await server.answer("GET", "/api/products?count=true").text.contains("\"total\":3000"))
        let ended = try await server.stop()
        #expect(ended.status == 0, "\(ended.errors)")
        #expect(try await count(folder) == 3000)
    }
}
