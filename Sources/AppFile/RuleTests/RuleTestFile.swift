package import OffstageSchema

/// A file of `tests/`: records, accounts, and what each request of each test should come to.
package struct RuleTestFile: Sendable {
    package let fileName: String
    /// What `now` is in the rules; nil for the moment of the run.
    package let now: Timestamp?
    /// In an order in which each stands behind those that it points to.
    package let records: [GivenRecord]
    package let tests: [RuleTest]

    /// Reads and checks a file.
    ///
    /// - Parameter catalog: of the app that the tests are about.
    /// - Returns: the tests, or all faults in the order of the file.
    package static func load(
        bytes: [UInt8],
        fileName: String,
        catalog: Catalog
    ) -> Result<RuleTestFile, AppFileFaults> {
        let faults = FaultList()
        var file: RuleTestFile?
        do throws(YAMLRefusal) {
            let tree = try YAMLTree.read(bytes, largestBytes: AppFile.largestBytes, faults: faults)
            file = RuleTestFileReader(catalog: catalog, faults: faults).read(tree, fileName: fileName)
        } catch {
            faults.add(error.place, error.reason)
        }
        let found = faults.sorted(fileName: fileName)
        guard found.isEmpty, let file else {
            let unexplained = AppFileFault(fileName: fileName, place: .start, message: "the file cannot be read")
            return .failure(AppFileFaults(found.isEmpty ? [unexplained] : found))
        }
        return .success(file)
    }
}

/// A record that is there before each test.
package struct GivenRecord: Sendable {
    package let collection: Collection
    /// What the file calls it.
    package let name: String
    package let id: Identifier
    package let input: Input
    package let place: Place
}

/// One request and what should come of it.
package struct RuleTest: Sendable {
    package let name: String
    package let place: Place
    package let principal: Principal
    package let request: Request
    package let expected: Expectation

    package enum Request: Sendable {
        case list(Collection, filter: String?, sort: String?)
        case read(Collection, Identifier)
        case create(Collection, Input)
        case update(Collection, Identifier, Input)
        case delete(Collection, Identifier)
    }

    package enum Expectation: Sendable {
        /// The records of a list, exactly these, by the names that the file gives them; in this order when the list is sorted.
        case shows([String])
        case allowed
        /// The record is read, and exactly these fields of it are left out.
        case hides([String])
        /// The rules say no: the answer is that there is nothing, or that an account is needed or has no right.
        case denied
        /// The values are refused, at least at these fields; at any when there are none.
        case invalid([String])
        /// A unique value is taken, or a record is still pointed to.
        case conflict
    }
}
