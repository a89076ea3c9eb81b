import OffstageSchema
import Testing

@testable import OffstageAccounts

@Suite struct PasswordHashTests {
    private static let small = PasswordHash.Parameters(memory: 64, passes: 1, lanes: 1)
    private static let salt = Array("somesalt".utf8)

    /// From the tests of the reference implementation (libargon2, test.c): version 1.3 of Argon2id.
    @Test(
        arguments: [
            (
                65_536, 2, 1, "password", "somesalt",
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            ),
            (
                256, 2, 1, "password", "somesalt",
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"
            ),
            (
                65_536, 1, 1, "password", "somesalt",
                "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"
            ),
        ] as [(UInt32, UInt32, UInt32, String, String, String)]
    )
    func theVectorsOfTheReferenceHold(
        memory: UInt32,
        passes: UInt32,
        lanes: UInt32,
        password: String,
        salt: String,
        encoded: String
    ) throws {
        let parameters = PasswordHash.Parameters(memory: memory, passes: passes, lanes: lanes)
        #expect(try PasswordHash.make(password, salt: Array(salt.utf8), parameters: parameters) == encoded)
        #expect(try PasswordHash.verify(password, encoded))
        #expect(try !PasswordHash.verify(password + "x", encoded))
    }

    @Test func whatIsUsualNowIsWrittenDown() throws {
        let encoded = try PasswordHash.make("correct horse", salt: RandomBytes.system(16))
        #expect(encoded.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
        #expect(!PasswordHash.needsRehash(encoded))
        #expect(try PasswordHash.verify("correct horse", encoded))
        #expect(try !PasswordHash.verify("Correct horse", encoded))
        #expect(try !PasswordHash.verify("", encoded))
    }

    @Test(arguments: [
        "$argon2id$v=19$m=19455,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "",
    ])
    func lessWorkIsMadeAnew(encoded: String) {
        #expect(PasswordHash.needsRehash(encoded))
    }

    @Test func moreWorkIsLeft() {
        #expect(
            !PasswordHash.needsRehash(
                "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            )
        )
    }

    /// What a database that somebody tampered with could hold: none of it makes the server work for long.
    @Test(arguments: [
        "", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=16$PAR$SALT$HASH",
        "$argon2i$v=19$PAR$SALT$HASH", "$argon2id$v=19$m=1048577,t=2,p=1$SALT$HASH",
        "$argon2id$v=19$m=4294967295,t=2,p=1$SALT$HASH", "$argon2id$v=19$m=99999999999999999999,t=2,p=1$SALT$HASH",
        "$argon2id$v=19$m=64,t=21,p=1$SALT$HASH", "$argon2id$v=19$m=64,t=0,p=1$SALT$HASH",
        "$argon2id$v=19$m=1024,t=2,p=17$SALT$HASH", "$argon2id$v=19$m=64,t=2,p=0$SALT$HASH",
        "$argon2id$v=19$m=-64,t=2,p=1$SALT$HASH", "$argon2id$v=19$m=+64,t=2,p=1$SALT$HASH",
        "$argon2id$v=19$t=2,m=64,p=1$SALT$HASH", "$argon2id$v=19$m=64,t=2$SALT$HASH", "$argon2id$v=19$PAR$SALT",
        "$argon2id$v=19$PAR$SALT$HASH$", "$argon2id$v=19$PAR$SALT$", "$argon2id$v=19$PAR$$HASH",
        "$argon2id$v=19$PAR$SALT$AAAA", "$argon2id$v=19$PAR$!!!!!!!!!!!$HASH", "$argon2id$v=19$PAR$SALT$HASH=",
        "$argon2id$v=19$PAR$SALT$HASH\u{0}", " $argon2id$v=19$PAR$SALT$HASH",
    ])
    func whatIsDamagedIsRefused(form: String) {
        let encoded =
            form.replacing("PAR", with: "m=64,t=1,p=1").replacing("SALT", with: "c29tZXNhbHQ")
            .replacing("HASH", with: "9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg")
        let failure = #expect(throws: Failure.self) { try PasswordHash.verify("password", encoded) }
        #expect(failure?.kind == .internalError)
        #expect(failure?.operatorDetail?.contains("a password hash cannot be used") == true)
    }
}
