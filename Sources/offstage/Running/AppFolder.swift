import ArgumentParser
import Glibc
import OffstageAppFile
import OffstageRecords
import OffstageRules
import OffstageSchema
import OffstageStorage

/// Where the app is: what every command but `new` takes.
struct AppOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The app's folder, where offstage.yaml is.", valueName: "folder"))
    var app = "."

    @Option(
        help: ArgumentHelp(
            "The database; instead of OFFSTAGE_DATABASE. A file is meant from the app's folder.",
            valueName: "url"
        )
    )
    var database: String?
}

/// An app's folder, opened: its file read, its database named.
struct AppFolder {
    let path: String
    let catalog: Catalog
    let database: Database

    init(_ options: AppOptions) throws(Complaint) {
        path = options.app
        catalog = try Self.catalog(in: options.app)
        database = try Database(
            options.database ?? Settings.text("OFFSTAGE_DATABASE") ?? "sqlite:data/offstage.db",
            in: options.app
        )
    }

    /// The checked app file.
    static func catalog(in folder: String) throws(Complaint) -> Catalog {
        let file = folder == "." ? "offstage.yaml" : folder + "/offstage.yaml"
        guard let bytes = try Disk.read(file) else {
            guard Disk.size(folder) == nil || Disk.isFolder(folder) else {
                throw Complaint(
                    "\(folder) is a file; --app names the folder that offstage.yaml is in.",
                    code: Complaint.faulty
                )
            }
            throw Complaint(
                "There is no \(file). Name the app's folder with --app, or start an app with \"offstage new my-app\".",
                code: Complaint.faulty
            )
        }
        switch AppFile.load(bytes: bytes, fileName: file) {
        case .success(let catalog): return catalog
        case .failure(let faults): throw Complaint(faults)
        }
    }

    /// Where files are kept that belong to this app on this machine: beside the database, where that is a file.
    var dataFolder: String {
        guard case .sqlite(let file) = database else { return path + "/data" }
        guard let slash = file.lastIndex(of: "/") else { return "." }
        return slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// Opens the database, and makes the folder of a file where there is none.
    ///
    /// - Parameter ownerWithin: how long to wait for a command that holds the database to end.
    func openEngine(ownerWithin: Duration = .zero) throws(Complaint) -> any Engine {
        if case .sqlite(let file) = database, Disk.isFolder(file) {
            throw Complaint("\(file) is a folder; OFFSTAGE_DATABASE must name a file.", code: Complaint.faulty)
        }
        try makeDataFolder()
        do throws(StorageFailure) {
            return try database.open(ownerWithin: ownerWithin)
        } catch {
            throw Complaint(error, database: database)
        }
    }

    func makeDataFolder() throws(Complaint) {
        let isNew = !Disk.isFolder(dataFolder)
        try Disk.makeFolder(dataFolder, mode: 0o700)
        // The data must not get into the app's history by chance.
        if isNew { try Disk.write(Array("*\n".utf8), to: dataFolder + "/.gitignore") }
        guard Disk.isWritable(dataFolder) else {
            throw Complaint(
                "The folder \(dataFolder) is not writable for this user, and the data has to be kept there."
            )
        }
    }

    /// Brings the database into the shape of the app file as far as nothing is lost.
    func prepare(_ engine: any Engine) async throws(Complaint) {
        let plan: MigrationPlan
        do throws(StorageFailure) {
            plan = try await engine.plan(to: TableShape.shapes(of: catalog))
            // An empty one still upgrades a database of an earlier format.
            if plan.obstacles.isEmpty, !plan.losesData { return try await engine.apply(plan) }
        } catch {
            throw Complaint(error, database: database)
        }
        let advice =
            plan.obstacles.isEmpty
            ? "If the loss is meant: offstage migrate --apply --allow-loss" : "Change the app file as said above."
        throw Complaint(
            "The database was not changed. \(advice)",
            details: "\(plan)".split(separator: "\n").map(String.init),
            code: Complaint.faulty
        )
    }

    /// The database in the shape of the app file, and the room that leads to it.
    func openRecords() async throws(Complaint) -> (records: Records, engine: any Engine) {
        let engine = try openEngine()
        do throws(Complaint) {
            try await prepare(engine)
            try await announce(on: engine)
        } catch {
            await engine.close()
            throw error
        }
        return try await records(on: engine)
    }

    /// On a server, others must know of a command that writes before they move the data or change its shape.
    private func announce(on engine: any Engine) async throws(Complaint) {
        guard let engine = engine as? any SequencingEngine else { return }
        do throws(StorageFailure) {
            try await engine.stayPresent(with: TableShape.shapes(of: catalog))
        } catch {
            throw Complaint(error, database: database)
        }
    }

    /// The room over an open database.
    private func records(on engine: any Engine) async throws(Complaint) -> (records: Records, engine: any Engine) {
        do throws(Complaint) {
            return (Records(rules: try rules(), engine: engine, now: Settings.now), engine)
        } catch {
            await engine.close()
            throw error
        }
    }

    /// The checked rules of the app. The file was read with them, so there is nothing left to be wrong.
    func rules() throws(Complaint) -> Rules {
        try Self.rules(of: catalog)
    }

    static func rules(of catalog: Catalog) throws(Complaint) -> Rules {
        do throws(RuleFaults) {
            return try Rules(catalog)
        } catch {
            throw Complaint("The rules of the app file can't be used.", details: error.faults.map { "\($0.fault)" })
        }
    }

    /// The database for a command that only reads: nothing is made, migrated or held, so a server can start beside it.
    func openToRead() async throws(Complaint) -> (records: Records, engine: any Engine) {
        if case .sqlite(let file) = database, Disk.size(file) == nil {
            throw Complaint(
                "There is no database \(file) yet; \"offstage serve\" makes it.",
                code: Complaint.faulty
            )
        }
        let engine: any Engine
        do throws(StorageFailure) {
            engine = try database.open(ownerWithin: nil)
            guard try await engine.plan(to: TableShape.shapes(of: catalog)).isEmpty else {
                await engine.close()
                throw .refused(
                    Failure(
                        .conflict,
                        "The app file has changed since the database got its shape. "
                            + "Run \"offstage migrate --apply\" or start the server first."
                    )
                )
            }
        } catch {
            throw Complaint(error, database: database)
        }
        return try await records(on: engine)
    }

    /// The collection of accounts, which every app has.
    func users() -> Collection { catalog.collection(Collection.usersName) ?? Collection.users() }

    /// The collection of that name.
    func collection(_ name: String) throws(Complaint) -> Collection {
        if let collection = catalog.collection(name) { return collection }
        let names = catalog.collections.map(\.name).joined(separator: ", ")
        throw Complaint(
            "There is no collection \"\(name)\" in the app file; there are: \(names).",
            code: Complaint.faulty
        )
    }
}
