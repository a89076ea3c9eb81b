import Glibc

/// The few things that commands do with files.
enum Disk {
    /// The bytes of a file; nil when there is none.
    /// - Throws: a complaint that names the file when it can't be read.
    static func read(_ path: String) throws(Complaint) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw Complaint("\(path) can't be read: \(reason()).")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Complaint("\(path) can't be read: \(reason()).") }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[0..<count])
        }
    }

    /// Writes a new file.
    static func write(_ bytes: [UInt8], to path: String) throws(Complaint) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Complaint("\(path) can't be written: \(reason()).") }
        defer { close(descriptor) }
        guard Terminal.write(bytes, to: descriptor) else { throw Complaint("\(path) can't be written: \(reason()).") }
    }

    /// Makes a file with its whole content, or leaves the one that is there.
    ///
    /// - Returns: whether it was made.
    static func create(_ bytes: [UInt8], at path: String, mode: mode_t) throws(Complaint) -> Bool {
        let draft = "\(path).\(getpid())"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw Complaint("\(path) can't be written: \(reason()).") }
        defer { unlink(draft) }
        let isWritten = Terminal.write(bytes, to: descriptor) && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten else { throw Complaint("\(path) can't be written: \(reason()).") }
        // Unlike a rename, this never takes the place of a file that somebody else made meanwhile.
        if link(draft, path) == 0 { return true }
        guard errno == EEXIST else { throw Complaint("\(path) can't be written: \(reason()).") }
        return false
    }

    /// Makes a folder and those above it.
    static func makeFolder(_ path: String, mode: mode_t = 0o755) throws(Complaint) {
        if isFolder(path) { return }
        if let slash = path.lastIndex(of: "/"), slash > path.startIndex { try makeFolder(String(path[..<slash])) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else {
            throw Complaint("The folder \(path) can't be made: \(reason()).")
        }
    }

    /// Makes a folder that nobody else has, for what is thrown away again.
    static func makeTemporaryFolder() throws(Complaint) -> String {
        let parent = Settings.text("TMPDIR") ?? "/tmp"
        var template = Array("\(parent)/offstage-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Complaint("A folder in \(parent) can't be made: \(reason()).")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    static func size(_ path: String) -> Int? {
        var information = stat()
        return stat(path, &information) == 0 ? Int(information.st_size) : nil
    }

    static func isWritable(_ path: String) -> Bool {
        access(path, W_OK) == 0
    }

    /// The names in a folder, in order.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    static func reason() -> String {
        String(cString: strerror(errno))
    }
}
