import Foundation
import OffstageMail
import Testing

/// A real mail server (smtp_server.py), with what it received. Gone with the test.
final class MailServerUnderTest: Sendable {
    /// A Python that has aiosmtpd; script/mail-test names one.
    static let python = ProcessInfo.processInfo.environment["OFFSTAGE_TEST_SMTP_PYTHON"]

    /// What the server read out of a mail.
    struct Received: Decodable, Sendable {
        let from: String
        let to: [String]
        let options: [String]
        let tls: Bool
        let user: String
        let types: [String]
        let headers: [String: String]
        let names: [String]
        let defects: [String]
        let texts: [String]
        /// Line ends that are not CR LF.
        let bare: Int
        /// Bytes of the longest line.
        let longest: Int
    }

    let folder: URL
    let port: Int
    private let process: Process
    private let input = Pipe()

    init(_ arguments: String..., certificate: Bool = false) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "offstage-mail-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var arguments = arguments
        if certificate {
            try Self.makeCertificate(in: folder)
            arguments += ["--cert", folder.path + "/cert.pem", "--key", folder.path + "/key.pem"]
        }
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "smtp_server.py")
        process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.python))
        process.arguments = ["-B", script.path, folder.path] + arguments
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty, byte != Data([0x0a]) {
            line += byte
        }
        port = try #require(Int(String(decoding: line, as: UTF8.self)))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.terminate()
        try? FileManager.default.removeItem(at: folder)
    }

    /// For 127.0.0.1 and localhost, signed by itself.
    private static func makeCertificate(in folder: URL) throws {
        let openssl = Process()
        openssl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", folder.path + "/key.pem", "-out", folder.path + "/cert.pem",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
    }

    /// What the server took, in order.
    func received() throws -> [Received] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted().map {
            try JSONDecoder().decode(Received.self, from: Data(contentsOf: folder.appending(path: $0)))
        }
    }

    func sender(
        _ scheme: String = "smtp",
        user: String = "",
        _ parameters: String = "",
        timeout: Duration = .seconds(20)
    ) throws
        -> SMTPSender
    {
        let server = try MailServer(
            "\(scheme)://\(user)127.0.0.1:\(port)?from=Caf%C3%A9%20Ada%20%3Cshop+mail@shop.example%3E\(parameters)"
        )
        return SMTPSender(server: server, now: { TestClock.start }, timeout: timeout)
    }

    var ca: String { "&ca=\(folder.path)/cert.pem" }
}
