import OffstageSchema
import OffstageTemplates

extension Pages {
    /// What / shows while the app has no page of its own there.
    func welcome(_ catalog: Catalog) -> Reply {
        // A closed collection is as if there were none, here too. Accounts are no part of what the app is about.
        let shown = catalog.collections.filter { !$0.access.isClosed && $0.name != Collection.usersName }
        let collections = shown.map { collection in
            TemplateValue.object([
                "name": .text(collection.name), "label": .text(collection.label),
                "readable": .flag(collection.access.read != .nobody),
            ])
        }
        let forms = catalog.forms.map { form in
            TemplateValue.object(["name": .text(form.name), "title": .text(form.title)])
        }
        return reply(
            200,
            "welcome",
            [
                "title": .text(catalog.name), "name": .text(catalog.name), "collections": .list(collections),
                "forms": .list(forms),
            ]
        )
    }
}
