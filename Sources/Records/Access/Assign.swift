import OffstageRules
import OffstageSchema

extension View {
    /// The record with what the server sets at creation. The team gives such values itself where it wants to.
    ///
    /// - Throws: `.invalid` when a value is missing or not one that the field takes.
    func completed(_ record: Record, _ draft: Draft) throws(Failure) -> Record {
        var completed = record
        var faults: [Fault] = []
        for (position, json) in assigned(to: record) where draft.values[position] == nil {
            let field = collection.fields[position]
            do throws(Fault) {
                completed.values[position] = try field.read(json)
            } catch {
                faults.append(error.under(field.name))
            }
        }
        guard faults.isEmpty else { throw .invalid(faults) }
        return completed
    }
}
