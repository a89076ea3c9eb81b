// rooms: Schema Expressions Storage Rules
import Glibc
import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// What filters name: every kind of field, relations, lists and free data.
private let catalog: Catalog = {
    let kinds: [(String, FieldKind, Bool)] = [
        ("a", .text(TextKind()), false), ("b", .boolean(BooleanKind()), false), ("i", .integer(IntegerKind()), false),
        ("n", .number(NumberKind()), false), ("d", .decimal(DecimalKind(digits: 12, scale: 2)), false),
        ("day", .date(DateKind()), false), ("at", .datetime(DateTimeKind()), false), ("j", .json(JSONKind()), false),
        ("l", .text(TextKind()), true), ("r", .relation(RelationKind(to: "t")), false),
        ("rs", .relation(RelationKind(to: "t")), true),
    ]
    let fields = kinds.map { name, kind, many in Field(name, kind, many: many) }
    let access = Access(read: .everybody)
    return Catalog(name: "Fuzz", collections: [Collection(name: "t", fields: fields, access: access)])
}()
private let rules = try? Rules(catalog)

/// Milliseconds of this thread that one filter may take; a hundred times of what the longest honest one does, since the
/// sanitizers are slow.
private let millisecondsAtMost = 1_000.0

/// No filter traps, hangs, or becomes a statement whose text holds what the filter said.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzExpressions(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let text = String(decoding: bytes, as: UTF8.self)
    guard let rules, let collection = catalog.collection("t") else { return 0 }
    let begin = milliseconds()
    let account = Account(id: Identifier(high: 1, low: 2), address: "192.0.2.1", fields: ["role": .text("x")])
    for principal in [Principal.visitor(address: "192.0.2.1"), .account(account)] {
        let asker = Asker(principal, at: Timestamp(milliseconds: 1_795_000_000_000))
        let view = View(collection, for: asker, rules, dialect: TrialDialect())
        _ = try? view.filter(text, arguments: text.contains("arg.x") ? [("x", "1")] : [])
    }
    let elapsed = milliseconds() - begin
    if elapsed > millisecondsAtMost {
        print("one filter took \(elapsed) ms")
        abort()
    }
    return 0
}

private func milliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}
