import CCurl
import Glibc
import NIOPosix
import OffstageSchema

/// Asks other servers through libcurl. Whatever a host's name comes to, the address is looked at when it is connected to.
///
/// Certificates are checked against those that the system trusts. No redirects, no proxies, no cookies.
package final class CurlFetcher: HTTPFetching {
    private let allowed: AllowedNetworks
    private let threads: NIOThreadPool

    /// Requests under way at once; further ones wait for a thread, and the wait counts into their time.
    private static let threadCount = 4

    /// - Parameter allowed: addresses that are connected to although they are not public.
    package init(allowing allowed: AllowedNetworks) {
        self.allowed = allowed
        threads = NIOThreadPool(numberOfThreads: Self.threadCount)
        threads.start()
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    package func fetch(_ request: FetchRequest) async throws(FetchFailure) -> FetchedResponse {
        guard let address = WebAddress(request.url) else {
            throw .notAllowed("\"\(request.url.prefix(200))\" is no address of http or https.")
        }
        let headers = try Self.lines(request.headers)
        guard offstage_curl_load() == 0 else {
            throw .failed(
                "libcurl can't be loaded (\(String(cString: offstage_curl_reason()))). Install it: the Debian package libcurl4."
            )
        }
        let deadline = ContinuousClock.now + request.timeout
        let outcome: Result<FetchedResponse, FetchFailure>
        do {
            outcome = try await threads.runIfActive { [allowed] in
                do throws(FetchFailure) {
                    return .success(try Self.fetch(request, headers, host: address.host, deadline, allowed))
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            throw .failed("The request was given up.")
        }
        return try outcome.get()
    }

    /// Headers as libcurl takes them (CURLOPT_HTTPHEADER(3)).
    private static func lines(_ headers: [(name: String, value: String)]) throws(FetchFailure) -> [String] {
        var lines: [String] = []
        for (name, value) in headers {
            let isToken =
                !name.isEmpty && name.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: ":") }
            guard isToken, !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
                throw .notAllowed("The header \"\(name.prefix(100))\" holds characters that no header may.")
            }
            // A line that ends with its colon would take the header away.
            lines.append(value.allSatisfy { $0 == " " || $0 == "\t" } ? "\(name);" : "\(name): \(value)")
        }
        return lines
    }

    private static func fetch(
        _ request: FetchRequest,
        _ headers: [String],
        host: String,
        _ deadline: ContinuousClock.Instant,
        _ allowed: AllowedNetworks
    ) throws(FetchFailure) -> FetchedResponse {
        let rest = ContinuousClock.now.duration(to: deadline)
        guard rest > .zero else { throw .timeout }
        var answer = offstage_curl_answer()
        defer { offstage_curl_free(&answer) }
        perform(request, headers, rest, allowed, &answer)
        if answer.is_too_large != 0 { throw .tooLarge }
        switch Int(answer.code) {
        case OFFSTAGE_CURL_OK: break
        case OFFSTAGE_CURL_TIMEOUT: throw .timeout
        case OFFSTAGE_CURL_COULD_NOT_CONNECT where answer.is_blocked != 0:
            throw .blocked("\(host) is an address of this machine or of its own network.")
        default: throw .failed(words(answer))
        }
        return FetchedResponse(
            status: Int(answer.status),
            headers: Self.headers(UnsafeBufferPointer(start: answer.head, count: answer.head_length)),
            body: Array(UnsafeBufferPointer(start: answer.body, count: answer.body_length))
        )
    }

    /// Builds what the library reads, all of it alive until it answers.
    private static func perform(
        _ request: FetchRequest,
        _ headers: [String],
        _ rest: Duration,
        _ allowed: AllowedNetworks,
        _ answer: inout offstage_curl_answer
    ) {
        var allowed = allowed
        let texts = ([request.url] + headers).map { UnsafePointer(strdup($0)) }
        defer { for text in texts { free(UnsafeMutablePointer(mutating: text)) } }
        texts.withUnsafeBufferPointer { texts in
            request.body.withUnsafeBufferPointer { body in
                withUnsafeMutablePointer(to: &allowed) { allowed in
                    var asked = offstage_curl_request()
                    asked.url = texts.first ?? nil
                    asked.is_post = request.method == .post ? 1 : 0
                    asked.headers = texts.baseAddress.map { $0 + 1 }
                    asked.header_count = headers.count
                    asked.body = body.baseAddress
                    asked.body_length = body.count
                    asked.maximum = max(0, request.maximumBytes)
                    asked.timeout_milliseconds = milliseconds(rest)
                    asked.may_connect = mayConnect
                    asked.context = UnsafeMutableRawPointer(allowed)
                    offstage_curl_fetch(&asked, &answer)
                }
            }
        }
    }

    private static let mayConnect: offstage_curl_may_connect = { address, context in
        guard let address, let context else { return 0 }
        let allowed = context.assumingMemoryBound(to: AllowedNetworks.self).pointee
        return allowed.admit(Array(UnsafeBufferPointer(start: address, count: 16))) ? 1 : 0
    }

    /// At least one: none would mean no limit.
    private static func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let whole = seconds.multipliedReportingOverflow(by: 1000)
        return max(
            1,
            Int(clamping: whole.overflow ? Int64(Int32.max) : whole.partialValue &+ attoseconds / 1_000_000_000_000_000)
        )
    }

    private static func words(_ answer: offstage_curl_answer) -> String {
        var problem = answer.problem
        return withUnsafeBytes(of: &problem) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The lines of a header section (RFC 9112, section 5), without its status line.
    private static func headers(_ head: UnsafeBufferPointer<UInt8>) -> [(name: String, value: String)] {
        head.split(separator: UInt8(ascii: "\n")).dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
            let value = line[(colon + 1)...].drop(while: isSpace)
            let end = value.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? value.startIndex
            return (
                String(decoding: line[..<colon], as: UTF8.self),
                String(decoding: value[..<end], as: UTF8.self)
            )
        }
    }
}
