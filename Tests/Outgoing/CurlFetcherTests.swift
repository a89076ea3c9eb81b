import Foundation
import OffstageOutgoing
import OffstageSchema
import Testing

@Suite struct CurlFetcherTests {
    private static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Own:  a b \r\nx-own: c\r\n\r\nhello"

    private static func fetcher(_ allowed: String = "127.0.0.1, ::1") throws -> CurlFetcher {
        CurlFetcher(allowing: try AllowedNetworks(allowed))
    }

    // MARK: Addresses

    @Test(
        arguments: [
            "127.0.0.1", "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "0177.0.0.1", "localhost",
            "LOCALHOST.",
            "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "0", "127.0.0.1.",
        ]
    )
    func noSpellingOfThisMachineIsConnectedTo(host: String) async throws {
        let listener = try Listener(Self.hello)
        let failure = await #expect(throws: FetchFailure.self) {
            try await CurlFetcher(allowing: .none).fetch(FetchRequest(.get, "http://\(host):\(listener.port)/"))
        }
        switch failure {
        case .blocked(let reason): #expect(reason.contains("this machine"))
        // What the machine's own name service does not know is not connected to either.
        case .failed where host.hasSuffix("."): break
        default: Issue.record("\(host): \(String(describing: failure))")
        }
        #expect(listener.connections == 0)
    }

    @Test func noSpellingOfThisMachineIsConnectedToByIPv6() async throws {
        guard let listener = try? Listener(Self.hello, six: true) else { return }
        for host in ["[::1]", "[0:0:0:0:0:0:0:1]", "localhost", "[::]"] {
            let failure = await #expect(throws: FetchFailure.self) {
                try await CurlFetcher(allowing: .none).fetch(FetchRequest(.get, "http://\(host):\(listener.port)/"))
            }
            guard case .blocked = failure else {
                Issue.record("\(host): \(String(describing: failure))")
                continue
            }
        }
        #expect(listener.connections == 0)
    }

    @Test(arguments: ["127.0.0.1", "127.1", "localhost", "[::ffff:127.0.0.1]"])
    func whatTheOperatorAllowedIsConnectedTo(host: String) async throws {
        let listener = try Listener(Self.hello)
        let url = "http://\(host):\(listener.port)/a?b=c"
        let response = try await Self.fetcher("10.0.0.0/8, 127.0.0.0/8").fetch(FetchRequest(.get, url))
        #expect(response.status == 200)
        #expect(response.body == Array("hello".utf8))
        #expect(response.headers.map(\.name) == ["Content-Length", "X-Own", "x-own"])
        #expect(response.header("X-OWN") == "a b")
        #expect(listener.requests.first?.hasPrefix("GET /a?b=c HTTP/1.1\r\n") == true)
    }

    @Test func anotherAllowedNetworkAllowsNothingElse() async throws {
        let listener = try Listener(Self.hello)
        let failure = await #expect(throws: FetchFailure.self) {
            try await Self.fetcher("10.0.0.0/8, 127.0.0.2").fetch(
                FetchRequest(.get, "http://127.0.0.1:\(listener.port)")
            )
        }
        #expect(failure == .blocked("127.0.0.1 is an address of this machine or of its own network."))
        #expect(listener.connections == 0)
    }

    @Test(
        arguments: [
            "0.1.2.3", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.255.255.254", "169.254.169.254", "172.16.0.1",
            "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
            "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
            "168.63.129.16",
            "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
            "64:ff9b::169.254.169.254", "64:ff9b:1::8.8.8.8", "100::1", "2001::1", "2001:2::1", "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1", "2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
            "fec0::1", "ff02::1",
        ]
    )
    func addressesThatAreNotPublicAreBlocked(address: String) async throws {
        let host = address.contains(":") ? "[\(address)]" : address
        let failure = await #expect(throws: FetchFailure.self) {
            try await CurlFetcher(allowing: .none).fetch(FetchRequest(.get, "http://\(host)/", timeout: .seconds(2)))
        }
        guard case .blocked = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    // MARK: What is asked and answered

    @Test(
        arguments: [
            "file:///etc/passwd", "gopher://127.0.0.1:1/_x", "ftp://127.0.0.1/", "dict://127.0.0.1:11211/stat",
            "127.0.0.1", "",
            "http://", "http://user:password@127.0.0.1/", "http://127.0.0.1/\r\nX: y", "http:\\\\127.0.0.1",
            "smtp://127.0.0.1",
            "HTTPS+unix:///x", "http://127.0.0.1 /",
        ]
    )
    func otherSchemesAndOddAddressesAreRefused(url: String) async throws {
        let failure = await #expect(throws: FetchFailure.self) {
            try await Self.fetcher().fetch(FetchRequest(.get, url))
        }
        guard case .notAllowed = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        let other = try Listener(Self.hello)
        let listener = try Listener(
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(other.port)/\r\nContent-Length: 0\r\n\r\n"
        )
        let response = try await Self.fetcher().fetch(FetchRequest(.get, "http://127.0.0.1:\(listener.port)/"))
        #expect(response.status == 302)
        #expect(response.header("location") == "http://127.0.0.1:\(other.port)/")
        #expect(other.connections == 0)
    }

    @Test func anErrorsBodyIsGiven() async throws {
        let listener = try Listener(
            "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 404 Not Found\r\nY: 2\r\n\r\nnothing here"
        )
        let response = try await Self.fetcher().fetch(FetchRequest(.get, "http://127.0.0.1:\(listener.port)/"))
        #expect(response.status == 404)
        #expect(response.headers.map(\.name) == ["Y"])
        #expect(response.body == Array("nothing here".utf8))
    }

    @Test func aBodyMayBeAsLongAsItMay() async throws {
        let listener = try Listener("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 1000))
        let url = "http://127.0.0.1:\(listener.port)/"
        let whole = try await Self.fetcher().fetch(FetchRequest(.get, url, maximumBytes: 1000))
        #expect(whole.body.count == 1000)
        await #expect(throws: FetchFailure.tooLarge) {
            try await Self.fetcher().fetch(FetchRequest(.get, url, maximumBytes: 999))
        }
    }

    @Test func headersMayNotBeWithoutEndEither() async throws {
        let line = "X: " + String(repeating: "x", count: 4000) + "\r\n"
        let listener = try Listener("HTTP/1.1 200 OK\r\n" + String(repeating: line, count: 40) + "\r\n")
        await #expect(throws: FetchFailure.tooLarge) {
            try await Self.fetcher().fetch(FetchRequest(.get, "http://127.0.0.1:\(listener.port)/"))
        }
    }

    @Test func aServerThatSaysNothingIsLeft() async throws {
        let listener = try Listener(nil)
        await #expect(throws: FetchFailure.timeout) {
            try await Self.fetcher().fetch(
                FetchRequest(.get, "http://127.0.0.1:\(listener.port)/", timeout: .milliseconds(300))
            )
        }
    }

    @Test func aServerThatIsNotThereIsAFailure() async throws {
        let port: Int
        do { port = try Listener(nil).port }
        let failure = await #expect(throws: FetchFailure.self) {
            try await Self.fetcher().fetch(FetchRequest(.get, "http://127.0.0.1:\(port)/"))
        }
        guard case .failed(let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func aPostSendsItsBodyAndHeaders() async throws {
        let listener = try Listener(Self.hello)
        let request = FetchRequest(
            .post,
            "http://127.0.0.1:\(listener.port)/token",
            headers: [("Content-Type", "application/json"), ("X-Empty", ""), ("Accept", "application/json")],
            body: Array("{\"a\":1}".utf8)
        )
        #expect(try await Self.fetcher().fetch(request).status == 200)
        let heard = try #require(listener.requests.first)
        #expect(heard.hasPrefix("POST /token HTTP/1.1\r\n"))
        #expect(heard.contains("\r\nContent-Type: application/json\r\n"))
        #expect(heard.contains("\r\nX-Empty:\r\n"))
        #expect(heard.contains("\r\nContent-Length: 7\r\n"))
        #expect(!heard.contains("Cookie"))
    }

    @Test(arguments: [("X\r\nY", "z"), ("X", "y\r\nZ: 1"), ("X", "y\nZ"), ("X:", "y"), ("", "y"), ("X", "\0")])
    func headersThatCouldBeMoreAreRefused(name: String, value: String) async throws {
        let listener = try Listener(Self.hello)
        let failure = await #expect(throws: FetchFailure.self) {
            try await Self.fetcher().fetch(
                FetchRequest(.get, "http://127.0.0.1:\(listener.port)/", headers: [(name, value)])
            )
        }
        guard case .notAllowed = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(listener.connections == 0)
    }

    @Test func aServerThatCannotProveItsNameIsRefused() async throws {
        let listener = try TLSListener()
        let failure = await #expect(throws: FetchFailure.self) {
            try await Self.fetcher().fetch(FetchRequest(.get, "https://localhost:\(listener.port)/"))
        }
        guard case .failed(let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.lowercased().contains("certificate"))
    }

    @Test(arguments: ["", "10.0.0.0/8", " 127.0.0.1 , ::1 "])
    func networksAreRead(text: String) throws {
        _ = try AllowedNetworks(text)
    }

    @Test(arguments: ["shop.example", "10.0.0.0/33", "10.0.0/8", "::/129", "*", "10.0.0.0/8/8"])
    func whatIsNoNetworkIsNamed(text: String) {
        let failure = #expect(throws: Failure.self) { try AllowedNetworks(text) }
        #expect(failure?.detail.contains("\"\(text)\"") == true)
    }
}
