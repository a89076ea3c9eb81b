import OffstageSchema
import Testing

@testable import OffstageWeb

/// Names for programs, and patterns that go over to JSON Schema.
@Suite struct NameTests {
    private static func catalog(_ names: [String]) -> Catalog {
        Catalog(name: "Names", collections: names.map { Collection(name: $0, fields: []) })
    }

    @Test(arguments: [
        ("products", "Product"), ("categories", "Category"), ("order_lines", "OrderLine"), ("boxes", "Box"),
        ("statuses", "Status"), ("status", "Status"), ("news", "News"), ("glass", "Glass"), ("dropbox", "Dropbox"),
        ("a_b_c", "ABC"), ("files", "FileRecord"), ("problems", "ProblemRecord"),
    ])
    func aCollectionNamesItsRecords(name: String, one: String) throws {
        let catalog = Self.catalog([name])
        let collection = try #require(catalog.collection(name))
        #expect(OpenAPI.Names(catalog).of(collection).one == one)
    }

    @Test func noTwoNamesAreAlikeWithoutCase() throws {
        let names = [
            "a_b", "ab", "product", "products", "product_pages", "product_page", "categories", "category", "problem",
            "problems", "docs", "doc", "x1_2", "x12", "x_12", "news", "new_s",
        ]
        let catalog = Self.catalog(names)
        let made = OpenAPI.Names(catalog)
        var schemas: [String] = []
        var lists: [String] = []
        for collection in catalog.collections {
            let pair = made.of(collection)
            schemas += OpenAPI.Names.endings.map { (pair.one + $0).lowercased() }
            lists.append(pair.all.lowercased())
        }
        #expect(Set(schemas).count == schemas.count)
        #expect(Set(lists).count == lists.count)
        #expect(schemas.allSatisfy { $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
    }

    @Test(arguments: [
        ("[A-Z]{3}-[0-9]{4}", "^(?:[A-Z]{3}-[0-9]{4})$"),
        (#"/pictures/[a-z0-9-]+[.](svg|png)"#, #"^(?:\/pictures\/[a-z0-9-]+[\.](svg|png))$"#),
        ("a)|(b", nil), ("a.b", #"^(?:a[^\n]b)$"#), (#"\d+"#, #"^(?:\d+)$"#), (#"\p{L}+"#, nil), ("a++", nil),
        ("(?i)a", nil), ("(?:ab)?", "^(?:(?:ab)?)$"), ("[[:alpha:]]", nil), (#"\-\_"#, "^(?:-_)$"),
        ("a{2,}", "^(?:a{2,})$"),
        ("a{,2}", nil), (#"a\1"#, nil), ("[^a]", "^(?:[^a])$"), ("", "^(?:)$"),
    ])
    func aPatternGoesOverOrIsToldInWords(source: String, portable: String?) {
        #expect(OpenAPI.PortablePattern(source)?.text == portable)
    }
}
