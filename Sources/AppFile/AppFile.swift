package import OffstageSchema

/// The app file, `offstage.yaml`: text in, a checked catalog or every fault out.
package enum AppFile {
    /// Bytes that a file may have.
    package static let largestBytes = 1_048_576

    /// Reads and checks an app file.
    ///
    /// - Parameters:
    ///   - text: the file, YAML 1.2 of at most 1 MiB.
    ///   - fileName: what faults call it.
    /// - Returns: the catalog, or all faults in the order of the file. A file that is no YAML has the faults up to the
    ///   first break of the syntax, since nothing is known of what follows.
    package static func load(
        text: String,
        fileName: String = "offstage.yaml"
    ) -> Result<Catalog, AppFileFaults> {
        load(bytes: Array(text.utf8), fileName: fileName)
    }

    /// Reads and checks an app file as it lies on disk: bytes that are no UTF-8 are a fault with its place.
    package static func load(
        bytes: [UInt8],
        fileName: String = "offstage.yaml"
    ) -> Result<Catalog, AppFileFaults> {
        let faults = FaultList()
        let catalog = catalog(bytes, faults: faults)
        let found = faults.sorted(fileName: fileName)
        guard found.isEmpty, let catalog else {
            let unexplained = AppFileFault(fileName: fileName, place: .start, message: "the file cannot be read")
            return .failure(AppFileFaults(found.isEmpty ? [unexplained] : found))
        }
        return .success(catalog)
    }

    private static func catalog(_ bytes: [UInt8], faults: FaultList) -> Catalog? {
        let tree: YAMLNode?
        do throws(YAMLRefusal) {
            tree = try YAMLTree.read(bytes, largestBytes: largestBytes, faults: faults)
        } catch {
            faults.add(error.place, error.reason)
            return nil
        }
        return AppReader(faults: faults).read(tree)
    }
}
