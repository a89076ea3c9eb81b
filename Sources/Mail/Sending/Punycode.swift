/// Domains with letters beyond ASCII, as the domain name system and mail servers take them (RFC 3492, RFC 5891).
enum Punycode {
    /// The domain in ASCII and lower case; nil for one that has no such form.
    static func domain(_ text: Substring) -> String? {
        var labels: [String] = []
        for label in text.lowercased().split(separator: ".", omittingEmptySubsequences: false) {
            guard !label.isEmpty else { return nil }
            let isASCII = label.utf8.allSatisfy { $0 < 0x80 }
            guard let encoded = isASCII ? String(label) : encoded(label).map({ "xn--" + $0 }),
                encoded.utf8.count <= 63
            else { return nil }
            labels.append(encoded)
        }
        let domain = labels.joined(separator: ".")
        return domain.utf8.count <= 255 ? domain : nil
    }

    // RFC 3492, section 5.
    private static let (base, tMin, tMax): (UInt32, UInt32, UInt32) = (36, 1, 26)
    private static let (skew, damp): (UInt32, UInt32) = (38, 700)

    /// RFC 3492, section 6.3. Labels are short: nothing here comes near the limits of the numbers, and nil says if it did.
    private static func encoded(_ label: Substring) -> String? {
        let scalars = label.unicodeScalars.map(\.value)
        guard scalars.count <= 63 else { return nil }
        let basic = scalars.filter { $0 < 0x80 }
        var output = basic.map { UInt8(truncatingIfNeeded: $0) }
        if !basic.isEmpty { output.append(UInt8(ascii: "-")) }
        var (n, delta, bias): (UInt32, UInt32, UInt32) = (0x80, 0, 72)
        var handled = UInt32(basic.count)
        while handled < scalars.count {
            guard let least = scalars.filter({ $0 >= n }).min() else { return nil }
            delta &+= (least &- n) &* (handled &+ 1)
            n = least
            for scalar in scalars {
                if scalar < n { delta &+= 1 }
                guard scalar == n else { continue }
                append(delta, bias, to: &output)
                bias = adapted(delta, handled &+ 1, isFirst: handled == basic.count)
                delta = 0
                handled &+= 1
            }
            delta &+= 1
            n &+= 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func append(_ delta: UInt32, _ bias: UInt32, to output: inout [UInt8]) {
        var (rest, k) = (delta, base)
        while true {
            let t = k <= bias ? tMin : min(max(k &- bias, tMin), tMax)
            guard rest >= t else { break }
            output.append(digit(t &+ (rest &- t) % (base &- t)))
            rest = (rest &- t) / (base &- t)
            k &+= base
        }
        output.append(digit(rest))
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        UInt8(truncatingIfNeeded: value < 26 ? 0x61 &+ value : 0x30 &+ value &- 26)
    }

    private static func adapted(_ delta: UInt32, _ count: UInt32, isFirst: Bool) -> UInt32 {
        var rest = isFirst ? delta / damp : delta / 2
        rest &+= rest / max(count, 1)
        var k: UInt32 = 0
        while rest > ((base &- tMin) &* tMax) / 2 {
            rest /= base &- tMin
            k &+= base
        }
        return k &+ (base &- tMin &+ 1) &* rest / (rest &+ skew)
    }
}
