import EnginesUnderTest
import OffstageSchema
import OffstageStorage

/// The one place that says which database the apps of the tests keep their records in.
enum DatabaseUnderTest {
    /// An empty database in the shape of the catalog.
    static func open(in folder: String, for catalog: Catalog) async throws -> any Engine {
        try await EngineUnderTest.chosen.place(in: folder).open(TableShape.shapes(of: catalog))
    }
}
