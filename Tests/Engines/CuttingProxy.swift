import Foundation
import Synchronization

/// Passes the bytes of connections on to a server, and cuts one where a commit goes by, or all.
final class CuttingProxy: Sendable {
    private enum Cut { case none, before, after }

    private struct State {
        var cut = Cut.none
        /// What goes by where it is cut, and how often it goes by before.
        var text = ""
        var left = 0
        var cuts = 0
        var isAway = false
        var isStopped = false
        var open: Set<Int32> = []
    }

    private let listener: Int32
    private let target: Int
    let port: Int
    private let state = Mutex(State())

    var cuts: Int { state.withLock(\.cuts) }

    init(to target: Int) throws {
        self.target = target
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = Self.address(0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) }
        }
        guard isBound == 0, listen(listener, 64) == 0 else { throw POSIXError(.EADDRINUSE) }
        var bound = sockaddr_in()
        var length = size
        _ = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(listener, $0, &length) }
        }
        port = Int(UInt16(bigEndian: bound.sin_port))
        Thread { [self] in accept() }.start()
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    func cutNextCommit(afterPassingItOn passes: Bool) { cut(at: "COMMIT", number: 0, afterPassingItOn: passes) }

    /// Cuts a connection where a text goes by for the (number + 1)th time.
    func cut(at text: String, number: Int, afterPassingItOn passes: Bool) {
        state.withLock { state in
            state.text = text
            state.left = number
            state.cut = passes ? .after : .before
        }
    }

    func goAway() {
        let open = state.withLock { state in
            state.isAway = true
            return state.open
        }
        for descriptor in open { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    func comeBack() { state.withLock { $0.isAway = false } }

    func stop() {
        state.withLock { $0.isStopped = true }
        goAway()
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func accept() {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0, !state.withLock(\.isStopped) else { return }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.address(target)
            let isConnected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            let isAway = state.withLock { state in
                if !state.isAway { state.open.formUnion([client, server]) }
                return state.isAway
            }
            guard isConnected == 0, !isAway else {
                close(client)
                close(server)
                continue
            }
            Thread { [self] in pass(from: client, to: server, looks: true) }.start()
            Thread { [self] in pass(from: server, to: client, looks: false) }.start()
        }
    }

    private func pass(from source: Int32, to target: Int32, looks: Bool) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            let cut = looks ? takeCut(buffer.prefix(count)) : .none
            if cut == .before { break }
            // What the server answers must not get through.
            if cut == .after { shutdown(source, Int32(SHUT_RDWR)) }
            guard send(target, buffer, count, Int32(MSG_NOSIGNAL)) == count, cut == .none else { break }
        }
        state.withLock { state in
            for descriptor in [source, target] where state.open.contains(descriptor) {
                shutdown(descriptor, Int32(SHUT_RDWR))
            }
            // The second of the two threads closes both.
            if state.open.contains(source), state.open.contains(target) {
                state.open.remove(source)
            } else {
                state.open.subtract([source, target])
                close(source)
                close(target)
            }
        }
    }

    private func takeCut(_ bytes: ArraySlice<UInt8>) -> Cut {
        state.withLock { state in
            guard state.cut != .none, String(decoding: bytes, as: UTF8.self).contains(state.text) else { return .none }
            guard state.left == 0 else {
                state.left -= 1
                return .none
            }
            defer { state.cut = .none }
            state.cuts += 1
            return state.cut
        }
    }
}
