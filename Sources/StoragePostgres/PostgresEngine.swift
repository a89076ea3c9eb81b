package import OffstageStorageServers

/// A database on PostgreSQL.
package typealias PostgresEngine = ServerEngine<PostgresDriver>
