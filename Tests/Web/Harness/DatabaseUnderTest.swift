import EnginesUnderTest

/// The one place that says which database the apps of the tests keep their records in.
enum DatabaseUnderTest {
    /// An empty one.
    static func place(in folder: String) throws -> EngineUnderTest.Place {
        try EngineUnderTest.chosen.place(in: folder)
    }
}
