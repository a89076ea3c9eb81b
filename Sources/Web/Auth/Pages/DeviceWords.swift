/// What a browser says it is, in words. It may say anything, so this names what is sure enough for its owner to know it again,
/// and gives the rest as it came.
enum DeviceWords {
    /// `Firefox on Linux`; the header as it is for anything else.
    static func of(agent: String) -> String {
        guard !agent.isEmpty else { return "Something that does not say what it is" }
        guard let browser = first(of: browsers, in: agent), let system = first(of: systems, in: agent) else {
            return agent
        }
        return "\(browser) on \(system)"
    }

    private static func first(of marks: [(mark: String, name: String)], in agent: String) -> String? {
        marks.first { agent.contains($0.mark) }?.name
    }

    /// In the order in which they tell browsers apart: each calls itself by the names of those it wants to be taken for, too.
    private static let browsers: [(mark: String, name: String)] = [
        ("Edg/", "Edge"), ("EdgA/", "Edge"), ("EdgiOS/", "Edge"), ("OPR/", "Opera"), ("OPiOS/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"), ("Vivaldi/", "Vivaldi"), ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"),
        ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Version/", "Safari"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows NT", "Windows"),
        ("Macintosh", "macOS"), ("Linux", "Linux"),
    ]
}
