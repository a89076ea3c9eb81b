/// App files that several tests use.
enum Apps {
    /// `access` with every verb open.
    static let open = "access: {read: true, create: true, update: true, delete: true}"

    /// One open collection `things` with these fields, one a line.
    static func things(_ fields: String...) -> String {
        """
        name: Things
        collections:
          things:
            \(open)
            fields:

        """ + fields.map { "      \($0)\n" }.joined()
    }

    /// A small shop: categories and products, both open, and a collection that is closed.
    static let shop = """
        name: Shop
        collections:
          categories:
            \(open)
            fields:
              name: {type: text, required: true, max: 80, unique: true}
          products:
            \(open)
            fields:
              name: {type: text, required: true, max: 120}
              sku: {type: text, unique: true, pattern: "[A-Z]{3}-[0-9]{4}"}
              price: {type: decimal, digits: 10, scale: 2, min: 0}
              stock: {type: integer, default: 0, min: 0}
              category: {type: relation, to: categories, on_delete: restrict}
              tags: {type: text, many: true, max: 30}
              state: {type: choice, of: [draft, published], default: draft}
              released: {type: date}
              details: {type: json}
          secrets:
            access: {}
            fields:
              word: {type: text}
        """

    /// A contact form into a closed collection.
    static func contact(limit: String = "1000/hour", thanks: String? = nil, more: String = "") -> String {
        """
        name: Contact
        \(more)
        collections:
          messages:
            access: {}
            fields:
              name: {type: text, required: true, max: 100, help: As on your passport.}
              email: {type: email, required: true, unique: true}
              message: {type: text, max: 5000, lines: 6}
        forms:
          contact:
            into: messages
            fields: [name, email, message]
            title: Write to us
            send: Send it
            limit: \(limit)
            \(thanks.map { "thanks: \($0)" } ?? "")
        """
    }

    /// A well-formed id that no record has.
    static let absentID = "00000000-0000-4000-8000-000000000000"

    /// The id of a number, so that tests can choose the order of ids.
    static func id(_ number: Int) -> String {
        let digits = String(number)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }
}
