import CMariaDB
import OffstageSchema
import OffstageStorage
import OffstageStorageServers

/// Where a database on MariaDB or MySQL is: `mysql://user:password@host:port/database?ssl-mode=…`.
struct MySQLAddress: Sendable {
    let place: String
    let poolSize: Int

    private let user: String
    private let password: String?
    private let host: String
    private let port: UInt32
    private let database: String
    private let socket: String?
    private let encryption: Encryption
    private let authority: String?
    private let timeoutSeconds: UInt32

    /// What is asked of the connection, in the words of MySQL's own clients. The library checks a certificate and the name in
    /// it together, so that the two last ones are the same.
    private enum Encryption: String, CaseIterable {
        case disabled = "DISABLED"
        case preferred = "PREFERRED"
        case required = "REQUIRED"
        case verifyAuthority = "VERIFY_CA"
        case verifyIdentity = "VERIFY_IDENTITY"

        var isVerified: Bool { self == .verifyAuthority || self == .verifyIdentity }
        var isRequired: Bool { isVerified || self == .required }
    }

    private static let usualPort: UInt32 = 3306

    /// - Throws: `.refused` for what can't be read, and for a parameter that is not known.
    init(_ url: String) throws(StorageFailure) {
        let (plain, poolSize) = try DatabaseURL.withoutPool(url)
        self.poolSize = poolSize
        guard let slashes = plain.firstRange(of: "://") else {
            throw Self.refusal("write it as mysql://user:password@host:port/database")
        }
        let (main, query) = Self.cut(plain[slashes.upperBound...], at: "?")
        let (authorityPart, path) = Self.cut(main, at: "/")
        let (account, hostPart) = Self.account(authorityPart)
        user = try Self.decoded(account.name)
        password = if let secret = account.secret { try Self.decoded(secret) } else { nil }
        let (host, port) = try Self.hostAndPort(hostPart)
        self.host = host.isEmpty ? "localhost" : host
        self.port = port ?? Self.usualPort
        database = try Self.decoded(path ?? "")
        guard !database.isEmpty else {
            throw Self.refusal("it names no database; write it behind the host, as in mysql://host/shop")
        }
        var parameters = Parameters()
        for parameter in (query ?? "").split(separator: "&") { try parameters.read(parameter) }
        socket = parameters.socket
        encryption = parameters.encryption
        authority = parameters.authority
        timeoutSeconds = parameters.timeoutSeconds
        let name = user.isEmpty ? "" : "\(user)@"
        let number = port.map { ":\($0)" } ?? ""
        let isBare = !self.host.contains(":")
        place = "mysql://\(name)\(isBare ? self.host : "[\(self.host)]")\(number)/\(database)"
    }

    /// What stands behind the question mark.
    private struct Parameters {
        var socket: String?
        var encryption = Encryption.preferred
        var authority: String?
        var timeoutSeconds: UInt32 = 10

        mutating func read(_ parameter: Substring) throws(StorageFailure) {
            let (name, text) = MySQLAddress.cut(parameter, at: "=")
            let value = try MySQLAddress.decoded(text ?? "")
            switch name {
            case "socket": socket = value
            case "ssl-ca": authority = value
            case "ssl-mode":
                guard let mode = Encryption(rawValue: value.uppercased()) else {
                    let known = Encryption.allCases.map(\.rawValue).joined(separator: ", ")
                    throw MySQLAddress.refusal("ssl-mode must be one of \(known)")
                }
                encryption = mode
            case "connect_timeout":
                guard let seconds = UInt32(value), (1...300).contains(seconds) else {
                    throw MySQLAddress.refusal("connect_timeout must be a number of seconds from 1 to 300")
                }
                timeoutSeconds = seconds
            default:
                throw MySQLAddress.refusal(
                    "it has a parameter \(name.prefix(40)), which is not known; known are socket, ssl-mode, ssl-ca, pool and "
                        + "connect_timeout"
                )
            }
        }
    }

    // MARK: Reading

    private static func refusal(_ reason: String) -> StorageFailure {
        .refused(Failure(.malformed, "OFFSTAGE_DATABASE can't be read: \(reason)."))
    }

    private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let place = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<place], text[text.index(after: place)...])
    }

    /// A password may have an @ in it, so the last one counts.
    private static func account(_ text: Substring) -> (account: (name: Substring, secret: Substring?), host: Substring)
    {
        guard let at = text.lastIndex(of: "@") else { return (("", nil), text) }
        return (cut(text[..<at], at: ":"), text[text.index(after: at)...])
    }

    private static func hostAndPort(_ text: Substring) throws(StorageFailure) -> (host: String, port: UInt32?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            return (
                String(text[text.index(after: text.startIndex)..<end]), try port(rest.isEmpty ? nil : rest.dropFirst())
            )
        }
        let (host, number) = cut(text, at: ":")
        return (try decoded(host), try port(number))
    }

    private static func port(_ text: Substring?) throws(StorageFailure) -> UInt32? {
        guard let text else { return nil }
        guard let number = UInt32(text), (1...65_535).contains(number) else {
            throw refusal("its port must be a number from 1 to 65535")
        }
        return number
    }

    /// The text with `%40` and the like as what they stand for.
    private static func decoded(_ text: Substring) throws(StorageFailure) -> String {
        guard let bytes = PercentDecoding.bytes(text) else {
            throw refusal("a % must be followed by two hexadecimal digits; write %25 for the sign itself")
        }
        guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
            throw refusal("it is not written in UTF-8")
        }
        return decoded
    }

    // MARK: Connecting

    /// - Returns: a connection; nil when it can't be made, for which the failure says why.
    func open(_ failures: MySQLFailures) throws(StorageFailure) -> UnsafeMutablePointer<MYSQL> {
        guard let handle = offstage_mysql_init() else { throw .unavailable("\(place) can't be reached: no memory") }
        prepare(handle)
        let flags = OFFSTAGE_CLIENT_FOUND_ROWS | OFFSTAGE_CLIENT_MULTI_STATEMENTS
        let isOpen = offstage_mysql_real_connect(handle, host, user, password, database, port, socket, flags)
        guard isOpen else {
            defer { offstage_mysql_close(handle) }
            throw failures.refusal(handle)
        }
        offstage_mysql_keep_alive(handle)
        if encryption.isRequired, offstage_mysql_get_ssl_cipher(handle) == nil {
            offstage_mysql_close(handle)
            throw .unavailable("\(place) can't be reached: the server offers no encryption, and ssl-mode requires it")
        }
        return handle
    }

    private func prepare(_ handle: UnsafeMutablePointer<MYSQL>) {
        _ = offstage_mysql_option_integer(handle, MYSQL_OPT_CONNECT_TIMEOUT, timeoutSeconds)
        // A host is one of the network, "localhost" too, unless a socket is named.
        let way = socket == nil ? MYSQL_PROTOCOL_TCP : MYSQL_PROTOCOL_SOCKET
        _ = offstage_mysql_option_integer(handle, MYSQL_OPT_PROTOCOL, way.rawValue)
        _ = offstage_mysql_option_text(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        _ = offstage_mysql_option_attribute(handle, "program_name", "offstage")
        if encryption != .disabled { _ = offstage_mysql_ssl_set(handle, nil, nil, authority) }
        _ = offstage_mysql_option_flag(handle, MYSQL_OPT_SSL_ENFORCE, encryption.isRequired)
        _ = offstage_mysql_option_flag(handle, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, encryption.isVerified)
    }
}
