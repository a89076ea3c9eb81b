import OffstageSchema
import Synchronization
import Testing

@testable import OffstageAccounts

@Suite struct RecoveryCodesTests {
    @Test func thereAreTenThatDiffer() throws {
        let codes = RecoveryCodes.make()
        #expect(Set(codes).count == 10)
        let form = try Regex("[0-9abcdefghjkmnpqrstvwxyz]{4}(-[0-9abcdefghjkmnpqrstvwxyz]{4}){2}")
        for code in codes { #expect(code.wholeMatch(of: form) != nil, "\(code)") }
    }

    @Test func everyBitComesFromTheSource() {
        let next = Mutex<UInt8>(0)
        let codes = RecoveryCodes.make { count in
            (0..<count).map { _ in
                next.withLock { next in
                    defer { next &+= 1 }
                    return next
                }
            }
        }
        #expect(codes.prefix(3) == ["0123-4567-89ab", "cdef-ghjk-mnpq", "rstv-wxyz-0123"])
    }

    @Test(arguments: [
        "7d3k-x0qm-9gy1", " 7D3K X0QM 9GY1 ", "7d3kxOqm9gyI", "7d3k–xoqm‑9gyl", "7\td3kx0qm9gy1\n",
    ])
    func whatPeopleTypeIsTheSameCode(typed: String) {
        #expect(RecoveryCodes.normalized(typed) == "7d3kx0qm9gy1")
        let kept = RecoveryCodes.hash(of: "7d3k-x0qm-9gy1", account: "a")
        #expect(kept?.utf8.count == 43)
        #expect(RecoveryCodes.hash(of: typed, account: "a") == kept)
        #expect(RecoveryCodes.hash(of: typed, account: "b") != kept)
    }

    @Test(arguments: [
        "", "7d3k-x0qm-9gy", "7d3k-x0qm-9gy12", "7d3k-x0qm-9gyu", "7d3k-x0qm-9gy!", "7d3k-x0qm-9gyé", "7d3k.x0qm.9gy1",
        String(repeating: " ", count: 1000) + "7d3kx0qm9gy1",
    ])
    func whatIsNoCodeHasNoHash(typed: String) {
        #expect(RecoveryCodes.hash(of: typed, account: "a") == nil)
    }

    @Test func theHashIsSHA256OfPurposeAccountAndCode() {
        // printf 'recovery code:a:7d3kx0qm9gy1' | openssl dgst -sha256 -binary | basenc --base64url
        #expect(RecoveryCodes.hash(of: "7d3k-x0qm-9gy1", account: "a") == "s45I0LXu0hPQiCrzvqwJqcmUJ5_kSb4OP4ozl4A49n4")
    }
}
