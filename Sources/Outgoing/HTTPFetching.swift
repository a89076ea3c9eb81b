/// Asks other servers for what an app needs of them, such as an identity provider's keys. Whoever implements it connects to
/// no address that only this machine or its own network can reach, unless the operator allowed it.
package protocol HTTPFetching: Sendable {
    /// Sends a request and gives the whole answer, whatever its status. Redirects are not followed.
    func fetch(_ request: FetchRequest) async throws(FetchFailure) -> FetchedResponse
}

/// A request to another server.
package struct FetchRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    package var method: Method
    /// An address of http or https.
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// Bytes of the answer's body that are taken.
    package var maximumBytes: Int
    /// Until the whole answer has come.
    package var timeout: Duration

    package init(
        _ method: Method,
        _ url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        maximumBytes: Int = 1_048_576,
        timeout: Duration = .seconds(10)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.maximumBytes = maximumBytes
        self.timeout = timeout
    }
}

/// What another server answered.
package struct FetchedResponse: Sendable {
    package let status: Int
    /// Names as they came.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The value of a header, whatever the case of its name.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Why there is no answer; the reasons are for the operator.
package enum FetchFailure: Error, Hashable, Sendable {
    /// The address is one of this machine's or its own network's.
    case blocked(String)
    /// Neither http nor https, or no address at all.
    case notAllowed(String)
    /// The connection, its encryption or the answer failed.
    case failed(String)
    case timeout
    case tooLarge
}
