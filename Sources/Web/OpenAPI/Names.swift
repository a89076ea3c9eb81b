import OffstageSchema

extension OpenAPI {
    /// The names of collections and forms as programs want them: unique without regard to case, since generators make
    /// files of them, and free of the document's own.
    struct Names: Sendable {
        /// Of one collection: `products` is `Product` and `Products`.
        struct Pair: Hashable, Sendable {
            let one: String
            let all: String
        }

        private var pairs: [String: Pair] = [:]
        private var formNames: [String: String] = [:]

        /// What follows the name of a record in the names of its schemas.
        static let endings = ["", "Create", "Replace", "Patch", "Page", "Expanded", "Summary"]

        /// Taken by the document, or words that many languages keep for themselves.
        private static let reserved = [
            "Problem", "Problems", "Docs", "OpenApi", "Fault", "Health", "Imported", "Batch", "BatchOperation",
            "BatchCreate",
            "BatchUpdate", "BatchReplace", "BatchDelete", "BatchResult", "BatchResults", "File", "Object", "List",
            "Map", "Set", "Date", "Datetime",
            "Uuid", "Uri", "Url", "Error", "Exception", "Any", "String", "Integer", "Number", "Boolean", "Array",
            "Float",
            "OwnAccount", "OwnSessions", "OwnPasskeys", "OwnKeys", "SignInProviders", "Codes",
            "Double", "Decimal", "Byte", "Request", "Response", "Client", "Configuration", "Api", "Model", "Default",
        ]

        init(_ catalog: Catalog) {
            var taken = Set((Self.reserved + AccountOperations.schemaNames).map { $0.lowercased() })
            for collection in catalog.collections {
                let one = Self.unique(Self.singular(Self.pascal(collection.name)), Self.endings, &taken)
                var plurals = taken
                let all = Self.unique(Self.pascal(collection.name), [""], &plurals)
                // A word that is its own plural may name the record and the list.
                let wanted = Self.pascal(collection.name)
                if wanted.lowercased() == one.lowercased() {
                    pairs[collection.name] = Pair(one: one, all: one)
                } else {
                    taken.insert(all.lowercased())
                    pairs[collection.name] = Pair(one: one, all: all)
                }
            }
            for form in catalog.forms {
                formNames[form.name] = Self.unique(Self.pascal(form.name), ["FormPost"], &taken)
            }
        }

        func of(_ collection: Collection) -> Pair {
            pairs[collection.name] ?? Pair(one: Self.pascal(collection.name), all: Self.pascal(collection.name))
        }

        func of(_ form: Form) -> String {
            formNames[form.name] ?? Self.pascal(form.name)
        }

        /// The name, or with a number behind it when one of its endings is taken.
        private static func unique(_ name: String, _ endings: [String], _ taken: inout Set<String>) -> String {
            var candidate = name
            var number = 2
            while endings.contains(where: { taken.contains((candidate + $0).lowercased()) }) {
                candidate = "\(name)Record" + (number == 2 ? "" : String(number - 1))
                number += 1
            }
            for ending in endings { taken.insert((candidate + ending).lowercased()) }
            return candidate
        }

        /// `order_lines` as `OrderLines`.
        static func pascal(_ name: String) -> String {
            name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        }

        /// The last word of an English plural as its singular, as far as its letters tell.
        static func singular(_ name: String) -> String {
            func ends(_ ending: String) -> Bool { name.hasSuffix(ending) && name.count > ending.count + 1 }
            if ends("ies") { return name.dropLast(3) + "y" }
            for ending in ["sses", "shes", "ches", "xes", "zes", "uses"] where ends(ending) {
                return String(name.dropLast(2))
            }
            for ending in ["ss", "us", "is", "News", "Series", "news", "series"] where name.hasSuffix(ending) {
                return name
            }
            return ends("s") ? String(name.dropLast()) : name
        }
    }
}
