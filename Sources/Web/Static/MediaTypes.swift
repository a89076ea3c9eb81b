extension MediaType {
    /// The type of a file by its name's ending.
    static func of(file name: String) -> MediaType {
        let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
        return byEnding[ending] ?? MediaType("application/octet-stream")
    }

    private static let byEnding: [String: MediaType] = [
        "html": .html, "htm": .html, "css": .css,
        "js": MediaType("text/javascript; charset=utf-8"), "mjs": MediaType("text/javascript; charset=utf-8"),
        "json": .json, "map": .json, "webmanifest": MediaType("application/manifest+json"),
        "txt": MediaType("text/plain; charset=utf-8"), "md": MediaType("text/markdown; charset=utf-8"),
        "xml": MediaType("application/xml"), "csv": MediaType("text/csv; charset=utf-8"),
        "svg": MediaType("image/svg+xml"), "png": MediaType("image/png"), "jpg": MediaType("image/jpeg"),
        "jpeg": MediaType("image/jpeg"), "gif": MediaType("image/gif"), "webp": MediaType("image/webp"),
        "avif": MediaType("image/avif"), "ico": MediaType("image/x-icon"),
        "woff": MediaType("font/woff"), "woff2": MediaType("font/woff2"), "ttf": MediaType("font/ttf"),
        "otf": MediaType("font/otf"), "pdf": MediaType("application/pdf"), "wasm": MediaType("application/wasm"),
        "mp3": MediaType("audio/mpeg"), "ogg": MediaType("audio/ogg"), "wav": MediaType("audio/wav"),
        "mp4": MediaType("video/mp4"), "webm": MediaType("video/webm"), "zip": MediaType("application/zip"),
    ]
}
