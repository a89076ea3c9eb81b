import OffstageSchema
import Testing

@Suite struct StopTests {
    @Test func aRunningRequestIsFinishedBeforeTheServerStops() async throws {
        try await withApp(Apps.shop) { client in
            let busy = try await client.connect()
            let idle = try await client.connect()
            try await idle.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await idle.response().status == 200)
            let body = "{\"name\":\"x\"}"
            try await busy.send(
                "POST /api/categories HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n"
            )
            // The request is being answered once this has come.
            #expect(try await busy.response().status == 100)
            await client.stopServer()
            #expect(try await idle.rest().isEmpty)
            try await busy.send(body)
            let response = try await busy.response()
            #expect(response.status == 201)
            #expect(try await busy.rest().isEmpty)
            #expect(try await client.journal().count == 1)
            await #expect(throws: (any Error).self) {
                let late = try await client.connect()
                try await late.send("GET /health HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await late.response()
            }
        }
    }
}
