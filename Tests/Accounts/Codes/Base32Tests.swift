import Testing

@testable import OffstageAccounts

@Suite struct Base32Tests {
    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "MY======"), ("fo", "MZXQ===="), ("foo", "MZXW6==="), ("foob", "MZXW6YQ="),
        ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI======"),
    ])
    func theVectorsOfTheSpecificationHold(text: String, encoded: String) {
        let bytes = Array(text.utf8)
        let bare = String(encoded.prefix { $0 != "=" })
        #expect(Base32.encode(bytes, padded: true) == encoded)
        #expect(Base32.encode(bytes) == bare)
        for form in [encoded, bare, bare.lowercased()] { #expect(Base32.decode(form) == bytes) }
    }

    @Test(arguments: ["A", "AAA", "AAAAAA", "MZ", "MY=", "MY=====", "M1", "M8", "MY======MY", "========", "MÝ"])
    func whatIsNotBase32IsRefused(text: String) {
        #expect(Base32.decode(text) == nil)
    }

    @Test func allBytesComeBack() {
        for count in 0..<40 {
            let bytes = RandomBytes.system(count)
            #expect(Base32.decode(Base32.encode(bytes)) == bytes)
        }
    }
}
