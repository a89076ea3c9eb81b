import Glibc
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOPosix
import OffstageRecords
import OffstageSchema

extension WebApp {
    /// Of an import over HTTP, which other writes wait for. Larger files go through the command line.
    static let importBytesAtMost = 16 * 1_048_576

    /// POST /api/{collection}/import: all rows or none, with a problem that names each bad line.
    func importRows(_ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow(["dry_run"])
        let dryRun = try flag("dry_run", request)
        try records.authorizeCreation(in: collection, by: request.principal)
        guard let type = BodyReader.mediaType(request.headers), let format = ImportFormat(mediaType: type) else {
            throw Failure(
                .unsupportedMediaType,
                "An import must be text/csv, application/x-ndjson or application/json (an array of objects)."
            )
        }
        let (file, fingerprint) = try await spool(request)
        let repeatKey = try request.repeatKey(body: fingerprint)
        // What is only tried has no effect that a key could stand for.
        let report = try await records.importRows(
            into: collection,
            from: file,
            format,
            as: ImportRequest(principal: request.principal, dryRun: dryRun, repeatKey: dryRun ? nil : repeatKey)
        )
        return Reply(report)
    }

    private func flag(_ name: String, _ request: IncomingRequest) throws(Failure) -> Bool {
        switch request.query[name] {
        case nil, "false": false
        case "true", "": true
        default: throw Failure(.malformed, "\(name): must be true or false.")
        }
    }

    /// Keeps the body in a file until it is there as a whole: a slow sender must not hold the one writer.
    private func spool(
        _ request: IncomingRequest
    ) async throws(Failure) -> (file: SpoolFile, fingerprint: RepeatKey.Fingerprint) {
        let limit = Self.importBytesAtMost
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw BodyReader.tooLarge(limit)
        }
        guard let file = SpoolFile(folder: temporaryFolder) else {
            throw Failure(
                .unavailable,
                "The import can't be kept at the moment.",
                operatorDetail: "no temporary file",
                retryAfter: 30
            )
        }
        var total = 0
        var fingerprint = RepeatKey.Fingerprint()
        do {
            for try await buffer in request.body {
                total += buffer.readableBytes
                guard total <= limit else { throw BodyReader.tooLarge(limit) }
                let bytes = Array(buffer.readableBytesView)
                fingerprint.add(bytes)
                let isWritten = try await NIOThreadPool.singleton.runIfActive { file.write(bytes) }
                guard isWritten else {
                    throw Failure(.storageFull, "The disk is full; nothing was imported.", retryAfter: 60)
                }
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(.malformed, "The body ended before it was complete.")
        }
        return (file, fingerprint)
    }
}

/// A nameless file: it is gone when it is closed, however the program ends.
final class SpoolFile: ByteSource {
    private let descriptor: Int32

    init?(folder: String) {
        var template = Array("\(folder)/.import-XXXXXX".utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        unlink(template)
    }

    deinit { close(descriptor) }

    /// False when the disk is full.
    func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count, let base = buffer.baseAddress {
                let count = Glibc.write(descriptor, base + done, buffer.count - done)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    func read(at offset: Int, atMost count: Int) -> [UInt8]? {
        var isReadable = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            let result = pread(descriptor, buffer.baseAddress, count, off_t(offset))
            isReadable = result >= 0
            read = max(0, result)
        }
        return isReadable ? bytes : nil
    }
}
