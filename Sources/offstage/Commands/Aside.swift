import ArgumentParser
import OffstageRecords
import OffstageSchema
import OffstageStorage

/// `offstage aside`
struct Aside: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the form posts that were kept aside because they filled the trap field.",
        discussion: """
            Such posts come from programs that fill in everything. They are no records; the last 1,000 of each form are kept \
            so that a mistake can be found. One JSON object a line.

            Example:
              offstage aside | grep contact
            """
    )

    @OptionGroup var options: AppOptions

    func run() async throws {
        let folder = try AppFolder(options)
        let (records, engine) = try await folder.openToRead()
        do throws(Failure) {
            for post in try await records.asidePosts() {
                var writer = JSONWriter()
                writer.raw("{\"form\":")
                writer.write(post.form)
                writer.raw(",\"at\":")
                writer.quoted(post.at.description)
                writer.raw(",\"address\":")
                writer.write(post.address)
                writer.raw(",\"values\":")
                writer.raw(post.values)
                writer.raw("}")
                Terminal.say(String(decoding: writer.bytes, as: UTF8.self))
            }
            await engine.close()
        } catch {
            await engine.close()
            throw Complaint(error)
        }
    }
}
