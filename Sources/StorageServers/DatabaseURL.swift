import OffstageSchema
package import OffstageStorage

/// What the addresses of databases on servers have in common.
package enum DatabaseURL {
    /// Connections that one process opens unless it is told otherwise.
    package static let usualPool = 16
    private static let largestPool = 200

    /// The url without Offstage's own parameter `pool`, and what that says.
    ///
    /// - Throws: `.refused` for a pool that is no number within its limits.
    package static func withoutPool(_ url: String) throws(StorageFailure) -> (url: String, pool: Int) {
        guard let mark = url.firstIndex(of: "?") else { return (url, usualPool) }
        var pool = usualPool
        var kept: [Substring] = []
        for parameter in url[url.index(after: mark)...].split(separator: "&") {
            guard parameter.hasPrefix("pool=") else {
                kept.append(parameter)
                continue
            }
            guard let number = Int(parameter.dropFirst("pool=".count)), (2...largestPool).contains(number) else {
                throw .refused(
                    Failure(.malformed, "OFFSTAGE_DATABASE: pool must be a number from 2 to \(largestPool).")
                )
            }
            pool = number
        }
        let rest = kept.isEmpty ? "" : "?" + kept.joined(separator: "&")
        return (url[..<mark] + rest, pool)
    }
}
