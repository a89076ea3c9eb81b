import OffstageSchema

/// The addresses of the app: its own `url`, and the `origins` of other sites whose pages may use it.
struct AddressReader {
    let faults: FaultList

    func url(_ node: YAMLNode) -> WebAddress? {
        let expected = "the app's address, such as https://shop.example"
        guard let text = faults.text(node, expected: expected) else { return nil }
        guard let address = WebAddress(text) else {
            faults.expected(expected, at: node)
            return nil
        }
        guard !address.path.contains(where: { $0 == "?" || $0 == "#" }) else {
            faults.add(node.place, "the app's address may not have a query or a fragment")
            return nil
        }
        return address
    }

    /// As browsers send them. Nil when one could not be read.
    func origins(_ node: YAMLNode) -> [String]? {
        guard let elements = faults.list(node, of: "origins, such as [https://www.shop.example]") else { return nil }
        var origins: [String] = []
        var seen: Set<String> = []
        for element in elements {
            guard let origin = origin(element) else { continue }
            if seen.insert(origin).inserted {
                origins.append(origin)
            } else {
                faults.add(element.place, "\"\(origin)\" is in the list twice")
            }
        }
        return origins.count == elements.count ? origins : nil
    }

    private func origin(_ node: YAMLNode) -> String? {
        let expected = "an origin, scheme://host or scheme://host:port"
        guard let text = faults.text(node, expected: expected) else { return nil }
        guard let address = WebAddress(text) else {
            faults.expected(expected, at: node)
            return nil
        }
        guard address.path.isEmpty else {
            faults.expected(expected, at: node, hint: "; write \(address.origin)")
            return nil
        }
        return address.origin
    }
}
