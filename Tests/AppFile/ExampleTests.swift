import OffstageAppFile
import OffstageSchema
import Testing

/// The example of the app file's contract.
@Suite struct ExampleTests {
    @Test func theExampleHasNoFaults() throws {
        let catalog = try Loading.catalog(Self.example)
        #expect(catalog.collections.map(\.name) == ["categories", "products", "messages", "orders", "users"])
        #expect(catalog.accounts == AccountSettings(signUp: .open))
        let role = Field(
            "role",
            .choice(ChoiceKind(of: ["customer", "staff"])),
            defaultValue: .text("customer"),
            writable: .nobody
        )
        #expect(catalog.collection("users") == .users(adding: [role]))
    }

    @Test func whatTheExampleSaysIsInTheCatalog() throws {
        let catalog = try Loading.catalog(Self.supported)
        let pattern = try Pattern("[A-Z]{3}-[0-9]{4}")
        let expected = Catalog(
            name: "Corner Shop",
            address: WebAddress("https://shop.example"),
            origins: ["https://www.shop.example"],
            collections: [
                Collection(
                    name: "categories",
                    fields: [Field("name", .text(TextKind(max: 80)), required: true, unique: true)],
                    access: Access(read: .everybody)
                ),
                Collection(
                    name: "products",
                    label: "Goods",
                    display: "sku",
                    fields: [
                        Field("sku", .text(TextKind(pattern: pattern)), required: true, unique: true),
                        Field(
                            "price",
                            .decimal(DecimalKind(digits: 10, scale: 2, min: Decimal(unscaled: 0, scale: 2))),
                            required: true
                        ),
                        Field("stock", .integer(IntegerKind(min: 0)), defaultValue: .integer(0)),
                        Field("category", .relation(RelationKind(to: "categories", onDelete: .cascade))),
                        Field("tags", .text(TextKind(max: 30)), defaultValue: .list([.text("new")]), many: true),
                        Field("state", .choice(ChoiceKind(of: ["draft", "on"])), defaultValue: .text("draft")),
                        Field("released", .date(DateKind(min: CalendarDate("2020-01-01")))),
                        Field("cost", .number(NumberKind(min: 0.5)), readable: false, writable: false, was: "costs"),
                        Field("details", .json(JSONKind(maximumBytes: 100)), label: "Facts", help: "Free facts."),
                    ],
                    indexes: [
                        Index([Index.Key("category"), Index.Key("price", descending: true)]),
                        Index([Index.Key("created")]),
                    ],
                    search: ["sku", "tags", "state"],
                    was: "goods"
                ),
                // Every app has accounts, whether its file speaks of them or not.
                .users(),
            ],
            forms: [
                Form(
                    name: "offer",
                    into: "products",
                    fields: ["sku", "price"],
                    title: "Sell to us",
                    thanks: .location("/thanks.html"),
                    limit: Form.Limit(10, per: .hour)
                ),
                Form(
                    name: "short",
                    into: "categories",
                    fields: ["name"],
                    thanks: .location("https://www.shop.example/thanks")
                ),
            ]
        )
        #expect(catalog == expected)
    }

    static let supported = """
        offstage: 1
        name: Corner Shop
        url: https://shop.example
        origins: [https://WWW.shop.example:443]
        collections:
          categories:
            fields:
              name: {type: text, required: true, max: 80, unique: true}
            access: {read: true, create: false}
          products:
            label: Goods
            was: goods
            display: sku
            fields:
              sku: {type: text, required: true, unique: true, pattern: "[A-Z]{3}-[0-9]{4}"}
              price: {type: decimal, digits: 10, scale: 2, required: true, min: 0}
              stock: {type: integer, default: 0, min: 0}
              category: {type: relation, to: categories, on_delete: cascade}
              tags: {type: text, many: true, max: 30, default: [new]}
              state: {type: choice, of: [draft, on], default: draft}
              released: {type: date, min: 2020-01-01}
              cost: {type: number, min: .5, readable: false, writable: false, was: costs}
              details: {type: json, max_bytes: 100, label: Facts, help: Free facts.}
            indexes: [[category, -price], [created]]
            search: [sku, tags, state]
            access: {}
        forms:
          offer:
            into: products
            fields: [sku, price]
            title: Sell to us
            thanks: /thanks.html
            limit: 10/hour
          short: {into: categories, fields: [name], thanks: "https://www.shop.example/thanks"}
        """

    static let example = #"""
        offstage: 1
        name: Corner Shop
        url: https://shop.example          # the public address; optional in development
        origins: [https://www.shop.example]  # other web origins whose pages may call the API or post forms

        collections:
          categories:
            fields:
              name: {type: text, required: true, max: 80, unique: true}
            access: {read: true}

          products:
            label: Products
            display: name                    # the field that names a record to people
            fields:
              name:     {type: text, required: true, max: 120}
              sku:      {type: text, required: true, unique: true, pattern: "[A-Z]{3}-[0-9]{4}"}
              price:    {type: decimal, digits: 10, scale: 2, required: true, min: 0}
              cost:     {type: decimal, digits: 10, scale: 2, readable: user.role == "staff", writable: user.role == "staff"}
              stock:    {type: integer, default: 0, min: 0}
              category: {type: relation, to: categories, on_delete: restrict}
              tags:     {type: text, many: true, max: 30}
              state:    {type: choice, of: [draft, published, retired], default: draft}
              released: {type: date}
              details:  {type: json}
            indexes: [[category, -price], [state]]
            search: [name, sku]
            access:
              read:   state == "published" || user.role == "staff"
              create: user.role == "staff"
              update: user.role == "staff"
              # delete is absent: nobody but the team, in the admin pages

          messages:
            fields:
              name:    {type: text, required: true, max: 100}
              email:   {type: email, required: true}
              message: {type: text, required: true, max: 5000, lines: 6}
              answered: {type: boolean, default: false}
            access: {}                       # closed: only the form below writes, only the team reads

          orders:
            fields:
              customer: {type: relation, to: users, assign: user.id}    # set by the server at creation, never by the client
              status:   {type: choice, of: [new, paid, shipped], default: new}
              total:    {type: decimal, digits: 12, scale: 2, required: true, min: 0}
              note:     {type: text, max: 500}
            checks:
              - {that: 'status != "shipped" || total > decimal("0")', message: An empty order cannot be shipped, field: status}
            access:
              read:   customer == user.id || user.role == "staff"
              create: has(user.id)
              update: user.role == "staff" && new.customer == customer

        accounts:
          sign_up: open                      # open | invite | closed
          fields:                            # more fields for the built-in collection `users`
            role: {type: choice, of: [customer, staff], default: customer, writable: false}

        forms:
          contact:
            into: messages
            fields: [name, email, message]
            title: Write to us
            send: Send
            thanks: /thanks.html             # a path on this site, a URL on a listed origin, or omitted for the built-in page
            limit: 10/hour                   # posts per address
        """#
}
