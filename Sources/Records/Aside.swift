package import OffstageSchema
import OffstageStorage

/// A post that filled the trap field of a form: kept aside for the team, not stored as a record.
package struct AsidePost: Sendable {
    package let form: String
    package let at: Timestamp
    package let address: String
    /// The names and texts that were sent, as a JSON object.
    package let values: String
}

extension Records {
    /// Posts kept aside for one form; the oldest go first when there are more.
    private static let asideAtMost = 1000

    /// Of each text that is kept aside.
    private static let asideCharacters = 2000

    package func setAside(_ input: Input, form: Form, address: String) async throws(Failure) {
        let members = input.members.map { name, content in
            switch content {
            case .texts(let texts):
                JSON.Member(name, .array(texts.map { .string(String($0.prefix(Self.asideCharacters))) }))
            case .json(let json): JSON.Member(name, json)
            }
        }
        try await engine.writing { [self] connection throws(StorageFailure) in
            try connection.run(
                """
                INSERT INTO \(SQL.Name("_aside")) (\(SQL.Name("form")), \(SQL.Name("at")), \(SQL.Name("address")), \(SQL.Name("values")))
                VALUES (\(.text(form.name)), \(.datetime(now())), \(.text(address)), \(.json(.object(members))))
                """
            )
            try connection.run(
                """
                DELETE FROM \(SQL.Name("_aside")) WHERE \(SQL.Name("form")) = \(.text(form.name)) AND \(SQL.Name("id")) <=
                (SELECT \(SQL.Name("id")) FROM (SELECT \(SQL.Name("id")) FROM \(SQL.Name("_aside"))
                WHERE \(SQL.Name("form")) = \(.text(form.name))
                ORDER BY \(SQL.Name("id")) DESC LIMIT 1 OFFSET \(.integer(Int64(Self.asideAtMost)))) AS \(SQL.Name("_old")))
                """
            )
        }
    }

    /// What was kept aside, oldest first.
    package func asidePosts() async throws(Failure) -> [AsidePost] {
        try await engine.reading(.scan) { connection throws(StorageFailure) in
            try connection.all(
                """
                SELECT \(SQL.Name("form")), \(SQL.Name("at")), \(SQL.Name("address")), \(SQL.Name("values"))
                FROM \(SQL.Name("_aside")) ORDER BY \(SQL.Name("id"))
                """
            ) { row throws(StorageFailure) in
                AsidePost(
                    form: row.text(0),
                    at: Timestamp(milliseconds: row.integer(1)),
                    address: row.text(2),
                    values: row.text(3)
                )
            }
        }
    }

    /// Whether a write can commit now.
    package func checkWriting() async throws(Failure) {
        _ = try await engine.writing { connection throws(StorageFailure) in
            // A commit without a change would write and sync nothing, and so find nothing out.
            try connection.run(
                "UPDATE \(SQL.Name("_offstage")) SET \(SQL.Name("value")) = \(SQL.Name("value")) WHERE \(SQL.Name("key")) = 'epoch'"
            )
        }
    }
}
