import Foundation
import Synchronization

/// A server of one port that answers each connection with the same bytes, and counts connections. Gone with the test.
final class Listener: Sendable {
    let port: Int
    private let socket: Int32
    private let count = Mutex(0)
    private let heard = Mutex<[String]>([])

    /// - Parameter answer: sent after the request's head has come; nil for no answer at all.
    init(_ answer: String?, six: Bool = false) throws {
        socket = Glibc.socket(six ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var one: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        if six {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_addr = in6addr_loopback
            port = try Self.bind(socket, &address) { Int(UInt16(bigEndian: $0.sin6_port)) }
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            port = try Self.bind(socket, &address) { Int(UInt16(bigEndian: $0.sin_port)) }
        }
        let socket = socket
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(socket, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                self.count.withLock { $0 += 1 }
                self.serve(connection, answer)
            }
        }
    }

    deinit {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    private static func bind<Address>(
        _ socket: Int32,
        _ address: inout Address,
        _ port: (Address) -> Int
    ) throws -> Int {
        var size = socklen_t(MemoryLayout<Address>.size)
        let outcome = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard Glibc.bind(socket, pointer, size) == 0, listen(socket, 16) == 0 else { return Int32(-1) }
                return getsockname(socket, pointer, &size)
            }
        }
        guard outcome == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        return port(address)
    }

    private func serve(_ connection: Int32, _ answer: String?) {
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !String(decoding: received, as: UTF8.self).contains("\r\n\r\n") {
            let length = read(connection, &buffer, buffer.count)
            guard length > 0 else { break }
            received += buffer[..<length]
        }
        heard.withLock { $0.append(String(decoding: received, as: UTF8.self)) }
        if let answer {
            let bytes = Array(answer.utf8)
            _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(connection)
        } else {
            // Until the other side gives up.
            _ = read(connection, &buffer, buffer.count)
            close(connection)
        }
    }

    var connections: Int { count.withLock { $0 } }
    var requests: [String] { heard.withLock { $0 } }
}
