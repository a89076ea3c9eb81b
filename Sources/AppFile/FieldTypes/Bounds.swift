import OffstageSchema

/// `min` and `max` of the types that have an order.
extension Section {
    /// A value in the options, read the way that a field of the type reads its own.
    func value(_ key: String, _ reader: some ValueReader) -> Value? {
        guard let node = self[key], let json = faults.json(node) else { return nil }
        if case .null = json {
            faults.expected("a value for \"\(key)\"", at: node)
            return nil
        }
        do throws(Fault) {
            return try reader.read(json)
        } catch {
            faults.add(node.place, "\"\(key)\" \(error.message)")
            return nil
        }
    }

    /// Notes a `min` above the `max`, since no value could ever be stored.
    func checkOrder<Bound: Comparable>(_ min: Bound?, _ max: Bound?) {
        guard let min, let max, min > max, let node = self["min"] else { return }
        faults.add(node.place, "\"min\" \(min) is above \"max\" \(max), so no value would be allowed")
    }
}
