import Foundation
import OffstageSchema
import Synchronization
import Testing

@testable import OffstageAccounts

@Suite struct TokenTests {
    @Test func aTokenHas256BitsAndItsHashIsSHA256() {
        let source = TokenSource { count in (0..<count).map { UInt8(truncatingIfNeeded: $0) } }
        let token = source.next()
        #expect(token.text == "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        #expect(source.next(prefix: "shop_").text == "shop_" + token.text)
        // Of "abc": FIPS 180-2, appendix B.1.
        #expect(Token("abc").hash == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")
        #expect(token.hash.utf8.count == 43)
        #expect(token.matches(hash: token.hash))
        #expect(!token.matches(hash: Token("abc").hash))
        #expect(!token.matches(hash: ""))
    }

    @Test func tokensDiffer() {
        let source = TokenSource()
        let tokens = (0..<1000).map { _ in source.next().text }
        #expect(Set(tokens).count == 1000)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 })
    }

    @Test func aTokenDoesNotShowItself() {
        let token = TokenSource().next()
        #expect(!"\(token)".contains(token.text))
        #expect(!String(reflecting: token).contains(token.text))
    }

    @Test(arguments: [0, 1, 7, 8, 9, 32])
    func randomBytesAreAsManyAsAskedFor(count: Int) {
        #expect(RandomBytes.system(count).count == count)
    }

    @Test func comparisonSeesEveryByte() {
        let bytes = RandomBytes.system(32)
        #expect(ConstantTime.areEqual(bytes, bytes))
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(!ConstantTime.areEqual(bytes, other))
        }
        #expect(!ConstantTime.areEqual(bytes, Array(bytes.dropLast())))
        #expect(!ConstantTime.areEqual("a", "ab"))
    }
}
