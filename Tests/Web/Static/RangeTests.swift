import OffstageSchema
import Testing

/// Ranges (RFC 9110, section 14) of a file of ten bytes.
@Suite struct RangeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let range: String
        let status: Int
        let content: String
        let part: String?
        var testDescription: String { range }
    }

    static let cases = [
        Case(range: "bytes=0-0", status: 206, content: "0", part: "bytes 0-0/10"),
        Case(range: "bytes=0-9", status: 206, content: "0123456789", part: "bytes 0-9/10"),
        Case(range: "bytes=2-4", status: 206, content: "234", part: "bytes 2-4/10"),
        Case(range: "bytes=9-", status: 206, content: "9", part: "bytes 9-9/10"),
        Case(range: "bytes=0-", status: 206, content: "0123456789", part: "bytes 0-9/10"),
        Case(range: "bytes=-3", status: 206, content: "789", part: "bytes 7-9/10"),
        Case(range: "bytes=-10", status: 206, content: "0123456789", part: "bytes 0-9/10"),
        Case(range: "bytes=-99", status: 206, content: "0123456789", part: "bytes 0-9/10"),
        Case(range: "bytes=5-999999", status: 206, content: "56789", part: "bytes 5-9/10"),
        Case(range: "bytes=10-", status: 416, content: "", part: "bytes */10"),
        Case(range: "bytes=10-12", status: 416, content: "", part: "bytes */10"),
        Case(range: "bytes=-0", status: 416, content: "", part: "bytes */10"),
        Case(range: "bytes=4-2", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=-", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=a-b", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=1-2-3", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=--3", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=+1-2", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes=0-1,4-5", status: 200, content: "0123456789", part: nil),
        Case(range: "lines=0-1", status: 200, content: "0123456789", part: nil),
        Case(range: "bytes 0-1", status: 200, content: "0123456789", part: nil),
        Case(range: "", status: 200, content: "0123456789", part: nil),
    ]

    @Test func everyFormOfARangeIsAnswered() async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            let tag = try await client.get("/digits.txt")["ETag"]
            for one in Self.cases {
                let response = try await client.get("/digits.txt", ["Range": one.range])
                #expect(response.status == one.status, "\(one.range)")
                #expect(response.text == one.content, "\(one.range)")
                #expect(response["Content-Range"] == one.part, "\(one.range)")
                #expect(response["Content-Length"] == String(one.content.utf8.count), "\(one.range)")
                #expect(response["ETag"] == tag)
            }
        }
    }

    @Test(arguments: ["bytes=99999999999999999999-", "bytes=0-99999999999999999999", "bytes=-99999999999999999999"])
    func hugeNumbersNeverHurt(range: String) async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            let response = try await client.get("/digits.txt", ["Range": range])
            #expect([200, 206, 416].contains(response.status))
            #expect(response.status == 416 || response.text == "0123456789")
        }
    }

    @Test func anEmptyFileHasNoRange() async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            for range in ["bytes=0-", "bytes=0-0", "bytes=-1"] {
                let response = try await client.get("/empty.txt", ["Range": range])
                #expect(response.status == 416)
                #expect(response["Content-Range"] == "bytes */0")
            }
        }
    }

    @Test func aRangeOfAnotherVersionIsTheWhole() async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            let whole = try await client.get("/digits.txt")
            let tag = try #require(whole["ETag"])
            let date = try #require(whole["Last-Modified"])
            let cases = [
                (tag, 206), (date, 206), ("\"other\"", 200), ("W/\(tag)", 200), ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
            ]
            for (condition, status) in cases {
                let response = try await client.get("/digits.txt", ["Range": "bytes=0-1", "If-Range": condition])
                #expect(response.status == status, "\(condition)")
            }
            // Unchanged goes before the range (RFC 9110, section 13.2.2).
            let unchanged = try await client.get("/digits.txt", ["Range": "bytes=0-1", "If-None-Match": tag])
            #expect(unchanged.status == 304)
        }
    }

    /// A range is for GET alone (RFC 9110, section 14.2).
    @Test func aHEADHasNoRange() async throws {
        try await withApp(FileTests.app, files: FileTests.files) { client in
            for range in ["bytes=0-1", "bytes=99-"] {
                let response = try await client.head("/digits.txt", ["Range": range])
                #expect(response.status == 200)
                #expect(response["Content-Length"] == "10")
                #expect(response["Content-Range"] == nil)
            }
        }
    }
}
