// What Swift cannot import from sqlite3.h: variadic calls and the destructor constants.
#pragma once
#include <sqlite3.h>

static inline int offstage_db_config_bool(sqlite3 *db, int option, int on) {
    return sqlite3_db_config(db, option, on, (int *)0);
}

static inline int offstage_bind_text(sqlite3_stmt *statement, int index, const char *text, int bytes) {
    return sqlite3_bind_text(statement, index, text, bytes, SQLITE_TRANSIENT);
}

static inline void offstage_result_text(sqlite3_context *context, const char *text, int bytes) {
    sqlite3_result_text(context, text, bytes, SQLITE_TRANSIENT);
}

// Gives a connection a ranking function of full-text search. SQLite keeps the address of the pointer's type, so the text
// has to live as long as the program; a text from Swift does not.
static inline int offstage_fts5_function(sqlite3 *db, const char *name, fts5_extension_function run) {
    fts5_api *api = 0;
    sqlite3_stmt *statement = 0;
    int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, 0);
    if (code != SQLITE_OK) return code;
    sqlite3_bind_pointer(statement, 1, (void *)&api, "fts5_api_ptr", 0);
    sqlite3_step(statement);
    code = sqlite3_finalize(statement);
    if (code != SQLITE_OK) return code;
    return api ? api->xCreateFunction(api, name, 0, run, 0) : SQLITE_ERROR;
}
