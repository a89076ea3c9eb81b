import Foundation
import OffstageSchema
import Testing

@Suite struct FileTests {
    static let app = "name: Site\ncollections:\n  things: {fields: {word: {type: text}}}"
    static let files = [
        "index.html": "<p>home</p>", "style.css": "p {}", "app.js": "1", "empty.txt": "", "digits.txt": "0123456789",
        "docs/index.html": "<p>docs</p>", "docs/page.html": "<p>page</p>", "plain/file.txt": "x",
        "a b ü.txt": "named", ".hidden": "no", ".git/config": "no", "plain/.env": "no", "noending": "?",
        "UPPER.HTML": "<p>", "photo.jpeg": "j", "data.json": "{}", "a%2fb.txt": "percent",
    ]

    @Test(arguments: [
        ("/", "<p>home</p>", "text/html; charset=utf-8"), ("/index.html", "<p>home</p>", "text/html; charset=utf-8"),
        ("/style.css", "p {}", "text/css; charset=utf-8"), ("/app.js", "1", "text/javascript; charset=utf-8"),
        ("/docs/", "<p>docs</p>", "text/html; charset=utf-8"),
        ("/docs/page.html?x=1", "<p>page</p>", "text/html; charset=utf-8"),
        ("/a%20b%20%C3%BC.txt", "named", "text/plain; charset=utf-8"), ("/noending", "?", "application/octet-stream"),
        ("/UPPER.HTML", "<p>", "text/html; charset=utf-8"), ("/photo.jpeg", "j", "image/jpeg"),
        ("/data.json", "{}", "application/json"),
        ("/%73tyle.css", "p {}", "text/css; charset=utf-8"), ("/empty.txt", "", "text/plain; charset=utf-8"),
        ("/a%252fb.txt", "percent", "text/plain; charset=utf-8"),
    ])
    func filesAreServedWithTheirTypeAndTag(path: String, content: String, type: String) async throws {
        try await withApp(Self.app, files: Self.files) { client in
            let response = try await client.get(path)
            #expect(response.status == 200)
            #expect(response.text == content)
            #expect(response["Content-Type"] == type)
            #expect(response["Content-Length"] == String(content.utf8.count))
            #expect(response["Accept-Ranges"] == "bytes")
            #expect(response["X-Content-Type-Options"] == "nosniff")
            #expect(response["Last-Modified"]?.hasSuffix(" GMT") == true)
            let tag = try #require(response["ETag"])
            #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""))
            let head = try await client.head(path)
            #expect(head.status == 200)
            for name in ["Content-Type", "Content-Length", "ETag", "Last-Modified", "Accept-Ranges"] {
                #expect(head[name] == response[name], "\(name)")
            }
        }
    }

    @Test func whatIsUnchangedIsNotSentAgain() async throws {
        try await withApp(Self.app, files: Self.files) { client in
            let first = try await client.get("/style.css")
            let tag = try #require(first["ETag"])
            let date = try #require(first["Last-Modified"])
            let cases: [(Headers, Int)] = [
                (["If-None-Match": tag], 304), (["If-None-Match": "W/\(tag)"], 304),
                (["If-None-Match": "\"x\", \(tag)"], 304),
                (["If-None-Match": "*"], 304), (["If-None-Match": "\"x\""], 200), (["If-Modified-Since": date], 304),
                (["If-Modified-Since": "Thu, 01 Jan 1970 00:00:00 GMT"], 200), (["If-Modified-Since": "nonsense"], 200),
                (["If-None-Match": "\"x\"", "If-Modified-Since": date], 200),
            ]
            for (headers, status) in cases {
                for method in ["GET", "HEAD"] {
                    let response = try await client.send(method, "/style.css", headers)
                    #expect(response.status == status, "\(headers)")
                    #expect(response["ETag"] == tag)
                    #expect(response.body.isEmpty == (status == 304 || method == "HEAD"))
                }
            }
            try client.app.folder.write("p { color: red }", to: "public/style.css")
            let changed = try await client.get("/style.css", ["If-None-Match": tag])
            #expect(changed.status == 200)
            #expect(changed["ETag"] != tag)
        }
    }

    @Test(arguments: [("/docs", "/docs/"), ("//docs", "/docs/"), ("/plain/../docs", nil)] as [(String, String?)])
    func aFolderWithoutItsSlashIsRedirected(path: String, place: String?) async throws {
        try await withApp(Self.app, files: Self.files) { client in
            let response = try await client.get(path)
            #expect(response["Location"] == place)
            if place != nil { #expect(response.status == 308) }
        }
    }

    @Test func aRedirectNeverLeavesTheSite() async throws {
        try await withApp(Self.app, files: ["evil.example/index.html": "x", "docs/index.html": "y"]) { client in
            for path in [
                "//evil.example", "///evil.example", "/%2fevil.example", "/\\evil.example", "//evil.example/%2e%2e",
            ] {
                let place = try await client.get(path)["Location"]
                #expect(place == nil || place?.hasPrefix("//") == false, "\(path)")
                #expect(place?.contains("\\") != true)
            }
        }
    }

    @Test(arguments: [
        "/.hidden", "/.git/config", "/.git/", "/.git", "/plain/.env", "/%2ehidden", "/%2Egit/config", "/plain/%2eenv",
        "/missing.html",
        "/missing/", "/plain/", "/style.css/", "/docs/page.html/", "/STYLE.CSS", "/style.css%20", "/index.html/x",
    ])
    func hiddenAndMissingFilesAreNotFound(path: String) async throws {
        try await withApp(Self.app, files: Self.files) { client in
            let response = try await client.get(path)
            #expect(response.outcome == "404 not_found")
            #expect(!response.text.contains("no\n"))
        }
    }

    @Test func theAppsOwnPageShowsForWhatIsMissing() async throws {
        try await withApp(Self.app, files: ["404.html": "<p>lost</p>", "x.txt": "x"]) { client in
            for path in ["/missing", "/.hidden", "/a/b/c", "/"] {
                let response = try await client.get(path)
                if path == "/" {
                    #expect(response.status == 200)
                    #expect(response.text.contains("Site is running."))
                    continue
                }
                #expect(response.status == 404, "\(path)")
                #expect(response.text == "<p>lost</p>")
                #expect(response["Content-Type"] == "text/html; charset=utf-8")
            }
            let tag = try await client.get("/missing")["ETag"] ?? "*"
            #expect(try await client.get("/missing", ["If-None-Match": tag, "Range": "bytes=0-1"]).status == 404)
            #expect(try await client.get("/api/missing").code == "not_found")
        }
    }

    @Test func onlyReadingIsAllowed() async throws {
        try await withApp(Self.app, files: Self.files) { client in
            for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"] {
                let response = try await client.send(method, "/style.css")
                #expect(response.outcome == "405 method_not_allowed", "\(method)")
                #expect(response["Allow"] == "GET, HEAD")
            }
        }
    }

    @Test func aLargeFileComesWhole() async throws {
        let large = (0..<60_000).map { "line \($0)\n" }.joined()
        try await withApp(Self.app, files: ["large.txt": large]) { client in
            let response = try await client.get("/large.txt")
            #expect(response.body.count == large.utf8.count)
            #expect(response.text == large)
            let part = try await client.get("/large.txt", ["Range": "bytes=100000-299999"])
            #expect(part.status == 206)
            #expect(part.body == Array(Array(large.utf8)[100_000..<300_000]))
        }
    }

    @Test func aFolderThatIsMissingAltogetherShowsTheWelcomePage() async throws {
        try await withApp(Apps.contact()) { client in
            let page = try await client.get("/")
            #expect(page.status == 200)
            #expect(page.text.contains("Contact is running."))
            #expect(page.text.contains("/forms/contact"))
            #expect(!page.text.contains("href=\"/api/messages\""))
            #expect(try await client.get("/index.html").outcome == "404 not_found")
        }
    }
}
