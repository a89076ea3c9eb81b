/// What the app file says, checked: the only description of an app that other rooms take.
package struct Catalog: Hashable, Sendable {
    package var name: String
    /// The public address, when the file gives one.
    package var address: WebAddress?
    /// Other web origins whose pages may call the API or post forms, as browsers send them.
    package var origins: [String]
    /// In the order of the file.
    package let collections: [Collection]
    package let forms: [Form]
    package let accounts: AccountSettings

    private let collectionsByName: [String: Collection]
    private let formsByName: [String: Form]

    package init(
        name: String,
        address: WebAddress? = nil,
        origins: [String] = [],
        collections: [Collection],
        forms: [Form] = [],
        accounts: AccountSettings = AccountSettings()
    ) {
        self.name = name
        self.address = address
        self.origins = origins
        self.collections = collections
        self.forms = forms
        self.accounts = accounts
        collectionsByName = Dictionary(collections.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        formsByName = Dictionary(forms.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func collection(_ name: String) -> Collection? {
        collectionsByName[name]
    }

    package func form(_ name: String) -> Form? {
        formsByName[name]
    }

    /// The fields anywhere in the catalog that point to a collection.
    package func relations(to collection: String) -> [(collection: Collection, field: Field)] {
        collections.flatMap { from in
            from.fields.compactMap { field in
                if case .relation(let kind) = field.kind, kind.collection == collection { (from, field) } else { nil }
            }
        }
    }
}
