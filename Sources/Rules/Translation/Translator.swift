import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// A row that an expression reads: of a table, or the values that a record would have.
struct RowSource {
    let collection: Collection
    /// What its columns are qualified with. Aliases start with `_`, which no collection's name does.
    let alias: SQL.Name
}

/// Writes expressions as conditions.
///
/// Every condition is true exactly where the expression has the wanted value. Where it has the other one or fails, the
/// condition is false or NULL: `NOT` stands only before what is NULL where the expression fails, so that SQL's third value
/// never turns into a yes. A negation is a question for the other value.
struct Translator {
    /// What a local variable stands for.
    enum Slot {
        case row(RowSource)
        case operand(Operand)
        case term(Term, [Int: Slot])
    }

    let catalog: Catalog
    let dialect: any Dialect
    let root: RowSource
    /// The record as it would be, in a rule for updates.
    var new: RowSource?
    /// The account that asks, for what its relations lead to.
    var user: DatumMap?
    /// What is known with every request, before there is one: nothing but its type.
    var assumesKnown = false
    /// What must hold of a record of another collection to be seen from here.
    var visible: [String: Decision] = [:]
    var slots: [Int: Slot] = [:]

    private var aliases = 0
    private var pieces = 0

    init(catalog: Catalog, dialect: any Dialect, root: RowSource) {
        self.catalog = catalog
        self.dialect = dialect
        self.root = root
    }

    /// Pieces of SQL that one expression may become.
    private static let piecesAtMost = 60_000

    mutating func alias() -> SQL.Name {
        aliases += 1
        return SQL.Name(stored: "_\(aliases)")
    }

    /// Bounds what is written: one condition can ask for both values of its parts, again and again.
    mutating func counted(_ sql: SQL, at position: ExpressionPosition) throws(TranslationRefusal) -> SQL {
        pieces += sql.pieces.count
        guard pieces <= Self.piecesAtMost else { throw TranslationRefusal("an expression of this size", at: position) }
        return sql
    }

    /// Goes on counting where another translator is.
    mutating func follow(_ other: Translator) {
        aliases = other.aliases
        pieces = other.pieces
    }

    // MARK: Conditions

    /// Where the term is true, or where it is false.
    mutating func condition(_ term: Term, is wanted: Bool) throws(TranslationRefusal) -> SQL {
        try counted(try written(term, is: wanted), at: term.position)
    }

    private mutating func written(_ term: Term, is wanted: Bool) throws(TranslationRefusal) -> SQL {
        if assumesKnown, isKnown(term) { return .yes }
        switch term.kind {
        case .literal(let value):
            if case .bool(wanted) = value { return .yes }
            return .no
        case .failure: return .no
        case .not(let operand): return try condition(operand, is: !wanted)
        case .and(let operands): return try junction(operands, is: wanted, needsAll: wanted)
        case .or(let operands): return try junction(operands, is: wanted, needsAll: !wanted)
        case .ternary(let condition, let yes, let no):
            let first = SQL.all([try self.condition(condition, is: true), try self.condition(yes, is: wanted)])
            let second = SQL.all([try self.condition(condition, is: false), try self.condition(no, is: wanted)])
            return .any([first, second])
        case .compare(let comparison, let left, let right):
            return try compared(comparison, left, right, is: wanted, at: term.position)
        case .membership(let element, let container):
            return try membership(element, of: container, is: wanted, at: term.position)
        case .hasPath(let path): return try presence(of: path, is: wanted, at: term.position)
        case .comprehension(let comprehension):
            return try self.comprehension(comprehension, is: wanted, at: term.position)
        case .bind(let local, let value, let body):
            return try binding(local, to: .term(value, slots)) { (self) throws(TranslationRefusal) in
                try self.condition(body, is: wanted)
            }
        case .path(let path):
            if let (bound, slots) = bound(path) {
                return try within(slots) { (self) throws(TranslationRefusal) in try self.condition(bound, is: wanted) }
            }
            return truth(try operand(term), is: wanted)
        case .call(.startsWith, let arguments) where wanted && arguments.count == 2:
            return .all([try range(of: arguments), truth(try operand(term), is: true)])
        default: return truth(try operand(term), is: wanted)
        }
    }

    private mutating func junction(_ operands: [Term], is wanted: Bool, needsAll: Bool) throws(TranslationRefusal)
        -> SQL
    {
        var parts: [SQL] = []
        for operand in operands { parts.append(try condition(operand, is: wanted)) }
        return needsAll ? .all(parts) : .any(parts)
    }

    /// Where an operand is the bool that is wanted.
    func truth(_ operand: Operand, is wanted: Bool) -> SQL {
        switch operand.kind {
        case .bool: "\(operand.sql) = \(.boolean(wanted))"
        case .json(let path): "\(dialect.jsonKind(operand.sql, path)) = \(.text(wanted ? "true" : "false"))"
        case .any: assumesKnown ? .yes : .no
        default: .no
        }
    }

    // MARK: Local variables

    /// Runs with a local variable bound, and with the ones from before afterwards.
    mutating func binding<Result>(
        _ local: Local?,
        to slot: Slot,
        _ body: (inout Translator) throws(TranslationRefusal) -> Result
    ) throws(TranslationRefusal) -> Result {
        guard let local else { return try body(&self) }
        return try within(slots.merging([local.slot: slot]) { $1 }, body)
    }

    mutating func within<Result>(
        _ slots: [Int: Slot],
        _ body: (inout Translator) throws(TranslationRefusal) -> Result
    ) throws(TranslationRefusal) -> Result {
        let outer = self.slots
        self.slots = slots
        defer { self.slots = outer }
        return try body(&self)
    }

    /// The term that a path is nothing but another name for.
    func bound(_ path: Path) -> (Term, [Int: Slot])? {
        guard path.steps.isEmpty, case .local(let local) = path.root,
            case .term(let term, let slots)? = slots[local.slot]
        else { return nil }
        return (term, slots)
    }
}
