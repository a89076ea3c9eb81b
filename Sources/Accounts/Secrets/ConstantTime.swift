/// Comparisons that take as long for a first byte that differs as for a last one, so that their time tells nothing of a
/// secret. That two differ in length does show.
package enum ConstantTime {
    package static func areEqual(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(left, right) { difference |= left ^ right }
        return difference == 0
    }

    package static func areEqual(_ left: String, _ right: String) -> Bool {
        areEqual(left.utf8, right.utf8)
    }
}
