#include "CMariaDB.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

// MARK: Loading

/// Every function of the library that Offstage calls.
#define FUNCTIONS(FUNCTION) \
    FUNCTION(mysql_server_init) FUNCTION(mysql_get_client_info) FUNCTION(mysql_thread_init) \
    FUNCTION(mysql_thread_end) FUNCTION(mysql_init) FUNCTION(mysql_close) FUNCTION(mysql_options) \
    FUNCTION(mysql_options4) FUNCTION(mysql_ssl_set) FUNCTION(mysql_real_connect) FUNCTION(mysql_set_character_set) \
    FUNCTION(mysql_autocommit) FUNCTION(mysql_commit) FUNCTION(mysql_rollback) FUNCTION(mysql_ping) \
    FUNCTION(mariadb_cancel) FUNCTION(mysql_errno) FUNCTION(mysql_error) FUNCTION(mysql_sqlstate) \
    FUNCTION(mysql_get_server_info) FUNCTION(mysql_get_server_version) FUNCTION(mariadb_connection) \
    FUNCTION(mysql_thread_id) FUNCTION(mysql_get_socket) FUNCTION(mysql_get_ssl_cipher) FUNCTION(mysql_warning_count) \
    FUNCTION(mariadb_get_infov) FUNCTION(mysql_real_query) FUNCTION(mysql_field_count) FUNCTION(mysql_affected_rows) \
    FUNCTION(mysql_insert_id) FUNCTION(mysql_more_results) FUNCTION(mysql_next_result) FUNCTION(mysql_store_result) \
    FUNCTION(mysql_free_result) FUNCTION(mysql_num_fields) FUNCTION(mysql_fetch_row) FUNCTION(mysql_fetch_lengths) \
    FUNCTION(mysql_fetch_fields) FUNCTION(mysql_fetch_field_direct) FUNCTION(mysql_stmt_init) \
    FUNCTION(mysql_stmt_prepare) FUNCTION(mysql_stmt_param_count) FUNCTION(mysql_stmt_field_count) \
    FUNCTION(mysql_stmt_result_metadata) FUNCTION(mysql_stmt_attr_set) FUNCTION(mysql_stmt_bind_param) \
    FUNCTION(mysql_stmt_bind_result) FUNCTION(mysql_stmt_execute) FUNCTION(mysql_stmt_store_result) \
    FUNCTION(mysql_stmt_fetch) FUNCTION(mysql_stmt_fetch_column) FUNCTION(mysql_stmt_more_results) \
    FUNCTION(mysql_stmt_next_result) FUNCTION(mysql_stmt_affected_rows) FUNCTION(mysql_stmt_insert_id) \
    FUNCTION(mysql_stmt_free_result) FUNCTION(mysql_stmt_reset) FUNCTION(mysql_stmt_close) \
    FUNCTION(mysql_stmt_errno) FUNCTION(mysql_stmt_error) FUNCTION(mysql_stmt_sqlstate)

#define POINTER(name) __typeof__(&name) name;
static struct {
    FUNCTIONS(POINTER)
} library;

static const char *const names[] = {
#if defined(__APPLE__)
    "libmariadb.3.dylib", "/opt/homebrew/lib/libmariadb.3.dylib", "/usr/local/lib/libmariadb.3.dylib",
#else
    "libmariadb.so.3",
#endif
};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static char reason[512] = "the library was not asked for";

static void load(void) {
    void *handle = NULL;
    for (size_t index = 0; handle == NULL && index < sizeof names / sizeof names[0]; index++) {
        // Never closed: the library leaves destructors with each thread.
        handle = dlopen(names[index], RTLD_NOW | RTLD_LOCAL);
    }
    if (handle == NULL) {
        const char *error = dlerror();
        snprintf(reason, sizeof reason, "%s", error != NULL ? error : names[0]);
        return;
    }
#define LOOK_UP(name) \
    library.name = (__typeof__(library.name))dlsym(handle, #name); \
    if (library.name == NULL) { \
        snprintf(reason, sizeof reason, "%s has no " #name ", so it is another library or too old", names[0]); \
        return; \
    }
    FUNCTIONS(LOOK_UP)
    // The first mysql_init would do this, but not safely on two threads at once.
    if (library.mysql_server_init(0, NULL, NULL) != 0) {
        snprintf(reason, sizeof reason, "%s can't be initialized", names[0]);
        return;
    }
    reason[0] = '\0';
}

int offstage_mariadb_load(void) {
    pthread_once(&once, load);
    return reason[0] == '\0' ? 0 : 1;
}

const char *offstage_mariadb_reason(void) { return reason; }

const char *offstage_mysql_get_client_info(void) { return library.mysql_get_client_info(); }

// MARK: Threads

bool offstage_mysql_thread_init(void) { return library.mysql_thread_init() == 0; }

void offstage_mysql_thread_end(void) { library.mysql_thread_end(); }

// MARK: Connections

/// What the library answers with 0 for success.
#define SUCCESS(name, parameters, arguments) \
    bool offstage_##name parameters { return library.name arguments == 0; }
/// What it answers, as it is.
#define ANSWER(type, name, parameters, arguments) \
    type offstage_##name parameters { return library.name arguments; }

MYSQL *offstage_mysql_init(void) { return library.mysql_init(NULL); }

void offstage_mysql_close(MYSQL *mysql) { library.mysql_close(mysql); }

bool offstage_mysql_option_integer(MYSQL *mysql, enum mysql_option option, unsigned int value) {
    return library.mysql_options(mysql, option, &value) == 0;
}

bool offstage_mysql_option_flag(MYSQL *mysql, enum mysql_option option, bool value) {
    my_bool flag = value ? 1 : 0;
    return library.mysql_options(mysql, option, &flag) == 0;
}

bool offstage_mysql_option_text(MYSQL *mysql, enum mysql_option option, const char *value) {
    return library.mysql_options(mysql, option, value) == 0;
}

bool offstage_mysql_option_attribute(MYSQL *mysql, const char *name, const char *value) {
    return library.mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, name, value) == 0;
}

bool offstage_mysql_ssl_set(MYSQL *mysql, const char *key, const char *certificate, const char *authority) {
    return library.mysql_ssl_set(mysql, key, certificate, authority, NULL, NULL) == 0;
}

void offstage_mysql_keep_alive(MYSQL *mysql) {
    int socket = (int)library.mysql_get_socket(mysql), on = 1;
    // Of a unix socket these fail, and nothing is lost by that.
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
#if defined(__linux__)
    int idle = 10, interval = 5, count = 3;
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
#endif
}

bool offstage_mysql_real_connect(
    MYSQL *mysql, const char *host, const char *user, const char *password, const char *database, unsigned int port,
    const char *socket, unsigned long flags) {
    return library.mysql_real_connect(mysql, host, user, password, database, port, socket, flags) != NULL;
}

bool offstage_mysql_in_transaction(MYSQL *mysql) {
    unsigned int status = 0;
    if (library.mariadb_get_infov(mysql, MARIADB_CONNECTION_SERVER_STATUS, &status) != 0) { return false; }
    return (status & SERVER_STATUS_IN_TRANS) != 0;
}

bool offstage_mysql_is_mariadb(MYSQL *mysql) { return library.mariadb_connection(mysql) != 0; }

bool offstage_mysql_cancel(MYSQL *mysql) { return library.mariadb_cancel(mysql) == 0; }

SUCCESS(mysql_set_character_set, (MYSQL * mysql, const char *name), (mysql, name))
SUCCESS(mysql_autocommit, (MYSQL * mysql, bool on), (mysql, on ? 1 : 0))
SUCCESS(mysql_commit, (MYSQL * mysql), (mysql))
SUCCESS(mysql_rollback, (MYSQL * mysql), (mysql))
SUCCESS(mysql_ping, (MYSQL * mysql), (mysql))
ANSWER(unsigned int, mysql_errno, (MYSQL * mysql), (mysql))
ANSWER(const char *, mysql_error, (MYSQL * mysql), (mysql))
ANSWER(const char *, mysql_sqlstate, (MYSQL * mysql), (mysql))
ANSWER(const char *, mysql_get_server_info, (MYSQL * mysql), (mysql))
ANSWER(unsigned long, mysql_get_server_version, (MYSQL * mysql), (mysql))
ANSWER(unsigned long, mysql_thread_id, (MYSQL * mysql), (mysql))
ANSWER(const char *, mysql_get_ssl_cipher, (MYSQL * mysql), (mysql))
ANSWER(unsigned int, mysql_warning_count, (MYSQL * mysql), (mysql))

// MARK: Statements as text

SUCCESS(mysql_real_query, (MYSQL * mysql, const char *text, unsigned long length), (mysql, text, length))
ANSWER(unsigned int, mysql_field_count, (MYSQL * mysql), (mysql))
ANSWER(uint64_t, mysql_affected_rows, (MYSQL * mysql), (mysql))
ANSWER(uint64_t, mysql_insert_id, (MYSQL * mysql), (mysql))
ANSWER(bool, mysql_more_results, (MYSQL * mysql), (mysql))
ANSWER(int, mysql_next_result, (MYSQL * mysql), (mysql))
ANSWER(MYSQL_RES *, mysql_store_result, (MYSQL * mysql), (mysql))
ANSWER(unsigned int, mysql_num_fields, (MYSQL_RES * result), (result))
ANSWER(char **, mysql_fetch_row, (MYSQL_RES * result), (result))
ANSWER(unsigned long *, mysql_fetch_lengths, (MYSQL_RES * result), (result))
ANSWER(MYSQL_FIELD *, mysql_fetch_fields, (MYSQL_RES * result), (result))
ANSWER(MYSQL_FIELD *, mysql_fetch_field_direct, (MYSQL_RES * result, unsigned int column), (result, column))

void offstage_mysql_free_result(MYSQL_RES *result) { library.mysql_free_result(result); }

// MARK: Prepared statements

bool offstage_mysql_stmt_attr_set(MYSQL_STMT *statement, enum enum_stmt_attr_type attribute, unsigned long value) {
    // The one attribute that is read as a my_bool; the others are read as numbers.
    my_bool flag = value != 0;
    const void *pointer = attribute == STMT_ATTR_UPDATE_MAX_LENGTH ? (const void *)&flag : (const void *)&value;
    return library.mysql_stmt_attr_set(statement, attribute, pointer) == 0;
}

SUCCESS(
    mysql_stmt_prepare, (MYSQL_STMT * statement, const char *text, unsigned long length), (statement, text, length))
SUCCESS(mysql_stmt_bind_param, (MYSQL_STMT * statement, MYSQL_BIND *binds), (statement, binds))
SUCCESS(mysql_stmt_bind_result, (MYSQL_STMT * statement, MYSQL_BIND *binds), (statement, binds))
SUCCESS(mysql_stmt_execute, (MYSQL_STMT * statement), (statement))
SUCCESS(mysql_stmt_store_result, (MYSQL_STMT * statement), (statement))
SUCCESS(mysql_stmt_free_result, (MYSQL_STMT * statement), (statement))
SUCCESS(mysql_stmt_reset, (MYSQL_STMT * statement), (statement))
SUCCESS(mysql_stmt_close, (MYSQL_STMT * statement), (statement))
SUCCESS(
    mysql_stmt_fetch_column, (MYSQL_STMT * statement, MYSQL_BIND *bind, unsigned int column, unsigned long offset),
    (statement, bind, column, offset))
ANSWER(MYSQL_STMT *, mysql_stmt_init, (MYSQL * mysql), (mysql))
ANSWER(unsigned long, mysql_stmt_param_count, (MYSQL_STMT * statement), (statement))
ANSWER(unsigned int, mysql_stmt_field_count, (MYSQL_STMT * statement), (statement))
ANSWER(MYSQL_RES *, mysql_stmt_result_metadata, (MYSQL_STMT * statement), (statement))
ANSWER(int, mysql_stmt_fetch, (MYSQL_STMT * statement), (statement))
ANSWER(bool, mysql_stmt_more_results, (MYSQL_STMT * statement), (statement))
ANSWER(int, mysql_stmt_next_result, (MYSQL_STMT * statement), (statement))
ANSWER(uint64_t, mysql_stmt_affected_rows, (MYSQL_STMT * statement), (statement))
ANSWER(uint64_t, mysql_stmt_insert_id, (MYSQL_STMT * statement), (statement))
ANSWER(unsigned int, mysql_stmt_errno, (MYSQL_STMT * statement), (statement))
ANSWER(const char *, mysql_stmt_error, (MYSQL_STMT * statement), (statement))
ANSWER(const char *, mysql_stmt_sqlstate, (MYSQL_STMT * statement), (statement))
