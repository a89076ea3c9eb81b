import HTTPTypes
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageTemplates

extension WebApp {
    /// GET /forms/{name}
    func formPage(_ form: Form, _ collection: Collection, _ request: IncomingRequest) async throws(Failure) -> Reply {
        try request.query.allow([])
        return try await formPage(form, collection, request, status: 200, Input([]), [])
    }

    /// The form, with what was written and what is wrong with it.
    func formPage(
        _ form: Form,
        _ collection: Collection,
        _ request: IncomingRequest,
        status: Int,
        _ input: Input,
        _ faults: [Fault]
    ) async throws(Failure) -> Reply {
        var texts: [String: [String]] = [:]
        for (name, content) in input.members {
            if case .texts(let values) = content { texts[name] = values }
        }
        let isEmpty = input.members.isEmpty && faults.isEmpty
        var fields: [TemplateValue] = []
        for name in form.fields {
            guard let field = collection.field(name) else { continue }
            let fault = faults.first { $0.pointer == "/\(name)" || $0.pointer.hasPrefix("/\(name)/") }
            let control = FormControl(
                field: field,
                texts: texts[name] ?? (isEmpty ? FormControl.texts(of: field.initialValue) : []),
                fault: fault?.message,
                targets: try await targets(of: field, by: request.principal)
            )
            fields.append(.object(control.data))
        }
        var data: [String: TemplateValue] = [
            "title": .text(form.title), "name": .text(form.name), "action": .text("/forms/\(form.name)"),
            "send": .text(form.send), "key": .text(records.newKey()), "trap": true, "fields": .list(fields),
            "has_required": .flag(form.fields.contains { collection.field($0).map(FormControl.isMarked) ?? false }),
        ]
        if !faults.isEmpty {
            data["has_errors"] = true
            data["error_summary"] = .list(faults.map { summary($0, collection) })
        }
        var targets: [String] = []
        if case .location(let location) = form.thanks, let address = WebAddress(location) { targets = [address.origin] }
        return pages.reply(status, "form", data, framedBy: origins.listed, formLeadsTo: targets)
    }

    private func summary(_ fault: Fault, _ collection: Collection) -> TemplateValue {
        let name = String(fault.pointer.dropFirst().prefix { $0 != "/" })
        let field = collection.field(name)
        return .object([
            "id": .text(field?.name ?? name),
            "label": .text(field?.label ?? name),
            "message": .text(fault.message),
        ])
    }

    /// The records that a relation may point to, as far as the visitor may see them.
    private func targets(
        of field: Field,
        by principal: Principal
    ) async throws(Failure) -> [(id: String, label: String)]? {
        guard case .relation(let kind) = field.kind, let target = catalog.collection(kind.collection),
            target.access.read != .nobody
        else { return nil }
        var query = ListQuery(limit: ListQuery.largestLimit)
        let view = records.view(of: target, for: principal)
        let display = target.display.flatMap { target.position(of: $0) }.flatMap { view.showsAlways($0) ? $0 : nil }
        if let name = target.display, let sort = try? Sort(name, view) { query.sort = sort }
        let page = try await records.list(view, query)
        return page.records.map { record in
            let label = display.map { FormControl.texts(of: record.values[$0]).first ?? "" } ?? ""
            return (record.id.description, label.isEmpty ? record.id.description : label)
        }
    }
}
