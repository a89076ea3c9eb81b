import Testing

@testable import OffstageWeb

@Suite struct DeviceWordsTests {
    private static let webKit = "AppleWebKit/537.36 (KHTML, like Gecko)"

    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) \(webKit) Chrome/140.0.0.0 Safari/537.36", "Chrome on Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) \(webKit) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows"
        ),
        ("Mozilla/5.0 (Linux; Android 10; K) \(webKit) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (Linux; Android 10; K) \(webKit) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
            "Samsung Internet on Android"
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
            "Safari on macOS"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
                + "Mobile/15E148 Safari/604.1",
            "Safari on iPhone"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 "
                + "Mobile/15E148 Safari/605.1.15",
            "Firefox on iPhone"
        ),
    ])
    func browsersAreNamed(agent: String, words: String) {
        #expect(DeviceWords.of(agent: agent) == words)
    }

    @Test(arguments: ["curl/8.14.1", "python-requests/2.32", "Mozilla/5.0 (Haiku) Firefox/140.0", "Linux", "<b>"])
    func whatIsNotKnownIsGivenAsItCame(agent: String) {
        #expect(DeviceWords.of(agent: agent) == agent)
    }

    @Test func whoSaysNothingIsSaidToDoSo() {
        #expect(DeviceWords.of(agent: "") == "Something that does not say what it is")
    }
}
