import Glibc
import HTTPTypes
import OffstageSchema
import ServiceLifecycle
import Synchronization

/// One line a request on standard output: text on a terminal, JSON otherwise. Lines are written together, at most a
/// quarter of a second late, since a write for each costs more than answering does.
package final class AccessLog: Service {
    private let isText: Bool
    private let isOn: Bool
    private let lines = Mutex(JSONWriter())

    private static let bytesKept = 65_536

    package init(isOn: Bool = true, isText: Bool = isatty(STDOUT_FILENO) == 1) {
        self.isOn = isOn
        self.isText = isText
    }

    func note(
        _ request: HTTPRequest,
        _ status: Int,
        bytes: Int,
        since start: ContinuousClock.Instant,
        id: String,
        address: String
    ) {
        guard isOn else { return }
        let elapsed = (ContinuousClock.now - start).components
        let microseconds = elapsed.seconds * 1_000_000 + elapsed.attoseconds / 1_000_000_000_000
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &clock)
        let at = Timestamp(milliseconds: Int64(clock.tv_sec) * 1000 + Int64(clock.tv_nsec) / 1_000_000)
        let full = lines.withLock { lines in
            if isText {
                lines.raw(Self.text(at, request, status, bytes, microseconds, id, address))
            } else {
                Self.json(at, request, status, bytes, microseconds, id, address, to: &lines)
            }
            lines.raw("\n")
            return lines.count > Self.bytesKept
        }
        if full { flush() }
    }

    private static func text(
        _ at: Timestamp,
        _ request: HTTPRequest,
        _ status: Int,
        _ bytes: Int,
        _ microseconds: Int64,
        _ id: String,
        _ address: String
    ) -> [UInt8] {
        let time = at.description.dropFirst(11).prefix(8)
        // What a client sends must not reach a terminal as control characters.
        let path = Self.path(request).unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : String($0) }
            .joined()
        return Array(
            "\(time) \(status) \(request.method.rawValue) \(path) \(bytes) B \(microseconds) µs \(address) \(id)".utf8
        )
    }

    /// Without the parameters: a cursor or a search holds values, and values do not belong into a log.
    private static func path(_ request: HTTPRequest) -> String {
        let target = request.path ?? ""
        guard let mark = target.startOfQuery else { return target }
        return target[..<mark] + "?…"
    }

    private static func json(
        _ at: Timestamp,
        _ request: HTTPRequest,
        _ status: Int,
        _ bytes: Int,
        _ microseconds: Int64,
        _ id: String,
        _ address: String,
        to writer: inout JSONWriter
    ) {
        writer.raw("{\"at\":")
        writer.write(at)
        writer.raw(",\"method\":")
        writer.write(request.method.rawValue)
        writer.raw(",\"path\":")
        writer.write(path(request))
        writer.raw(",\"status\":")
        writer.write(Int64(status))
        writer.raw(",\"bytes\":")
        writer.write(Int64(bytes))
        writer.raw(",\"microseconds\":")
        writer.write(microseconds)
        writer.raw(",\"address\":")
        writer.write(address)
        writer.raw(",\"request\":")
        writer.quoted(id)
        writer.raw("}")
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown { [self] in
            while true {
                try await Task.sleep(for: .milliseconds(250))
                flush()
            }
        }
        flush()
    }

    /// Writes what is waiting.
    package func flush() {
        let waiting = lines.withLock { lines in
            defer { lines.removeAll() }
            return lines.bytes
        }
        waiting.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count, let base = buffer.baseAddress {
                let count = Glibc.write(STDOUT_FILENO, base + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                done += count
            }
        }
    }
}
