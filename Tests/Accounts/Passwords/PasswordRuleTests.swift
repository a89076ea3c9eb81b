import OffstageSchema
import Testing

@testable import OffstageAccounts

@Suite struct PasswordRuleTests {
    private func code(_ password: String, mail: String? = nil, name: String? = nil) -> Fault.Code? {
        let fault = PasswordRule.fault(in: password, mail: mail, name: name)
        if let fault { #expect(fault.pointer == "/password") }
        return fault?.code
    }

    @Test func lengthIsCountedInCodePoints() {
        #expect(code("") == .required)
        #expect(code("kT9vq2x") == .min)
        #expect(code("kT9vq2xw") == nil)
        #expect(code("ключик7") == .min)
        #expect(code("ключики7") == nil)
        // e and its accent are one after normalization.
        #expect(code("kT9vq2e\u{301}") == .min)
        #expect(code("👩‍👩‍👧‍👧") == .min)
        #expect(code("👩‍👩‍👧‍👧🦊") == nil)
        #expect(code(String(repeating: "aé", count: 512)) == nil)
        #expect(code(String(repeating: "aé", count: 512) + "b") == .max)
        #expect(code(String(repeating: "x", count: 10_000_000)) == .max)
    }

    @Test func anyCharactersAreTaken() {
        for password in [
            "        x", "aaaaaaaab", "correct horse battery staple", "\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}",
        ] {
            #expect(code(password) == nil, "\(password)")
        }
    }

    @Test func noDatabaseOrLibraryStumblesOverOne() {
        #expect(code("kT9v\u{0}q2xw") == .type)
        #expect(code("kT9vq2xw" + String(repeating: "\u{301}", count: 61)) == .type)
    }

    @Test(arguments: ["password", "PassWord", "12345678", "1q2w3e4r5t", "iloveyou", "qwertyuiop", "1qaz2wsx"])
    func theMostUsedAreRefused(password: String) {
        #expect(code(password) == .check)
    }

    @Test func theListIsWhole() {
        #expect(MostUsedPasswords.all.count == 3000)
        #expect(MostUsedPasswords.all.allSatisfy { $0.utf8.count >= 8 && $0 == $0.lowercased() && !$0.hasPrefix("#") })
    }

    @Test func ownNameAndAddressAreRefused() {
        #expect(code("Ada@Shop.Example", mail: "ada@shop.example") == .check)
        #expect(code("ada@shop.example1", mail: "ada@shop.example") == nil)
        #expect(code("STRASSE-MÜLLER", mail: nil, name: "Straße-Müller") == .check)
        #expect(code("kT9vq2xw", mail: "", name: "") == nil)
    }

    @Test func messagesAreForPeople() {
        #expect(PasswordRule.fault(in: "short", mail: nil)?.message == "must have at least 8 characters")
        let long = String(repeating: "x", count: 1025)
        #expect(PasswordRule.fault(in: long, mail: nil)?.message == "must have at most 1,024 characters")
    }

    @Test func whatLooksTheSameIsTheSame() throws {
        #expect(try PasswordText.normalized("caf\u{65}\u{301} au\u{a0}lait").isExactly("caf\u{e9} au lait"))
        #expect(try PasswordText.normalized("x\u{3000}y\u{2003}").isExactly("x y "))
        #expect(try PasswordText.normalized("Big ²").isExactly("Big ²"))
    }
}
