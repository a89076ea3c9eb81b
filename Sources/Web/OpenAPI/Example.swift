import OffstageSchema

extension OpenAPI {
    /// Values that could be sent, for curl lines and forms to try: right by their kind, and otherwise plain.
    enum Example {
        /// A record with the fields that a client would send first: those that must be, or else the first two.
        static func record(_ fields: [Field], first: Int = 2) -> Value {
            let fields = fields.filter { $0.writable == .everybody }
            let needed = fields.filter(\.mustBeSent)
            let chosen = needed.isEmpty ? Array(fields.prefix(first)) : needed
            return .object(chosen.map { ($0.name, value($0)) })
        }

        /// One field that a patch would change.
        static func change(_ fields: [Field]) -> Value {
            let fields = fields.filter { $0.writable == .everybody }
            let plain = fields.first { !$0.unique && !isRelation($0) } ?? fields.first
            return plain.map { field in .object([(field.name, value(field))]) } ?? [:]
        }

        /// A filter with one value, over a field that everybody may read where there is one.
        static func filter(_ collection: Collection) -> (text: String, name: String, value: String) {
            let fields = collection.shownFields.filter { $0.readable == .everybody && !$0.many }
            for field in fields {
                if case .choice(let kind) = field.kind {
                    return ("\(field.name) == arg.\(field.name)", field.name, kind.words.first ?? "")
                }
            }
            for field in fields {
                switch field.kind {
                case .decimal: return ("\(field.name) < decimal(arg.most)", "most", "20")
                case .integer: return ("\(field.name) < int(arg.most)", "most", "20")
                default: continue
                }
            }
            return ("created > timestamp(arg.since)", "since", "2026-11-22T00:00:00Z")
        }

        private static func isRelation(_ field: Field) -> Bool {
            if case .relation = field.kind { true } else { false }
        }

        private static func value(_ field: Field) -> Value {
            field.many ? [one(field)] : one(field)
        }

        private static func one(_ field: Field) -> Value {
            switch field.kind {
            case .text(let kind): .text(String(field.label.unicodeScalars.prefix(kind.max)))
            case .email: "ada@example.com"
            case .url: "https://example.com/"
            case .integer(let kind): .number(Int(max(kind.min ?? 1, min(1, kind.max ?? 1))))
            case .number: Value(.number("1.5"))
            case .decimal(let kind):
                .text((kind.min.map { $0.unscaled > 0 ? $0 : nil } ?? nil)?.description ?? ordinary(kind))
            case .boolean: true
            case .date: "2026-11-22"
            case .datetime: "2026-11-22T16:50:00Z"
            case .choice(let kind): .text(kind.words.first ?? "")
            case .relation: .text(Parameter.id.example ?? "")
            case .json: ["any": "JSON"]
            }
        }

        private static func ordinary(_ kind: DecimalKind) -> String {
            let whole = kind.digits > kind.scale ? "1" : "0"
            return kind.scale == 0 ? whole : "\(whole)." + String(repeating: "5", count: kind.scale)
        }
    }
}
