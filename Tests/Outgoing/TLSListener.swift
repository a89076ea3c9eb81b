import Foundation

/// A server with a certificate that it signed itself: openssl's own. Gone with the test.
final class TLSListener: Sendable {
    let port: Int
    private let process: Process
    private let folder: URL
    private let input = Pipe()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-tls-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let making = Self.openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            folder.path + "/key.pem",
            "-out",
            folder.path + "/cert.pem"
        )
        try making.run()
        making.waitUntilExit()
        process = Self.openssl(
            "s_server",
            "-accept",
            "127.0.0.1:0",
            "-www",
            "-key",
            folder.path + "/key.pem",
            "-cert",
            folder.path + "/cert.pem"
        )
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        // "ACCEPT 127.0.0.1:40123"
        var line = ""
        while !(line.hasPrefix("ACCEPT") && line.hasSuffix("\n")) {
            guard let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty else { break }
            if line.hasSuffix("\n") { line = "" }
            line += String(decoding: byte, as: UTF8.self)
        }
        port = Int(line.dropLast().split(separator: ":").last ?? "") ?? 0
    }

    deinit {
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: String...) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        return process
    }
}
