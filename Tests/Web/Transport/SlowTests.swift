import NIOCore
import OffstageSchema
import OffstageWeb
import Testing

/// Clients that send or read too slowly, with short times so that the tests are not.
@Suite struct SlowTests {
    private static func times(request: Int64 = 60_000, idle: Int64 = 60_000, reader: Int64 = 60_000) -> ConnectionTimes
    {
        var times = ConnectionTimes()
        times.request = .milliseconds(request)
        times.idle = .milliseconds(idle)
        times.reader = .milliseconds(reader)
        return times
    }

    @Test(arguments: ["", "GET /health HT", "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: "])
    func headersThatDoNotEndAreCutOff(text: String) async throws {
        try await withApp(Apps.shop, times: Self.times(request: 200)) { client in
            let connection = try await client.connect()
            if !text.isEmpty { try await connection.send(text) }
            let answer = String(decoding: try await connection.rest(), as: UTF8.self)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test func headersThatDripAreCutOff() async throws {
        try await withApp(Apps.shop, times: Self.times(request: 300)) { client in
            let connection = try await client.connect()
            try await connection.send("GET /health HTTP/1.1\r\n")
            let drip = Task {
                var count = 0
                while connection.isOpen, count < 1000 {
                    try? await connection.send("X-\(count): y\r\n")
                    try? await Task.sleep(for: .milliseconds(20))  // drips
                    count += 1
                }
                return count
            }
            let answer = String(decoding: try await connection.rest(), as: UTF8.self)
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 408 "))
            #expect(await drip.value < 1000)
        }
    }

    @Test func aBodyThatDoesNotComeIsATimeout() async throws {
        try await withApp(Apps.shop, times: Self.times(request: 300)) { client in
            let connection = try await client.connect()
            try await connection.send(
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"name\""
            )
            let response = try await connection.response()
            #expect(response.outcome == "408 timeout")
            #expect(response["Connection"] == "close")
            #expect(try await connection.rest().isEmpty)
            #expect(try await client.all("categories").isEmpty)
        }
    }

    @Test func aBodyThatDripsIsCutOff() async throws {
        try await withApp(Apps.shop, times: Self.times(request: 300)) { client in
            let connection = try await client.connect()
            try await connection.send(
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n"
            )
            let drip = Task {
                var count = 0
                while connection.isOpen, count < 600 {
                    try? await connection.send(" ")
                    try? await Task.sleep(for: .milliseconds(50))  // drips
                    count += 1
                }
                return count
            }
            let response = try await connection.response()
            #expect(response.outcome == "408 timeout")
            #expect(await drip.value < 600)
        }
    }

    /// Who was answered already gets nothing more: a second answer would be taken for that of the next request.
    @Test func aRequestIsAnsweredOnceHoweverItsBodyEnds() async throws {
        try await withApp(Apps.shop, times: Self.times(request: 300, idle: 300)) { client in
            let connection = try await client.connect()
            try await connection.send("POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
            #expect(try await connection.response().status == 405)
            #expect(try await connection.rest().isEmpty)
        }
    }

    @Test func aSmallBodyThatDoesNotComeIsCutOff() async throws {
        try await withApp(Apps.shop, times: Self.times(request: 300)) { client in
            let connection = try await client.connect()
            try await connection.send(
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            #expect(try await connection.response().outcome == "408 timeout")
            #expect(try await connection.rest().isEmpty)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await withApp(Apps.shop, times: Self.times(idle: 200)) { client in
            let connection = try await client.connect()
            try await connection.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await connection.response().status == 200)
            #expect(try await connection.rest().isEmpty)
        }
    }

    @Test func whoDoesNotReadIsCutOff() async throws {
        let large = String(repeating: "0123456789", count: 2_000_000)
        try await withApp(Apps.shop, files: ["large.txt": large], times: Self.times(reader: 300)) { client in
            let connection = try await client.connect()
            try await connection.read(false)
            try await connection.send("GET /large.txt HTTP/1.1\r\nHost: a\r\n\r\n")
            // The server gives up by itself; what it had sent by then is less than the whole.
            try await client.until {
                // An empty line between requests means nothing, and finds out whether anybody is there.
                try? await connection.send("\r\n")
                return !connection.isOpen
            }
            let bytes = try await connection.rest()
            #expect(bytes.count < large.utf8.count)
        }
    }

    @Test func aHalfSentBodyStoresNothing() async throws {
        try await withApp(Apps.shop) { client in
            for body in ["{\"name\":\"x\"", "{\"name\":\"x\"}"] {
                let connection = try await client.connect()
                try await connection.send(
                    "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n\(body)"
                )
                await connection.close()
            }
            let file = try await client.connect()
            try await file.send(
                "POST /api/categories/import HTTP/1.1\r\nHost: a\r\nContent-Type: text/csv\r\nContent-Length: 20\r\n\r\nname\na\nb\n"
            )
            await file.close()
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.all("categories").isEmpty)
            #expect(try await client.journal().isEmpty)
        }
    }

    @Test func othersAreServedBesideHundredsOfIdleConnections() async throws {
        try await withApp(Apps.shop) { client in
            var idle: [Connection] = []
            for number in 1...300 {
                let connection = try await client.connect()
                if number.isMultiple(of: 3) {
                    try await connection.send("POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Le")
                }
                if number % 3 == 2 { try await connection.send("GET /") }
                idle.append(connection)
            }
            for number in 1...20 {
                #expect(try await client.post("/api/categories", ["name": .string("\(number)")]).status == 201)
            }
            #expect(idle.allSatisfy { $0.isOpen })
            // The fifth had started its request long ago.
            let last = try #require(idle.dropFirst(4).first)
            try await last.send("health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await last.response().status == 200)
        }
    }
}

extension Client {
    /// Waits until something holds.
    func until(_ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !condition() {
            try #require(ContinuousClock.now < deadline, "it did not come to hold in 30 seconds")
            try await Task.sleep(for: .milliseconds(20))  // polls the condition
        }
    }
}
