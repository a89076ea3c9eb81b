package import HTTPTypes
package import OffstageSchema

/// Tells who sends a request, from what its headers carry.
package struct SessionReader: Sendable {
    /// - Returns: the principal of a request with these headers from this network address.
    /// - Throws: `.unauthenticated` for credentials that are wrong, rather than taking their bearer for a visitor.
    package let principal: @Sendable (HTTPFields, _ address: String) async throws(Failure) -> Principal

    package init(
        _ principal: @escaping @Sendable (HTTPFields, _ address: String) async throws(Failure) -> Principal
    ) {
        self.principal = principal
    }

    /// Where there are no accounts: everybody is a visitor.
    package static let visitors = SessionReader { _, address in .visitor(address: address) }
}
