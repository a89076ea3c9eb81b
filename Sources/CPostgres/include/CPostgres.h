// libpq (https://www.postgresql.org/docs/current/libpq.html), loaded when a database on PostgreSQL is asked for: the
// program stays one file that runs where the library is not. Each function is libpq's own, with another prefix.
#pragma once
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif

/// Loads the library, once. 0 when it is there.
int offstage_pq_load(void);
/// Why it is not, for the operator.
const char *offstage_pq_reason(void);

// Fields of an error (PG_DIAG_…), which Swift does not import since they are characters.
enum { OFFSTAGE_PQ_SQLSTATE = PG_DIAG_SQLSTATE, OFFSTAGE_PQ_DETAIL = PG_DIAG_MESSAGE_DETAIL,
       OFFSTAGE_PQ_PRIMARY = PG_DIAG_MESSAGE_PRIMARY, OFFSTAGE_PQ_COLUMN = PG_DIAG_COLUMN_NAME,
       OFFSTAGE_PQ_CONSTRAINT = PG_DIAG_CONSTRAINT_NAME };

PGconn *offstage_pq_connectdbParams(const char *const *keywords, const char *const *values, int expand);
PQconninfoOption *offstage_pq_conninfoParse(const char *conninfo, char **error);
void offstage_pq_conninfoFree(PQconninfoOption *options);
void offstage_pq_freemem(void *memory);
void offstage_pq_finish(PGconn *connection);
ConnStatusType offstage_pq_status(const PGconn *connection);
PGTransactionStatusType offstage_pq_transactionStatus(const PGconn *connection);
const char *offstage_pq_parameterStatus(const PGconn *connection, const char *name);
int offstage_pq_serverVersion(const PGconn *connection);
char *offstage_pq_errorMessage(const PGconn *connection);
int offstage_pq_backendPID(const PGconn *connection);
PGresult *offstage_pq_exec(PGconn *connection, const char *query);
PGresult *offstage_pq_execParams(PGconn *connection, const char *query, int count, const Oid *types, const char *const *values, const int *lengths, const int *formats, int format);
PGresult *offstage_pq_prepare(PGconn *connection, const char *name, const char *query, int count, const Oid *types);
PGresult *offstage_pq_execPrepared(PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats, int format);
ExecStatusType offstage_pq_resultStatus(const PGresult *result);
char *offstage_pq_resultErrorField(const PGresult *result, int field);
char *offstage_pq_resultErrorMessage(const PGresult *result);
void offstage_pq_clear(PGresult *result);
int offstage_pq_ntuples(const PGresult *result);
int offstage_pq_nfields(const PGresult *result);
char *offstage_pq_fname(const PGresult *result, int column);
Oid offstage_pq_ftype(const PGresult *result, int column);
char *offstage_pq_cmdTuples(PGresult *result);
char *offstage_pq_getvalue(const PGresult *result, int row, int column);
int offstage_pq_getlength(const PGresult *result, int row, int column);
int offstage_pq_getisnull(const PGresult *result, int row, int column);

/// Leaves the notices of the server, which psql would print, unprinted.
void offstage_pq_silence(PGconn *connection);
