// swift-tools-version:6.2
import PackageDescription

/// Strict imports: what a file uses it names, what it re-exports it says, existentials are visible.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// A room of the architecture: module `Offstage<name>` in `Sources/<name>`.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(
        name: "Offstage\(name)",
        dependencies: dependencies,
        path: "Sources/\(name)",
        resources: resources,
        swiftSettings: strict
    )
}

/// The tests of a room: `Tests/<name>`.
func tests(_ name: String, _ dependencies: [Target.Dependency], excluding: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: dependencies,
        path: "Tests/\(name)",
        exclude: excluding,
        swiftSettings: strict
    )
}

func library(_ name: String, apt: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", providers: [.apt([apt])])
}

/// A C library that is loaded when it is asked for; its headers alone are needed to build.
func loaded(_ name: String) -> Target {
    .target(name: name, path: "Sources/\(name)", linkerSettings: [.linkedLibrary("dl")])
}

let package = Package(
    name: "offstage",
    platforms: [.macOS(.v26)],
    products: [.executable(name: "offstage", targets: ["offstage"])],
    dependencies: [
        // Each is justified in docs/dependencies.md.
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        library("CSQLite", apt: "libsqlite3-dev"),
        library("CYAML", apt: "libyaml-dev"),
        library("CPCRE2", apt: "libpcre2-dev"),
        library("CUTF8Proc", apt: "libutf8proc-dev"),

        library("CArgon2", apt: "libargon2-dev"),

        loaded("CPostgres"),
        loaded("CMariaDB"),
        loaded("CCurl"),
        loaded("CQREncode"),

        room("Schema", ["CPCRE2", "CUTF8Proc"]),
        room("Expressions", ["OffstageSchema"]),
        room("AppFile", ["OffstageSchema", "OffstageExpressions", "OffstageRules", "CYAML"]),
        room("Storage", ["OffstageSchema"]),
        room(
            "StorageSQLite",
            [
                "OffstageSchema", "OffstageExpressions", "OffstageStorage", "CSQLite",
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        room(
            "StorageServers",
            ["OffstageSchema", "OffstageStorage", .product(name: "NIOPosix", package: "swift-nio")]
        ),
        room(
            "StoragePostgres",
            ["OffstageSchema", "OffstageExpressions", "OffstageStorage", "OffstageStorageServers", "CPostgres"]
        ),
        room(
            "StorageMySQL",
            ["OffstageSchema", "OffstageExpressions", "OffstageStorage", "OffstageStorageServers", "CMariaDB"]
        ),
        room("Rules", ["OffstageSchema", "OffstageExpressions", "OffstageStorage"]),
        room("Templates", []),
        room("Outgoing", ["OffstageSchema", "CCurl", .product(name: "NIOPosix", package: "swift-nio")]),
        room(
            "Mail",
            [
                "OffstageSchema", "OffstageStorage", "OffstageTemplates", "CCurl",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Templates")]
        ),
        room("Records", ["OffstageSchema", "OffstageExpressions", "OffstageStorage", "OffstageRules"]),
        room(
            "Accounts",
            [
                "OffstageSchema", "OffstageStorage", "OffstageRules", "OffstageRecords", "OffstageMail",
                "OffstageOutgoing", "CArgon2", "CQREncode",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            resources: [.embedInCode("Passwords/common-passwords.txt")]
        ),
        room(
            "Web",
            [
                "OffstageSchema", "OffstageTemplates", "OffstageMail", "OffstageAccounts", "OffstageRecords",
                "OffstageRules",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.embedInCode("Templates")]
        ),
        room("Examples", [], resources: [.embedInCode("shop")]),
        .executableTarget(
            name: "offstage",
            dependencies: [
                "OffstageSchema", "OffstageAppFile", "OffstageStorage", "OffstageStorageSQLite",
                "OffstageStorageServers", "OffstageStoragePostgres", "OffstageStorageMySQL", "OffstageRules",
                "OffstageRecords", "OffstageTemplates", "OffstageMail", "OffstageOutgoing", "OffstageAccounts",
                "OffstageWeb", "OffstageExamples",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Sources/offstage",
            swiftSettings: strict
        ),
        // Measures the folding of rules; run by script/bench.
        .executableTarget(
            name: "rules-bench",
            dependencies: [
                "OffstageSchema", "OffstageAppFile", "OffstageStorage", "OffstageStorageSQLite", "OffstageRules",
            ],
            path: "Benchmarks/Rules",
            swiftSettings: strict
        ),

        // What Hummingbird and SQLite reach alone; run by script/bench.
        .executableTarget(
            name: "floor-bench",
            dependencies: [
                "CSQLite",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            path: "Benchmarks/Floor",
            swiftSettings: strict
        ),

        // The databases that tests run on.
        .target(
            name: "EnginesUnderTest",
            dependencies: [
                "OffstageStorage", "OffstageStorageSQLite", "OffstageStorageServers", "OffstageStoragePostgres",
                "OffstageStorageMySQL",
            ],
            path: "Tests/EnginesUnderTest",
            swiftSettings: strict
        ),
        tests("HouseRules", []),
        tests("Schema", ["OffstageSchema"]),
        tests("Expressions", ["OffstageSchema", "OffstageExpressions"]),
        tests("AppFile", ["OffstageSchema", "OffstageAppFile"]),
        tests("StorageSQLite", ["OffstageSchema", "OffstageStorage", "OffstageStorageSQLite"]),
        tests(
            "Rules",
            ["OffstageSchema", "OffstageExpressions", "OffstageStorage", "OffstageRules", "EnginesUnderTest"]
        ),
        tests(
            "Records",
            [
                "OffstageSchema", "OffstageAppFile", "OffstageStorage", "OffstageStorageSQLite", "OffstageRules",
                "OffstageRecords",
            ]
        ),
        tests(
            "Engines",
            [
                "OffstageSchema", "OffstageAppFile", "OffstageStorage", "OffstageRules", "OffstageRecords",
                "EnginesUnderTest",
            ]
        ),
        tests("Templates", ["OffstageTemplates"]),
        tests("Outgoing", ["OffstageSchema", "OffstageOutgoing"]),
        tests(
            "Mail",
            [
                "OffstageSchema", "OffstageStorage", "OffstageStorageSQLite", "OffstageTemplates", "OffstageMail",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        tests(
            "Accounts",
            [
                "OffstageSchema", "OffstageOutgoing", "OffstageAccounts",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            excluding: ["provider.py", "requirements.txt"]
        ),
        tests("Examples", ["OffstageExamples"]),
        tests("Commands", ["offstage", "CSQLite", "EnginesUnderTest"]),
        tests(
            "Web",
            [
                "OffstageSchema", "OffstageAppFile", "OffstageStorage", "OffstageStorageSQLite", "OffstageRules",
                "OffstageRecords", "OffstageMail", "OffstageOutgoing", "OffstageAccounts", "OffstageWeb",
                "EnginesUnderTest",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)
