import OffstageSchema
import OffstageStorage
import OffstageStorageSQLite

/// The one place that says which database the apps of the tests keep their records in.
enum DatabaseUnderTest {
    /// An empty database in the shape of the catalog.
    static func open(in folder: String, for catalog: Catalog) async throws -> any Engine {
        let engine = try SQLiteEngine(path: folder + "/offstage.db")
        do {
            try await engine.apply(try await engine.plan(to: TableShape.shapes(of: catalog)))
        } catch {
            await engine.close()
            throw error
        }
        return engine
    }
}
