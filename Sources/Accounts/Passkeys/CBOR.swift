package import OffstageSchema

/// A value of CBOR (RFC 8949), as authenticators write it.
package indirect enum CBOR: Hashable, Sendable {
    case unsigned(UInt64)
    /// The number is -1 less this.
    case negative(UInt64)
    case bytes([UInt8])
    case text(String)
    case array([CBOR])
    case map([Key: CBOR])
    case tagged(UInt64, CBOR)
    case boolean(Bool)
    case null
    case undefined
    case simple(UInt8)
    case float(Double)

    /// A whole number or a text: what the maps of CTAP2 and COSE have for keys.
    package enum Key: Hashable, Sendable {
        case integer(Int64)
        case text(ExactText)
    }

    package subscript(key: Int64) -> CBOR? {
        guard case .map(let members) = self else { return nil }
        return members[.integer(key)]
    }

    package subscript(key: String) -> CBOR? {
        guard case .map(let members) = self else { return nil }
        return members[.text(ExactText(key))]
    }

    /// The number, when it is one that fits.
    package var integer: Int64? {
        switch self {
        case .unsigned(let number): Int64(exactly: number)
        case .negative(let number): Int64(exactly: number).map { -1 - $0 }
        default: nil
        }
    }

    package var byteString: [UInt8]? {
        if case .bytes(let bytes) = self { return bytes }
        return nil
    }
}
