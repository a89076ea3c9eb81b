import OffstageSchema
import Testing

@Suite struct DecimalTests {
    @Test(arguments: [
        ("12.5", 2, 10, "12.50"), ("12.50", 2, 10, "12.50"), ("-0.05", 2, 10, "-0.05"), ("0", 2, 10, "0.00"),
        ("-0", 2, 10, "0.00"),
        ("-0.00", 2, 10, "0.00"), ("+3", 0, 5, "3"), ("00012", 0, 2, "12"), (".5", 1, 2, "0.5"), ("1e2", 0, 3, "100"),
        ("1E+2", 2, 5, "100.00"),
        ("1250e-2", 1, 3, "12.5"), ("1250e-2", 2, 4, "12.50"), ("0e999999999999", 0, 1, "0"), ("0.0e-5", 0, 1, "0"),
        ("12.5e1", 0, 3, "125"),
        ("999999999999999999", 0, 18, "999999999999999999"), ("-999999999999999999", 0, 18, "-999999999999999999"),
        ("0.999999999999999999", 18, 18, "0.999999999999999999"),
        ("-0.000000000000000001", 18, 18, "-0.000000000000000001"),
        ("99999999.99", 2, 10, "99999999.99"),
    ])
    func readsExactly(text: String, scale: Int, digits: Int, expected: String) throws {
        let decimal = try Decimal(text, scale: scale, digits: digits)
        #expect(decimal.description == expected)
        #expect(decimal.scale == scale)
    }

    @Test(arguments: [
        ("", 2, 10, Decimal.Refusal.notANumber), ("-", 2, 10, .notANumber), (".", 2, 10, .notANumber),
        ("1.", 2, 10, .notANumber), ("1e", 2, 10, .notANumber),
        ("1e+", 2, 10, .notANumber), ("1 ", 2, 10, .notANumber), (" 1", 2, 10, .notANumber),
        ("1,5", 2, 10, .notANumber), ("0x10", 2, 10, .notANumber),
        ("inf", 2, 10, .notANumber), ("nan", 2, 10, .notANumber), ("--1", 2, 10, .notANumber),
        ("١٢", 2, 10, .notANumber), ("e5", 2, 10, .notANumber),
        ("12.505", 2, 10, .tooManyFractionDigits), ("12.500", 2, 10, .tooManyFractionDigits),
        ("1e-3", 2, 10, .tooManyFractionDigits),
        ("1e-999999999", 2, 10, .tooManyFractionDigits), ("0.12345678901234567890123", 2, 10, .tooManyFractionDigits),
        ("100000000", 2, 10, .tooManyDigits), ("1e999999999", 2, 10, .tooManyDigits),
        ("1000000000000000000", 0, 18, .tooManyDigits),
        ("99999999999999999999999999", 0, 18, .tooManyDigits), ("18446744073709551616", 0, 18, .tooManyDigits),
        ("1e18", 0, 18, .tooManyDigits),
        ("99999999999999999999999999e-2", 2, 18, .tooManyDigits), ("1", 18, 18, .tooManyDigits),
        ("99999999999999999999x", 0, 18, .notANumber),
    ])
    func refuses(text: String, scale: Int, digits: Int, refusal: Decimal.Refusal) {
        #expect(throws: refusal) { try Decimal(text, scale: scale, digits: digits) }
    }

    @Test func readsBackWhatItShows() throws {
        var numbers = SeededNumbers(seed: 3)
        for _ in 0..<20_000 {
            let digits = Int.random(in: 1...18, using: &numbers)
            let scale = Int.random(in: 0...digits, using: &numbers)
            let bound = Int64(Decimal.powerOfTen(digits)) - 1
            let decimal = Decimal(unscaled: Int64.random(in: -bound...bound, using: &numbers), scale: scale)
            #expect(try Decimal(decimal.description, scale: scale, digits: digits) == decimal)
        }
    }
}
