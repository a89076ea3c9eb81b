import ArgumentParser
import OffstageSchema
import OffstageStorage

/// `offstage move`
struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take everything to another database: records, journal and all else that is kept.",
        discussion: """
            The server must be stopped. While it runs, and afterwards, the database that is left refuses to be used, so that \
            nothing is written to it by mistake; it is not changed otherwise. A move that was interrupted goes on where it \
            was when it is started again. At its end, both databases are read and compared.

            Examples:
              offstage move --to postgres://shop:secret@db.example/shop
              offstage move --to mysql://shop:secret@localhost/shop?socket=/run/mysqld/mysqld.sock
              offstage move --database postgres://shop@db.example/shop --to sqlite:data/offstage.db
              offstage move --cancel
            """
    )

    @OptionGroup var options: AppOptions

    @Option(help: ArgumentHelp("The empty database to move to; as OFFSTAGE_DATABASE would say it.", valueName: "url"))
    var to: String?

    @Flag(help: "Let the database that was left, or was to be left, be used again.")
    var cancel = false

    func validate() throws {
        if (to == nil) == !cancel { throw ValidationError("Give --to with the database to move to, or --cancel.") }
    }

    func run() async throws {
        let folder = try AppFolder(options)
        if case .sqlite(let file) = folder.database, Disk.size(file) == nil {
            throw Complaint("There is no database \(file); there is nothing to move.", code: Complaint.faulty)
        }
        let source = try Self.open(folder.database)
        do throws(Complaint) {
            if let to {
                try await move(source, folder, to: Database(to, in: options.app), url: to)
            } else {
                try await takeBack(source, folder)
            }
            await source.close()
        } catch {
            await source.close()
            throw error
        }
    }

    private static func open(_ database: Database) throws(Complaint) -> any TransferringEngine {
        do throws(StorageFailure) {
            guard let engine = try database.open(ownerWithin: .seconds(2)) as? any TransferringEngine else {
                throw .other("this kind of database can't be moved")
            }
            return engine
        } catch {
            throw Complaint(error, database: database)
        }
    }

    private func takeBack(_ source: any TransferringEngine, _ folder: AppFolder) async throws(Complaint) {
        do throws(StorageFailure) {
            guard let mark = try await source.moved() else {
                throw .refused(Failure(.conflict, "\(folder.database.place) is not being moved; nothing was changed."))
            }
            try await source.setMoved(nil)
            Terminal.say("\(folder.database.place) can be used again. What was copied to \(mark.place) is still there.")
        } catch {
            throw Complaint(error, database: folder.database)
        }
    }

    private func move(
        _ source: any TransferringEngine,
        _ folder: AppFolder,
        to target: Database,
        url: String
    ) async throws(Complaint) {
        guard target != folder.database else {
            throw Complaint(
                "--to names the database that is in use already; nothing was moved.",
                code: Complaint.faulty
            )
        }
        if case .sqlite(let file) = target, let slash = file.lastIndex(of: "/"), slash != file.startIndex {
            try Disk.makeFolder(String(file[..<slash]), mode: 0o700)
        }
        let engine = try Self.open(target)
        let bars = MoveProgress()
        let transfer = Transfer(from: source, to: engine, at: target.place) { bars.show($0, $1, $2) }
        let outcomes: [Transfer.Outcome]
        do throws(StorageFailure) {
            outcomes = try await transfer.run(token: MoveProgress.token())
        } catch {
            bars.clear()
            await engine.close()
            throw Complaint(error, database: target)
        }
        bars.clear()
        await engine.close()
        for outcome in outcomes {
            Terminal.say(
                "\(outcome.table.name): \(outcome.rows), the same on both sides (\(String(outcome.checksum, radix: 16)))"
            )
        }
        Terminal.say(
            "Everything is in \(target.place). Set OFFSTAGE_DATABASE to it, with its password, and start the server:\n"
                + "  OFFSTAGE_DATABASE='\(target.example)' offstage serve"
        )
    }
}
