import Foundation
import Testing

/// `offstage new`
struct NewTests {
    @Test func makesAnAppThatPassesItsOwnCheckAndServesItsForm() async throws {
        let folder = try TemporaryFolder()
        let made = try await Program.run(["new", "my-app"], in: folder)
        #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
        #expect(made.text.contains("offstage serve --app my-app"))
        let checked = try await Program.run(["check", "--app", "my-app"], in: folder)
        #expect(checked.status == 0, "\(checked.errors)")
        let server = try await TestServer.start(app: "my-app", in: folder)
        #expect(try await server.answer("GET", "/forms/contact").status == 200)
        #expect(try await server.answer("GET", "/").text.contains("My app is running"))
        #expect(try await server.stop().status == 0)
    }

    @Test func theShopIsTheExampleByteForByte() async throws {
        let folder = try TemporaryFolder()
        #expect(try await Program.run(["new", "shop", "--example", "shop"], in: folder).status == 0)
        let made = try TemporaryFolder.files(below: folder.url.appending(path: "shop"))
        let example = try TemporaryFolder.files(below: projectFolder.appending(path: "examples/shop"))
            .filter { !$0.key.hasPrefix("data/") }
        #expect(made.count > 20)
        #expect(Set(made.keys) == Set(example.keys))
        for (path, bytes) in example { #expect(made[path] == bytes, "\(path)") }
    }

    @Test func aFolderWithSomethingInItIsRefusedAndLeftAsItIs() async throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "my-app/notes.txt")
        let outcome = try await Program.run(["new", "my-app"], in: folder)
        expectSentence(outcome, status: 1, saying: "my-app is not empty", "nothing was written")
        #expect(try TemporaryFolder.files(below: folder.url) == ["my-app/notes.txt": Data("mine".utf8)])
    }

    @Test func anEmptyFolderIsTaken() async throws {
        let folder = try TemporaryFolder()
        #expect(try await Program.run(["new", "."], in: folder).status == 0)
        #expect(folder.has("offstage.yaml"))
    }

    @Test func aFileInTheWayIsNamed() async throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: "my-app")
        let outcome = try await Program.run(["new", "my-app"], in: folder)
        expectSentence(outcome, status: 2, saying: "my-app")
        #expect(try folder.data("my-app") == Data("mine".utf8))
    }

    @Test func anUnknownExampleIsAnsweredWithTheKnownOnes() async throws {
        let outcome = try await Program.run(["new", "a", "--example", "shp"], in: TemporaryFolder())
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("'shop'"))
    }
}
