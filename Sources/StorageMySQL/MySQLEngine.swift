package import OffstageStorageServers

/// A database on MariaDB or MySQL.
package typealias MySQLEngine = ServerEngine<MySQLDriver>
