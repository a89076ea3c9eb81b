import OffstageSchema
import Testing

@Suite struct LoopbackTests {
    @Test(arguments: ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.255.0.3:1", "[::1]:80"])
    func isThisMachine(host: String) {
        #expect(WebAddress("http://\(host)/a")?.isLoopback == true)
    }

    @Test(arguments: [
        "localhost.example", "127.0.0.1.example", "127.0.0", "127.0.0.256", "127.0.0.", "128.0.0.1", "127.0.0.a",
        "0.0.0.0", "[::2]", "example.com",
    ])
    func isAnother(host: String) {
        #expect(WebAddress("http://\(host)/a")?.isLoopback == false)
    }
}
