// MariaDB Connector/C, which speaks to MariaDB and MySQL alike. Building Offstage takes its declarations alone; the
// library itself is loaded when a database asks for it, so that the program runs where it is not installed.
#pragma once

#if __has_include(<mariadb/mysql.h>)
#include <mariadb/mysql.h>
#elif __has_include(<mysql/mysql.h>)
#include <mysql/mysql.h>
#elif __has_include(<mysql.h>)
#include <mysql.h>
#else
#error "mysql.h is missing: install libmariadb-dev, mariadb-connector-c-devel or, with Homebrew, mariadb-connector-c"
#endif

// Oracle's library has the same names with structures of another layout.
#ifndef MARIADB_PACKAGE_VERSION
#error "This mysql.h is not the one of MariaDB Connector/C"
#endif

#include <stdbool.h>
#include <stdint.h>

// MARK: Loading

/// Loads the library the first time; from any thread. Gives 0 when it is there. Nothing else here may be called before
/// that, or when it is not.
int offstage_mariadb_load(void);
/// Why the library could not be loaded; an empty text when it could.
const char *offstage_mariadb_reason(void);
/// The library's own version, such as "3.3.20".
const char *offstage_mysql_get_client_info(void);

// MARK: Threads

/// Before the first and after the last call on a thread that others end: the library keeps memory for each.
bool offstage_mysql_thread_init(void);
void offstage_mysql_thread_end(void);

// MARK: Connections

// What functions call true, they give where the library gives 0, so that failures read alike.

MYSQL *offstage_mysql_init(void);
void offstage_mysql_close(MYSQL *mysql);

bool offstage_mysql_option_integer(MYSQL *mysql, enum mysql_option option, unsigned int value);
bool offstage_mysql_option_flag(MYSQL *mysql, enum mysql_option option, bool value);
bool offstage_mysql_option_text(MYSQL *mysql, enum mysql_option option, const char *value);
/// A name and a value that the server shows beside the connection.
bool offstage_mysql_option_attribute(MYSQL *mysql, const char *name, const char *value);
bool offstage_mysql_ssl_set(MYSQL *mysql, const char *key, const char *certificate, const char *authority);

/// Each text may be NULL. True when it is connected.
bool offstage_mysql_real_connect(
    MYSQL *mysql, const char *host, const char *user, const char *password, const char *database, unsigned int port,
    const char *socket, unsigned long flags);
/// Lets the kernel notice within half a minute that a server vanished without a word.
void offstage_mysql_keep_alive(MYSQL *mysql);
bool offstage_mysql_set_character_set(MYSQL *mysql, const char *name);
bool offstage_mysql_autocommit(MYSQL *mysql, bool on);
bool offstage_mysql_commit(MYSQL *mysql);
bool offstage_mysql_rollback(MYSQL *mysql);
bool offstage_mysql_ping(MYSQL *mysql);
/// Ends the connection's socket under whoever waits for it, from any thread.
bool offstage_mysql_cancel(MYSQL *mysql);

unsigned int offstage_mysql_errno(MYSQL *mysql);
const char *offstage_mysql_error(MYSQL *mysql);
const char *offstage_mysql_sqlstate(MYSQL *mysql);
/// "10.11.19-MariaDB-0+deb12u1" or "8.0.39".
const char *offstage_mysql_get_server_info(MYSQL *mysql);
/// 101119 or 80039.
unsigned long offstage_mysql_get_server_version(MYSQL *mysql);
bool offstage_mysql_is_mariadb(MYSQL *mysql);
unsigned long offstage_mysql_thread_id(MYSQL *mysql);
/// The cipher of an encrypted connection; NULL of any other.
const char *offstage_mysql_get_ssl_cipher(MYSQL *mysql);
unsigned int offstage_mysql_warning_count(MYSQL *mysql);
/// Whether the server is inside of a transaction, as of its last answer.
bool offstage_mysql_in_transaction(MYSQL *mysql);

// MARK: Statements as text

bool offstage_mysql_real_query(MYSQL *mysql, const char *text, unsigned long length);
unsigned int offstage_mysql_field_count(MYSQL *mysql);
uint64_t offstage_mysql_affected_rows(MYSQL *mysql);
uint64_t offstage_mysql_insert_id(MYSQL *mysql);
bool offstage_mysql_more_results(MYSQL *mysql);
/// 0 when there is another result, -1 when there is none, else an error.
int offstage_mysql_next_result(MYSQL *mysql);
MYSQL_RES *offstage_mysql_store_result(MYSQL *mysql);
void offstage_mysql_free_result(MYSQL_RES *result);
unsigned int offstage_mysql_num_fields(MYSQL_RES *result);
char **offstage_mysql_fetch_row(MYSQL_RES *result);
unsigned long *offstage_mysql_fetch_lengths(MYSQL_RES *result);
MYSQL_FIELD *offstage_mysql_fetch_fields(MYSQL_RES *result);
MYSQL_FIELD *offstage_mysql_fetch_field_direct(MYSQL_RES *result, unsigned int column);

// MARK: Prepared statements

MYSQL_STMT *offstage_mysql_stmt_init(MYSQL *mysql);
bool offstage_mysql_stmt_prepare(MYSQL_STMT *statement, const char *text, unsigned long length);
unsigned long offstage_mysql_stmt_param_count(MYSQL_STMT *statement);
unsigned int offstage_mysql_stmt_field_count(MYSQL_STMT *statement);
/// Must be freed with `offstage_mysql_free_result`. NULL of a statement that gives no rows.
MYSQL_RES *offstage_mysql_stmt_result_metadata(MYSQL_STMT *statement);
bool offstage_mysql_stmt_attr_set(MYSQL_STMT *statement, enum enum_stmt_attr_type attribute, unsigned long value);
bool offstage_mysql_stmt_bind_param(MYSQL_STMT *statement, MYSQL_BIND *binds);
bool offstage_mysql_stmt_bind_result(MYSQL_STMT *statement, MYSQL_BIND *binds);
bool offstage_mysql_stmt_execute(MYSQL_STMT *statement);
bool offstage_mysql_stmt_store_result(MYSQL_STMT *statement);
/// 0 with a row, `OFFSTAGE_MYSQL_NO_DATA` at the end, `OFFSTAGE_MYSQL_TRUNCATED` with a row of which something did not
/// fit, 1 with an error.
int offstage_mysql_stmt_fetch(MYSQL_STMT *statement);
bool offstage_mysql_stmt_fetch_column(
    MYSQL_STMT *statement, MYSQL_BIND *bind, unsigned int column, unsigned long offset);
bool offstage_mysql_stmt_more_results(MYSQL_STMT *statement);
int offstage_mysql_stmt_next_result(MYSQL_STMT *statement);
uint64_t offstage_mysql_stmt_affected_rows(MYSQL_STMT *statement);
uint64_t offstage_mysql_stmt_insert_id(MYSQL_STMT *statement);
bool offstage_mysql_stmt_free_result(MYSQL_STMT *statement);
bool offstage_mysql_stmt_reset(MYSQL_STMT *statement);
bool offstage_mysql_stmt_close(MYSQL_STMT *statement);
unsigned int offstage_mysql_stmt_errno(MYSQL_STMT *statement);
const char *offstage_mysql_stmt_error(MYSQL_STMT *statement);
const char *offstage_mysql_stmt_sqlstate(MYSQL_STMT *statement);

// MARK: Constants that are no plain numbers in the library's header

static const int OFFSTAGE_MYSQL_NO_DATA = MYSQL_NO_DATA;
static const int OFFSTAGE_MYSQL_TRUNCATED = MYSQL_DATA_TRUNCATED;
/// Affected rows are those found, changed or not.
static const unsigned long OFFSTAGE_CLIENT_FOUND_ROWS = CLIENT_FOUND_ROWS;
static const unsigned long OFFSTAGE_CLIENT_MULTI_STATEMENTS = CLIENT_MULTI_STATEMENTS;
static const unsigned long OFFSTAGE_CLIENT_MULTI_RESULTS = CLIENT_MULTI_RESULTS;
static const unsigned int OFFSTAGE_FIELD_UNSIGNED = UNSIGNED_FLAG;
static const unsigned int OFFSTAGE_FIELD_BINARY = BINARY_FLAG;
static const unsigned int OFFSTAGE_CHARSET_BINARY = 63;

// MARK: Values

/// Where the value of one parameter or one column stands. Belongs to one MYSQL_BIND, and must not move while that is in
/// use.
typedef struct {
    int64_t integer;
    double number;
    MYSQL_TIME time;
    /// Bytes of a text. Of one that was fetched, all it has, even where the buffer was too small for it.
    unsigned long length;
    my_bool is_null;
    my_bool was_cut;
} offstage_mysql_value;

// Parameters. Each fills the bind anew.

static inline MYSQL_BIND *offstage_mysql_bind_as(MYSQL_BIND *bind, enum enum_field_types type, void *buffer) {
    *bind = (MYSQL_BIND){.buffer_type = type, .buffer = buffer};
    return bind;
}

static inline void offstage_mysql_bind_null(MYSQL_BIND *bind) { offstage_mysql_bind_as(bind, MYSQL_TYPE_NULL, 0); }

static inline void offstage_mysql_bind_integer(MYSQL_BIND *bind, offstage_mysql_value *value, int64_t integer) {
    value->integer = integer;
    offstage_mysql_bind_as(bind, MYSQL_TYPE_LONGLONG, &value->integer);
}

static inline void offstage_mysql_bind_double(MYSQL_BIND *bind, offstage_mysql_value *value, double number) {
    value->number = number;
    offstage_mysql_bind_as(bind, MYSQL_TYPE_DOUBLE, &value->number);
}

static inline void offstage_mysql_bind_of_length(
    MYSQL_BIND *bind, offstage_mysql_value *value, enum enum_field_types type, const void *bytes,
    unsigned long length) {
    value->length = length;
    offstage_mysql_bind_as(bind, type, (void *)bytes);
    bind->buffer_length = length;
    bind->length = &value->length;
}

/// A text in the connection's encoding. The bytes must stay where they are until the statement was executed.
static inline void offstage_mysql_bind_text(
    MYSQL_BIND *bind, offstage_mysql_value *value, const char *bytes, unsigned long length) {
    offstage_mysql_bind_of_length(bind, value, MYSQL_TYPE_STRING, bytes, length);
}

static inline void offstage_mysql_bind_bytes(
    MYSQL_BIND *bind, offstage_mysql_value *value, const void *bytes, unsigned long length) {
    offstage_mysql_bind_of_length(bind, value, MYSQL_TYPE_BLOB, bytes, length);
}

static inline void offstage_mysql_bind_date(
    MYSQL_BIND *bind, offstage_mysql_value *value, unsigned int year, unsigned int month, unsigned int day) {
    value->time = (MYSQL_TIME){.year = year, .month = month, .day = day, .time_type = MYSQL_TIMESTAMP_DATE};
    offstage_mysql_bind_as(bind, MYSQL_TYPE_DATE, &value->time);
}

static inline void offstage_mysql_bind_datetime(
    MYSQL_BIND *bind, offstage_mysql_value *value, unsigned int year, unsigned int month, unsigned int day,
    unsigned int hour, unsigned int minute, unsigned int second, unsigned long microsecond) {
    value->time = (MYSQL_TIME){
        .year = year, .month = month, .day = day, .hour = hour, .minute = minute, .second = second,
        .second_part = microsecond, .time_type = MYSQL_TIMESTAMP_DATETIME};
    offstage_mysql_bind_as(bind, MYSQL_TYPE_DATETIME, &value->time);
}

// Columns. After a fetch, `is_null` says whether anything is there.

static inline void offstage_mysql_result_as(
    MYSQL_BIND *bind, offstage_mysql_value *value, enum enum_field_types type, void *buffer) {
    offstage_mysql_bind_as(bind, type, buffer);
    bind->length = &value->length;
    bind->is_null = &value->is_null;
    bind->error = &value->was_cut;
}

static inline void offstage_mysql_result_integer(MYSQL_BIND *bind, offstage_mysql_value *value) {
    offstage_mysql_result_as(bind, value, MYSQL_TYPE_LONGLONG, &value->integer);
}

static inline void offstage_mysql_result_double(MYSQL_BIND *bind, offstage_mysql_value *value) {
    offstage_mysql_result_as(bind, value, MYSQL_TYPE_DOUBLE, &value->number);
}

/// A date or a moment, as the field's type is.
static inline void offstage_mysql_result_time(MYSQL_BIND *bind, offstage_mysql_value *value) {
    offstage_mysql_result_as(bind, value, MYSQL_TYPE_DATETIME, &value->time);
}

/// A text, without a zero after it. Where it is longer than the buffer, `length` says how long, and
/// `offstage_mysql_stmt_fetch_column` gets the whole into a larger one.
static inline void offstage_mysql_result_bytes(
    MYSQL_BIND *bind, offstage_mysql_value *value, void *buffer, unsigned long capacity) {
    offstage_mysql_result_as(bind, value, MYSQL_TYPE_BLOB, buffer);
    bind->buffer_length = capacity;
}
