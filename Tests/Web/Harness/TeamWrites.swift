import OffstageRecords
import OffstageSchema
import Testing

extension Client {
    /// Stores a record as a member of the team does.
    func createAsTeam(_ id: String, in name: String, _ values: JSON) async throws {
        let collection = try #require(app.records.catalog.collection(name))
        let identifier = try #require(Identifier(id))
        let input = try #require(Input(json: values))
        let write = WriteRequest(by: .team("ada")) { _ in Answer(status: 200) }
        _ = try await app.records.replace(identifier, with: input, in: collection, write)
    }

    /// Changes a record as a member of the team does, who has no door over HTTP yet.
    func writeAsTeam(_ id: String, in name: String, _ values: JSON) async throws {
        let collection = try #require(app.records.catalog.collection(name))
        let identifier = try #require(Identifier(id))
        let input = try #require(Input(json: values))
        let write = WriteRequest(by: .team("ada")) { _ in Answer(status: 200) }
        _ = try await app.records.update(identifier, with: input, in: collection, write)
    }
}
