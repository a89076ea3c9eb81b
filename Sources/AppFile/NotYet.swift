/// What the file may say by its contract and this version does not do. Each is checked for its shape and then refused
/// at its place, never silently open and never silently ignored.
enum NotYet {
    static let files = "files are not supported yet"

    /// The field type that is still to come.
    static let fileType = "file"
}
