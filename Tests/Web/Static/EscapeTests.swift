import OffstageSchema
import Testing

/// No way out of the folder.
@Suite struct EscapeTests {
    static let paths = [
        "/../secret.txt", "/docs/../../secret.txt", "/..", "/../", "/./../secret.txt", "/%2e%2e/secret.txt",
        "/%2E%2E/secret.txt",
        "/.%2e/secret.txt", "/%2e./secret.txt", "/..%2fsecret.txt", "/..%2Fsecret.txt", "/%2e%2e%2fsecret.txt",
        "/docs/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/..\\secret.txt", "/%2e%2e%5csecret.txt",
        "/docs%2f..%2f..%2fsecret.txt",
        "/%252e%252e/secret.txt", "/..%252fsecret.txt", "/%c0%ae%c0%ae/secret.txt", "/%c0%ae%c0%ae%c0%afsecret.txt",
        "/..%c0%afsecret.txt", "/%e0%80%ae%e0%80%ae/secret.txt", "/....//secret.txt", "/.../secret.txt",
        "/..;/secret.txt",
        "/%00/../secret.txt", "/../secret.txt%00.html", "/style.css%00", "/style.css%00.html", "/%00",
        "//../secret.txt",
        "//etc/passwd", "/%2fetc%2fpasswd", "/%2f%2fetc/passwd", "/file:///etc/passwd", "/~root", "/docs/..",
        "/docs/../style.css",
        "/docs/./page.html", "/%uff0e%uff0e/secret.txt", "/\u{ff0e}\u{ff0e}/secret.txt", "/outside/secret.txt",
        "/outside.txt", "/up/secret.txt",
        "/offstage.db", "/../offstage.db", "/loop", "/loop/", "/dangling", "/pipe",
    ]

    @Test func noSpellingLeadsOutOfTheFolder() async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            let folder = client.app.folder
            try folder.write("top secret", to: "secret.txt")
            try folder.write("top secret", to: "elsewhere/secret.txt")
            try folder.link("public/outside", to: folder.path + "/elsewhere")
            try folder.link("public/outside.txt", to: folder.path + "/secret.txt")
            try folder.link("public/up", to: "..")
            try folder.link("public/loop", to: "loop")
            try folder.link("public/dangling", to: "nowhere")
            for path in Self.paths {
                let response = try await client.get(path)
                #expect(["404 not_found", "400 malformed"].contains(response.outcome), "\(path): \(response.status)")
                #expect(!response.text.contains("secret.txt\"") || response.code != nil)
                #expect(!response.text.contains("top secret") && !response.text.contains("root:"), "\(path)")
            }
        }
    }

    /// The ones that only an attack sends are refused outright.
    @Test(arguments: [
        "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt", "/docs/../style.css", "/%00",
        "/style.css%00",
        "/%c0%ae%c0%ae/secret.txt", "/%ff", "/api/%ff", "/api/things/%00", "/forms/%00", "/api/../api/things",
    ])
    func traversalAndNULAreMalformed(path: String) async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            let response = try await client.get(path)
            #expect(response.outcome == "400 malformed")
        }
    }

    @Test func aLinkInsideTheFolderIsFollowed() async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            try client.app.folder.link("public/alias.css", to: "style.css")
            let response = try await client.get("/alias.css")
            #expect(response.text == "p {}")
        }
    }
}
