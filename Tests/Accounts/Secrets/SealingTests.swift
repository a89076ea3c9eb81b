import OffstageSchema
import Testing

@testable import OffstageAccounts

@Suite struct SealingTests {
    private static let secret = "a secret of the app that is long enough"
    private static let bytes = Array("twenty bytes of TOTP".utf8)

    @Test func whatIsSealedOpensForItsPurposeAlone() throws {
        let sealing = try #require(Sealing(secrets: [Self.secret]))
        let sealed = try sealing.seal(Self.bytes, for: "totp:1")
        #expect(sealed.hasPrefix("v1."))
        #expect(sealing.open(sealed, for: "totp:1") == Self.bytes)
        #expect(sealing.open(sealed, for: "totp:2") == nil)
        #expect(sealing.open(sealed, for: "") == nil)
        #expect(try sealing.seal(Self.bytes, for: "totp:1") != sealed)
        #expect(sealing.open(try sealing.seal([], for: "x"), for: "x") == [])
    }

    @Test func everyChangeIsSeen() throws {
        let sealing = try #require(Sealing(secrets: [Self.secret]))
        let sealed = try sealing.seal(Self.bytes, for: "totp:1")
        let characters = Array(sealed)
        for index in characters.indices {
            var other = characters
            other[index] = other[index] == "A" ? "B" : "A"
            #expect(sealing.open(String(other), for: "totp:1") == nil, "\(index)")
            #expect(sealing.open(String(characters.prefix(index)), for: "totp:1") == nil)
        }
        for text in ["", "v1", "v1..", "v1.a.b", "v2." + sealed.dropFirst(3), sealed + ".", sealed + "A"] {
            #expect(sealing.open(text, for: "totp:1") == nil)
        }
    }

    @Test func secretsAreChangedOneAfterTheOther() throws {
        let old = try #require(Sealing(secrets: [Self.secret]))
        let both = try #require(Sealing(secrets: ["a new secret of the app", Self.secret]))
        let new = try #require(Sealing(secrets: ["a new secret of the app"]))
        let sealed = try old.seal(Self.bytes, for: "p")
        #expect(!old.isOutdated(sealed))
        #expect(both.open(sealed, for: "p") == Self.bytes)
        #expect(both.isOutdated(sealed))
        #expect(new.open(sealed, for: "p") == nil)
        let again = try both.seal(Self.bytes, for: "p")
        #expect(!both.isOutdated(again))
        #expect(new.open(again, for: "p") == Self.bytes)
        #expect(old.open(again, for: "p") == nil)
    }

    @Test func thereMustBeASecret() {
        #expect(Sealing(secrets: []) == nil)
        #expect(Sealing(secrets: [""]) == nil)
        #expect(Sealing(secrets: [Self.secret, ""]) == nil)
    }
}
