import Testing

/// What the program says about itself.
struct HelpTests {
    static let commands = [
        "new", "serve", "check", "schema", "migrate", "import", "export", "explain", "test", "aside",
    ]

    @Test(arguments: commands)
    func everyCommandShowsAnExampleOfItself(_ command: String) async throws {
        let outcome = try await Program.run([command, "--help"], in: TemporaryFolder())
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.text.contains("Example"))
        #expect(outcome.text.contains("\n  ") && outcome.text.contains("  offstage \(command)"), "\(outcome.text)")
        let tooLong = outcome.text.split(separator: "\n").filter { $0.count > 100 && !$0.hasPrefix("USAGE") }
        #expect(tooLong.isEmpty)
    }

    @Test func theProgramListsItsCommands() async throws {
        let outcome = try await Program.run(["--help"], in: TemporaryFolder())
        #expect(outcome.status == 0)
        for command in Self.commands { #expect(outcome.text.contains("  \(command) "), "\(command)") }
        #expect(outcome.text.contains("offstage new my-app"))
    }

    @Test func theVersionIsThreeNumbers() async throws {
        let outcome = try await Program.run(["--version"], in: TemporaryFolder())
        #expect(outcome.status == 0)
        #expect(outcome.text.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil, "\(outcome.text)")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func shellsGetACompletionScript(_ shell: String) async throws {
        let outcome = try await Program.run(["--generate-completion-script", shell], in: TemporaryFolder())
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        for command in Self.commands { #expect(outcome.text.contains(command)) }
    }

    @Test(.enabled(if: toolPath("bash") != nil, "there is no bash here"))
    func bashAcceptsItsCompletionScript() async throws {
        let folder = try TemporaryFolder()
        let script = try await Program.run(["--generate-completion-script", "bash"], in: folder)
        let bash = try #require(toolPath("bash"))
        let outcome = try await Program.run(executable: bash, ["-n"], in: folder, input: script.output)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func aMisspeltCommandOrFlagLeadsToTheHelp() async throws {
        for arguments in [["serv"], ["serve", "--prot", "1"], ["import", "things"], ["migrate", "--allow-loss"]] {
            let outcome = try await Program.run(arguments, in: TemporaryFolder())
            #expect(outcome.status == 64 && outcome.output.isEmpty)
            #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("--help"), "\(outcome.errors)")
        }
    }
}
