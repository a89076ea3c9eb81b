import OffstageSchema

extension OpenAPI {
    /// A field's values as JSON Schema (draft 2020-12).
    struct FieldSchema {
        /// Where the values stand.
        enum Place {
            /// In an answer. Limits are left out: what was stored before a limit was changed is shown as it is.
            case answer
            /// In a body: JSON, or a form, where what is no text is sent as its text.
            case body
        }

        let field: Field
        let place: Place

        var json: Value {
            var value = settled
            value["title"] = .text(field.label)
            let description = [field.help, note].compactMap { $0 }.joined(separator: " ")
            if !description.isEmpty { value["description"] = .text(description) }
            if place == .answer, !field.isTaken { value["readOnly"] = true }
            return value
        }

        /// With the default of a new record.
        var jsonOfNewRecord: Value {
            guard let initial = field.defaultValue else { return json }
            var writer = JSONWriter()
            writer.write(initial)
            return json.with("default", (try? JSONParser.parse(writer.bytes)).map { Value($0) })
        }

        /// One value, or nothing even where there must be something now: what is made of no values is null.
        var ofAnyValue: Value {
            Self.orNull(single)
        }

        /// One value or a list, and whether nothing is a value too.
        private var settled: Value {
            let one = single
            guard field.many else { return mayBeNothing ? Self.orNull(one) : one }
            var list: Value = ["type": "array", "items": one, "maxItems": .number(Field.manyAtMost)]
            if field.required, place != .answer { list["minItems"] = 1 }
            return mayBeNothing ? Self.orNull(list) : list
        }

        private var mayBeNothing: Bool {
            !field.required && (place == .body || !field.many)
        }

        private static func orNull(_ schema: Value) -> Value {
            var schema = schema
            // A schema without a type takes null already.
            guard let type = schema["type"] else { return schema }
            schema["type"] = [type, "null"]
            if case .array(let words)? = schema["enum"]?.json { schema["enum"] = Value(.array(words + [.null])) }
            return schema
        }

        private var single: Value {
            switch field.kind {
            case .text(let kind): text(kind)
            case .email:
                limited(["type": "string", "format": "email"], ["maxLength": .number(EmailKind.maximum)])
            case .url:
                limited(["type": "string"], ["maxLength": .number(URLKind.maximum), "pattern": .text(Self.urlPattern)])
            case .integer(let kind):
                limited(
                    ["type": "integer", "format": "int64"],
                    Self.range(kind.min ?? -IntegerKind.largest, kind.max ?? IntegerKind.largest)
                )
            case .number(let kind): limited(["type": "number", "format": "double"], Self.range(kind.min, kind.max))
            case .decimal(let kind): ["type": "string", "pattern": .text(decimalPattern(kind))]
            case .boolean: ["type": "boolean"]
            case .date: ["type": "string", "format": "date"]
            case .datetime: limited(["type": "string", "format": "date-time"], ["pattern": .text(Self.momentPattern)])
            case .choice(let kind): ["type": "string", "enum": .texts(kind.words)]
            case .relation: ["type": "string", "format": "uuid"]
            case .json: anyJSON
            }
        }

        private var anyJSON: Value {
            // Any type but null, when there must be something.
            return field.required ? ["type": ["object", "array", "string", "number", "boolean"]] : [:]
        }

        /// The schema, with what limits it in a body.
        private func limited(_ schema: Value, _ limits: Value) -> Value {
            guard place != .answer, case .object(let members) = limits.json else { return schema }
            return members.reduce(schema) { $0.with($1.name, Value($1.value)) }
        }

        private func text(_ kind: TextKind) -> Value {
            let mustShow = field.required && !field.many
            let least = max(kind.min ?? 0, mustShow ? 1 : 0)
            var limits: Value = ["maxLength": .number(kind.max)]
            if least > 0 { limits["minLength"] = .number(least) }
            let plain = mustShow ? Self.visibleText : Self.anyText
            let own = kind.pattern.flatMap { PortablePattern($0.source) }
            limits["pattern"] = .text(own?.text ?? plain)
            if own?.mayMatchAnything == true { limits["allOf"] = [["pattern": .text(plain)]] }
            return limited(["type": "string"], limits)
        }

        /// No NUL, which no database keeps.
        private static let anyText = #"^[^\u0000]*$"#
        /// Something beside white space (Unicode's White_Space): blanks alone are no value of a required field.
        private static let visibleText = #"^[\#(blanks)]*[^\u0000\#(blanks)][^\u0000]*$"#
        private static let blanks = #"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"#

        /// RFC 3339 to the millisecond; further digits are zeros.
        private static let momentPattern =
            #"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,3}0*)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$"#

        /// An `http` or `https` address without user name, blanks, control characters or backslashes.
        private static let urlPattern: String = {
            let label = #"[A-Za-z0-9_\-\u00a1-\u167f\u2c00-\u2fff]{1,63}"#
            let host = #"(?:\#(label)(?:\.\#(label))*\.?|\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\])"#
            let port =
                #"(?::0*(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"#
            let rest = #"(?:[\/?#][^\\\u0000-\u001f\u007f\#(blanks)]*)?"#
            return #"^[Hh][Tt][Tt][Pp][Ss]?:\/\/\#(host)\#(port)\#(rest)$"#
        }()

        /// An answer has all digits of the scale; a body may leave out what is zero.
        private func decimalPattern(_ kind: DecimalKind) -> String {
            let whole = kind.digits - kind.scale
            let sign = kind.min.map { $0.unscaled < 0 } ?? true
            if place == .answer {
                let before = whole == 0 ? "0" : whole == 1 ? "[0-9]" : "(?:0|[1-9][0-9]{0,\(whole - 1)})"
                return "^\(sign ? "-?" : "")\(before)\(kind.scale == 0 ? "" : "\\.[0-9]{\(kind.scale)}")$"
            }
            let before = whole == 0 ? "0+" : "0*[0-9]{1,\(whole)}"
            let signs = sign ? "[-+]?" : "\\+?"
            guard kind.scale > 0 else { return "^\(signs)\(before)$" }
            return "^\(signs)(?:\(before)(?:\\.[0-9]{1,\(kind.scale)})?|\\.[0-9]{1,\(kind.scale)})$"
        }

        private static func range(_ least: Int64?, _ most: Int64?) -> Value {
            let value: Value = [:]
            return value.with("minimum", least.map { Value(.number(String($0))) })
                .with("maximum", most.map { Value(.number(String($0))) })
        }

        private static func range(_ least: Double?, _ most: Double?) -> Value {
            func number(_ double: Double) -> Value {
                var writer = JSONWriter()
                writer.write(OffstageSchema.Value.number(double))
                return Value(.number(String(decoding: writer.bytes, as: UTF8.self)))
            }
            let value: Value = [:]
            return value.with("minimum", least.map(number)).with("maximum", most.map(number))
        }
    }
}

extension OpenAPI.FieldSchema {
    /// What rules say of the field: that others may see or send it than this reader.
    private var ofRules: [String] {
        var notes: [String] = []
        if place == .answer {
            if field.readable != .everybody { notes.append("Left out where you may not read it.") }
            if field.assign != nil { notes.append("Set by the server when the record is made.") }
        } else if field.writable != .everybody {
            notes.append("Refused where you may not write it.")
            if field.mustBeSent { notes.append("Required where you may.") }
        }
        return notes
    }

    /// What JSON Schema has no word for.
    private var note: String? {
        var notes = ofRules
        if field.unique { notes.append("No two records have the same.") }
        switch field.kind {
        case .text(let kind):
            if let pattern = kind.pattern, OpenAPI.PortablePattern(pattern.source) == nil {
                notes.append("The whole text must match the PCRE pattern `\(pattern.source)`.")
            }
        case .decimal(let kind):
            notes.append("An exact decimal in a string.")
            if let least = kind.min { notes.append("At least \(least).") }
            if let most = kind.max { notes.append("At most \(most).") }
        case .date(let kind):
            if let least = kind.min { notes.append("Not before \(least).") }
            if let most = kind.max { notes.append("Not after \(most).") }
        case .datetime(let kind):
            notes.append(place == .answer ? "In UTC, to the millisecond." : "Any offset is taken; UTC is kept.")
            if let least = kind.min { notes.append("Not before \(least).") }
            if let most = kind.max { notes.append("Not after \(most).") }
        // Not of which collection: it may be one that nobody may know of. `expand` names those that can be read.
        case .relation: notes.append("The id of another record.")
        case .json(let kind): notes.append("Any JSON of at most \(kind.maximumBytes) bytes, without NUL in its texts.")
        default: break
        }
        return notes.isEmpty ? nil : notes.joined(separator: " ")
    }
}
