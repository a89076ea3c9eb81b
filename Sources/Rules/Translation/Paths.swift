import OffstageExpressions
import OffstageSchema
import OffstageStorage

/// Columns, and columns of records behind relations.
extension Translator {
    /// The value at a path.
    mutating func operand(of path: Path, at position: ExpressionPosition) throws(TranslationRefusal) -> Operand {
        var (operand, steps) = try start(of: path, at: position)
        for step in steps {
            switch step.from {
            case .relation(let name): operand = try through(operand, to: name, step.name, at: position)
            case .dyn, .map: operand = try member(step.name, of: operand, at: position)
            default: throw TranslationRefusal("\"\(path.text)\"", at: position)
            }
        }
        return operand
    }

    /// The first value of a path, and the steps that follow it.
    private mutating func start(
        of path: Path,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> (Operand, ArraySlice<Path.Step>) {
        switch path.root {
        case .variable("new"):
            guard let new, let step = path.steps.first else { break }
            return (try column(step.name, of: new, at: position), path.steps.dropFirst())
        case .variable(let name):
            guard !Self.knownNames.contains(name) else { return relation(of: name, path) ?? (.failure, []) }
            return (try column(name, of: root, at: position), path.steps[...])
        case .local(let local):
            switch slots[local.slot] {
            case .row(let row):
                guard let step = path.steps.first else { break }
                return (try column(step.name, of: row, at: position), path.steps.dropFirst())
            case .operand(let operand): return (operand, path.steps[...])
            case .term(let term, let slots):
                let operand = try within(slots) { (self) throws(TranslationRefusal) in try self.operand(term) }
                return (operand, path.steps[...])
            case nil: break
            }
        }
        throw TranslationRefusal("\"\(path.text)\" as a whole", at: position)
    }

    /// A relation of whoever asks, whose id is known and whose record is not: `user.company.name`.
    private func relation(of name: String, _ path: Path) -> (Operand, ArraySlice<Path.Step>)? {
        guard name == "user", path.steps.count > 1, case .relation = path.steps[1].from,
            case .string(let text)? = user?[name: path.steps[0].name], let id = Identifier(text)
        else { return nil }
        var operand = Operand(sql: "\(.text(text))", kind: .text)
        operand.identifier = "\(.identifier(id))"
        return (operand, path.steps.dropFirst())
    }

    /// A column of a row.
    func column(
        _ name: String,
        of row: RowSource,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        switch name {
        case "id": return identifier("\(row.alias).\(SQL.Name("id"))")
        case "created": return Operand(sql: "\(row.alias).\(SQL.Name("created"))", kind: .timestamp)
        case "updated": return Operand(sql: "\(row.alias).\(SQL.Name("updated"))", kind: .timestamp)
        case "version": return Operand(sql: "\(row.alias).\(SQL.Name("version"))", kind: .whole)
        default: break
        }
        guard let field = row.collection.field(name) else { throw TranslationRefusal("\"\(name)\"", at: position) }
        let column: SQL = "\(row.alias).\(SQL.Name(field))"
        let kind = Operand.Kind(field.kind)
        if field.many { return Operand(sql: column, kind: .list(kind)) }
        if case .email = field.kind {
            var operand = Operand(sql: dialect.exactText(column), kind: kind, isNullable: !field.required)
            operand.indexed = .withoutCase(dialect.caselessKey(column))
            return operand
        }
        if case .relation = field.kind {
            var operand = identifier(column)
            operand.isNullable = !field.required
            return operand
        }
        var operand = Operand(sql: column, kind: kind, isNullable: !field.required)
        if kind == .text { operand.indexed = .exactly(column) }
        return operand
    }

    /// A column of ids.
    private func identifier(_ column: SQL) -> Operand {
        var operand = Operand(sql: dialect.text(ofIdentifier: column), kind: .text)
        operand.identifier = column
        operand.indexed = .exactly(column)
        return operand
    }

    /// The id that an operand is, as the database keeps ids.
    private func kept(_ id: Operand) -> SQL { id.identifier ?? dialect.identifier(id.sql) }

    /// A field of the record that an id means.
    private mutating func through(
        _ id: Operand,
        to name: String,
        _ field: String,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        guard id.kind == .text, let target = catalog.collection(name) else { return .failure }
        let isOpen = visible[name] == nil
        let mayMiss = id.isNullable || id.fails || !isOpen
        // A relation always has a record, so its id needs no look at it.
        if isOpen, field == "id" {
            var same = Operand(sql: id.sql, kind: .text, fails: mayMiss)
            same.identifier = id.identifier
            return same
        }
        let row = RowSource(collection: target, alias: alias())
        let value = try column(field, of: row, at: position)
        let found = try from(row, where: "\(row.alias).\(SQL.Name("id")) = \(kept(id))")
        var result = Operand(
            sql: "(SELECT \(value.sql) \(found))",
            kind: value.kind,
            isNullable: value.isNullable,
            fails: mayMiss
        )
        if case .email? = target.field(field)?.kind { result.sql = dialect.exactText(result.sql) }
        result.identifier = value.identifier.map { "(SELECT \($0) \(found))" }
        if mayMiss, result.isNullable {
            result.presence = isOpen ? "\(id.sql) IS NOT NULL" : "EXISTS (SELECT 1 \(found))"
        }
        return result
    }

    /// `FROM` a collection, as far as its records may be seen.
    mutating func from(_ row: RowSource, where condition: SQL) throws(TranslationRefusal) -> SQL {
        let seen = try SQL.all([condition, isVisible(row)])
        let table: SQL = "FROM \(SQL.Name(row.collection)) AS \(row.alias)"
        return seen.isYes ? table : table + " WHERE \(seen)"
    }

    mutating func isVisible(_ row: RowSource) throws(TranslationRefusal) -> SQL {
        switch visible[row.collection.name] {
        case nil, .always: return .yes
        case .never: return .no
        case .when(let term):
            // The rule of that collection, which sees all that rules see.
            var inner = Translator(catalog: catalog, dialect: dialect, root: row)
            inner.user = user
            inner.follow(self)
            do throws(TranslationRefusal) {
                let condition = try inner.condition(term, is: true)
                follow(inner)
                return condition
            } catch {
                var refusal = error
                refusal.isOfRule = true
                throw refusal
            }
        }
    }

    /// Whether a path leads to a value. A relation without a target has no fields.
    mutating func presence(
        of path: Path,
        is wanted: Bool,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL {
        if assumesKnown, case .variable(let name) = path.root, Self.knownNames.contains(name) { return .yes }
        let operand = try operand(of: path, at: position)
        if case .json(let names) = operand.kind, let last = path.steps.last, !last.from.isRecordOrRelation {
            let found: SQL = "\(dialect.jsonKind(operand.sql, names)) IS NOT NULL"
            if wanted { return found }
            let owner = Array(names.dropLast())
            return .all([
                "\(dialect.jsonKind(operand.sql, names)) IS NULL",
                "\(dialect.jsonKind(operand.sql, owner)) = \(.text("object"))",
            ])
        }
        if operand.kind == .any { return assumesKnown ? .yes : .no }
        return wanted ? "\(operand.sql) IS NOT NULL" : "\(operand.sql) IS NULL"
    }

    // MARK: Free data

    private func member(
        _ name: String,
        of operand: Operand,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> Operand {
        if operand.kind == .any { return operand }
        guard case .json(let names) = operand.kind else { return .failure }
        return Operand(sql: operand.sql, kind: .json(names + [name]), fails: true)
    }

    // MARK: By an index

    /// `course.teacher == x` as `course IN (SELECT id FROM courses WHERE teacher = x)`, where an index leads from the value
    /// to the records: the database may then start at the value instead of at every record.
    mutating func soughtThroughRelations(
        _ path: Path,
        equals value: Operand,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL? {
        guard value.literal != nil, value.kind != .null, path.relations > 0, isIndexed(path) else { return nil }
        let (first, steps) = try start(of: path, at: position)
        return try sought(first, steps, value, at: position)
    }

    private mutating func sought(
        _ operand: Operand,
        _ steps: ArraySlice<Path.Step>,
        _ value: Operand,
        at position: ExpressionPosition
    ) throws(TranslationRefusal) -> SQL? {
        guard let step = steps.first else { return try compared(.equal, operand, value, is: true, at: position) }
        guard case .relation(let name) = step.from, let target = catalog.collection(name) else { return nil }
        let row = RowSource(collection: target, alias: alias())
        let column = try column(step.name, of: row, at: position)
        guard let inner = try sought(column, steps.dropFirst(), value, at: position) else { return nil }
        let found = try from(row, where: inner)
        return "\(kept(operand)) IN (SELECT \(row.alias).\(SQL.Name("id")) \(found))"
    }

    /// Whether every field on the way can be found by its value.
    private func isIndexed(_ path: Path) -> Bool {
        guard let last = path.steps.last, case .relation(let name) = last.from,
            let target = catalog.collection(name)
        else { return false }
        guard let field = target.field(last.name) else { return last.name == "id" }
        if case .relation = field.kind { return !field.many }
        return field.unique || target.indexes.contains { $0.keys.first?.field == field.name }
    }
}

extension ValueType {
    var isRecordOrRelation: Bool {
        switch self {
        case .record, .relation: true
        default: false
        }
    }
}
