/// What is known when an expression is evaluated or folded.
package struct Known: Sendable {
    /// Values of variables by their names in the scope. For a visitor `user` is an empty map.
    package var values: [String: Datum]
    /// Named time zones; without them only `UTC` and fixed offsets exist.
    package var zones: TimeZones
    /// Reads the record behind a relation, for evaluation in memory: collection and id to a map of its fields.
    package var record: @Sendable (_ collection: String, _ id: String) -> DatumMap?

    package init(
        _ values: [String: Datum] = [:],
        zones: TimeZones = .fixedOffsetsOnly,
        record: @escaping @Sendable (_ collection: String, _ id: String) -> DatumMap? = { _, _ in nil }
    ) {
        self.values = values
        self.zones = zones
        self.record = record
    }
}
