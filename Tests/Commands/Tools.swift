import Foundation
import Glibc

/// The path of a tool of this machine; nil when it is not there.
func toolPath(_ name: String) -> String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
    return (folders + ["/usr/bin", "/bin", "/usr/sbin", "/sbin"])
        .map { $0 + "/" + name }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}

let isRoot = geteuid() == 0

/// Whether this process may mount file systems; containers often may not.
let canMount: Bool = {
    guard isRoot, let mount = toolPath("mount"), let unmount = toolPath("umount") else { return false }
    let folder = FileManager.default.temporaryDirectory.appending(path: "offstage-mount-" + UUID().uuidString)
    guard (try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)) != nil else {
        return false
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    guard runQuietly(mount, ["-t", "tmpfs", "-o", "size=1m", "offstage-test", folder.path]) else { return false }
    return runQuietly(unmount, [folder.path])
}()

/// Runs a tool to its end; true when it went well.
@discardableResult
func runQuietly(_ tool: String, _ arguments: [String]) -> Bool {
    guard let process = try? ChildProcess(tool, arguments) else { return false }
    return process.waitUntilEnd(within: 60) == .exited(0)
}
