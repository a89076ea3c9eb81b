import CryptoExtras
import FoundationEssentials

/// Public keys of RSA that are taken from others.
enum RSAPublicKey {
    private static let bitsAtLeast = 2048

    /// Nil for a key that is weak, slow to check, or none: fewer than 2,048 or more than the given bits, or an exponent that is
    /// even, 1, or of more than 32 bits.
    static func make(modulus: [UInt8], exponent: [UInt8], bitsAtMost: Int) -> _RSA.Signing.PublicKey? {
        guard let first = modulus.first, bitsAtLeast <= bitsAtMost,
            (bitsAtLeast...bitsAtMost).contains(modulus.count * 8 - first.leadingZeroBitCount),
            (1...4).contains(exponent.count), let last = exponent.last, last % 2 == 1, exponent != [1]
        else { return nil }
        return try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
    }
}
