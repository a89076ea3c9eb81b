import Glibc
import HTTPTypes
import NIOPosix
import OffstageSchema

/// The files of an app's `public` folder: with ETag, ranges and `index.html`, without hidden files, and with no way out
/// of the folder.
package struct StaticFiles: Sendable {
    /// The folder with all links resolved.
    private let root: String

    /// Read at once; larger files go in pieces of this size.
    private static let pieceBytes = 65_536

    /// Nil when there is no such folder.
    package init?(folder: String) {
        guard let root = Self.resolved(folder) else { return nil }
        self.root = root
    }

    /// The reply for a path, or nil when there is no file.
    func reply(_ request: IncomingRequest) async -> Reply? {
        guard !request.path.contains(where: Self.isHidden) else { return nil }
        let path = root + "/" + request.path.joined(separator: "/")
        return await onThread { find(path, request) }
    }

    /// What a missing path shows: the app's own 404.html, when it has one.
    func missing(_ request: IncomingRequest) async -> Reply? {
        let path = root + "/404.html"
        guard var reply = await onThread({ find(path, request, isMissing: true) }) else { return nil }
        reply.status = .notFound
        return reply
    }

    private func onThread(_ body: @escaping @Sendable () -> Reply?) async -> Reply? {
        (try? await NIOThreadPool.singleton.runIfActive(body)) ?? nil
    }

    /// Hidden files are no one's to read, and neither `.` nor `..` leads anywhere.
    private static func isHidden(_ segment: String) -> Bool {
        segment.hasPrefix(".") || segment.utf8.contains(UInt8(ascii: "/"))
    }

    private func find(_ path: String, _ request: IncomingRequest, isMissing: Bool = false) -> Reply? {
        guard let file = File(path: path, within: root) else {
            guard isFolder(path) else { return nil }
            guard request.path.last == "" || request.path.isEmpty else { return redirect(request.rawPath) }
            return File(path: path + "index.html", within: root).map { reply($0, request, isMissing) }
        }
        return reply(file, request, isMissing)
    }

    private func isFolder(_ path: String) -> Bool {
        guard let resolved = Self.resolved(path), resolved == root || resolved.hasPrefix(root + "/") else {
            return false
        }
        var information = stat()
        return stat(resolved, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// A folder's page is at the path with the slash, so that its relative links lead where they should.
    private func redirect(_ path: String) -> Reply {
        // Two slashes at the start would name another server.
        Reply(.permanentRedirect, headers: [.location: "/" + path.drop { $0 == "/" } + "/"])
    }

    private func reply(_ file: File, _ request: IncomingRequest, _ isMissing: Bool) -> Reply {
        var headers: HTTPFields = [
            .contentType: MediaType.of(file: file.path).text,
            .eTag: file.tag,
            .lastModified: HTTPDate.text(file.modifiedSeconds),
            .acceptRanges: "bytes",
            .cacheControl: "no-cache",
        ]
        if !isMissing, isUnchanged(file, request) {
            headers[.contentType] = nil
            return Reply(.notModified, headers: headers)
        }
        switch isMissing ? .whole : ByteRange.requested(request, of: file) {
        case .whole:
            return Reply(.ok, headers: headers, body: Self.body(file, 0..<file.size))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
            return Reply(.partialContent, headers: headers, body: Self.body(file, range))
        case .outside:
            headers[.contentRange] = "bytes */\(file.size)"
            return Reply(.rangeNotSatisfiable, headers: headers)
        }
    }

    /// RFC 9110, section 13.2.2: the entity tag decides when it is sent, else the date.
    private func isUnchanged(_ file: File, _ request: IncomingRequest) -> Bool {
        if let tags = request.headers[.ifNoneMatch] { return EntityTag.list(tags, names: file.tag) }
        return request.headers[.ifModifiedSince] == HTTPDate.text(file.modifiedSeconds)
    }

    private static func body(_ file: File, _ range: Range<Int>) -> Reply.Body {
        if range.count <= pieceBytes { return .bytes(file.read(range)) }
        return .stream(length: range.count) { writer in
            var next = range.lowerBound
            while next < range.upperBound {
                let piece = next..<min(next + pieceBytes, range.upperBound)
                let bytes = try await NIOThreadPool.singleton.runIfActive { file.read(piece) }
                // The file was cut short while it was sent: the connection ends, since the length was promised.
                guard !bytes.isEmpty else { throw CancellationError() }
                try await writer.write(bytes)
                next += bytes.count
            }
        }
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// An open file within the folder.
    final class File: Sendable {
        let path: String
        let size: Int
        let modifiedSeconds: Int
        let tag: String
        private let descriptor: Int32

        /// Nil unless it is a plain file whose path, with all links resolved, is inside the folder.
        init?(path: String, within root: String) {
            guard let resolved = StaticFiles.resolved(path), resolved.hasPrefix(root + "/"), !path.hasSuffix("/") else {
                return nil
            }
            let descriptor = open(resolved, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { return nil }
            var information = stat()
            guard fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
                close(descriptor)
                return nil
            }
            self.path = resolved
            self.descriptor = descriptor
            size = Int(information.st_size)
            modifiedSeconds = information.st_mtim.tv_sec
            let stamp =
                UInt64(bitPattern: Int64(information.st_mtim.tv_sec)) &* 1_000_000_000
                &+ UInt64(bitPattern: Int64(information.st_mtim.tv_nsec))
            tag = "\"\(String(size, radix: 36))-\(String(stamp, radix: 36))\""
        }

        deinit { close(descriptor) }

        func read(_ range: Range<Int>) -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
                while count < range.count, let base = buffer.baseAddress {
                    let read = pread(descriptor, base + count, range.count - count, off_t(range.lowerBound + count))
                    if read < 0, errno == EINTR { continue }
                    guard read > 0 else { break }
                    count += read
                }
            }
        }
    }
}
