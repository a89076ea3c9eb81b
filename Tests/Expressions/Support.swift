@testable import OffstageExpressions

/// The scope of a rule on `lessons`: fields by plain name, `user`, `now`, `request.ip`, `records`, `arg`.
let lessonScope: Scope = {
    let lessons: [String: Scope.Variable] = [
        "id": Scope.Variable(.string, nullable: false),
        "title": Scope.Variable(.string, nullable: false),
        "published": Scope.Variable(.bool),
        "author": Scope.Variable(.relation("users")),
        "course": Scope.Variable(.relation("courses")),
        "price": Scope.Variable(.decimal),
        "released": Scope.Variable(.date),
        "starts": Scope.Variable(.timestamp),
        "seats": Scope.Variable(.int),
        "rating": Scope.Variable(.double),
        "tags": Scope.Variable(.list(.string), nullable: false),
        "details": Scope.Variable(.dyn),
    ]
    var scope = Scope(
        variables: lessons,
        recordTypes: [
            "lessons": lessons,
            "users": [
                "id": Scope.Variable(.string, nullable: false),
                "role": Scope.Variable(.string),
                "manager": Scope.Variable(.relation("users")),
            ],
            "courses": [
                "id": Scope.Variable(.string, nullable: false),
                "teacher": Scope.Variable(.relation("users")),
            ],
            "enrolments": [
                "student": Scope.Variable(.relation("users")),
                "course": Scope.Variable(.relation("courses")),
            ],
        ]
    )
    scope.variables["user"] = Scope.Variable(.record("users"), nullable: false)
    scope.variables["now"] = Scope.Variable(.timestamp, nullable: false)
    scope.declare("request", members: ["ip": Scope.Variable(.string, nullable: false)])
    scope.declare("records", members: ["enrolments": Scope.Variable(.list(.record("enrolments")), nullable: false)])
    scope.variables["arg"] = Scope.Variable(.map(.string, .dyn), nullable: false)
    return scope
}()

let visitor = Known(["user": .map(DatumMap())])
let staff = Known(["user": .map(DatumMap([("id", .string("u1")), ("role", .string("staff"))]))])
let customer = Known(["user": .map(DatumMap([("id", .string("u2")), ("role", .string("customer"))]))])

/// The refusal's lines; empty when the text is accepted.
func faults(_ text: String, expecting: ValueType? = nil, limits: Limits = .rule) -> [String] {
    do throws(ExpressionRefusal) {
        _ = try Checked(text, in: lessonScope, expecting: expecting, limits: limits)
        return []
    } catch {
        return error.faults.map(\.description)
    }
}

/// The value as a literal would be written, or "error: …".
func outcome(_ text: String, _ known: Known = Known(), in scope: Scope = lessonScope) -> String {
    do throws(ExpressionRefusal) {
        switch try Checked.unchecked(text, in: scope).evaluate(known) {
        case .success(let value): return Outline.of(value)
        case .failure(let failure): return "error: \(failure.reason)"
        }
    } catch {
        return "refused: \(error)"
    }
}

/// What is left of a rule after folding: "always", "never", or its outline.
func decision(_ text: String, _ known: Known) throws -> String {
    switch try Checked(text, in: lessonScope, expecting: .bool).decide(known) {
    case .always: "always"
    case .never: "never"
    case .when(let term): Outline.of(term)
    }
}

/// Trees and values as short texts, for comparing.
enum Outline {
    static func of(_ value: Datum) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .uint(let value): "\(value)u"
        case .double(let value): "\(value)"
        case .string(let text): "'\(text)'"
        case .bytes(let bytes): "\(bytes)"
        case .timestamp(let moment): "\(moment)"
        case .duration(let span): "\(span)"
        case .decimal(let decimal): "\(decimal)"
        case .date(let date): "\(date)"
        case .list(let elements): "[" + elements.map(of).joined(separator: ", ") + "]"
        case .map(let map): "{" + zip(map.keys, map.values).map { "\(of($0)): \(of($1))" }.joined(separator: ", ") + "}"
        case .type(let name): name
        }
    }

    static func of(_ term: Term) -> String {
        switch term.kind {
        case .literal(let value): of(value)
        case .failure: "failure"
        case .path(let path): path.text
        case .hasPath(let path): "has(\(path.text))"
        case .not(let operand): "!(\(of(operand)))"
        case .and(let operands): "(" + operands.map(of).joined(separator: " && ") + ")"
        case .or(let operands): "(" + operands.map(of).joined(separator: " || ") + ")"
        case .compare(let comparison, let left, let right): "\(of(left)) \(comparison.rawValue) \(of(right))"
        case .membership(let element, let container): "\(of(element)) in \(of(container))"
        case .ternary(let condition, let yes, let no): "\(of(condition)) ? \(of(yes)) : \(of(no))"
        case .arithmetic(let operation, let left, let right): "\(of(left)) \(operation.rawValue) \(of(right))"
        case .call(let function, let arguments): "\(function.rawValue)(\(arguments.map(of).joined(separator: ", ")))"
        case .matches(let text, let pattern): "matches(\(of(text)), '\(pattern.source)')"
        case .comprehension(let it):
            "\(of(it.range)).\(it.kind.rawValue)("
                + (it.variables.map(\.name) + [it.condition, it.body].compactMap { $0.map(of) }).joined(separator: ", ")
                + ")"
        default: "\(term.kind)"
        }
    }
}
