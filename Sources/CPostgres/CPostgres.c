#include "CPostgres.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static struct {
    __typeof__(&PQconnectdbParams) connectdbParams;
    __typeof__(&PQconninfoParse) conninfoParse;
    __typeof__(&PQconninfoFree) conninfoFree;
    __typeof__(&PQfreemem) freemem;
    __typeof__(&PQfinish) finish;
    __typeof__(&PQstatus) status;
    __typeof__(&PQtransactionStatus) transactionStatus;
    __typeof__(&PQparameterStatus) parameterStatus;
    __typeof__(&PQserverVersion) serverVersion;
    __typeof__(&PQerrorMessage) errorMessage;
    __typeof__(&PQbackendPID) backendPID;
    __typeof__(&PQexec) exec;
    __typeof__(&PQexecParams) execParams;
    __typeof__(&PQprepare) prepare;
    __typeof__(&PQexecPrepared) execPrepared;
    __typeof__(&PQresultStatus) resultStatus;
    __typeof__(&PQresultErrorField) resultErrorField;
    __typeof__(&PQresultErrorMessage) resultErrorMessage;
    __typeof__(&PQclear) clear;
    __typeof__(&PQntuples) ntuples;
    __typeof__(&PQnfields) nfields;
    __typeof__(&PQfname) fname;
    __typeof__(&PQftype) ftype;
    __typeof__(&PQcmdTuples) cmdTuples;
    __typeof__(&PQgetvalue) getvalue;
    __typeof__(&PQgetlength) getlength;
    __typeof__(&PQgetisnull) getisnull;
    __typeof__(&PQsetNoticeProcessor) setNoticeProcessor;
} library;

static char reason[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(reason, sizeof reason, "%s", dlerror());
        return;
    }
#define FIND(member, name) \
    if (!(library.member = (__typeof__(library.member))dlsym(handle, name))) { \
        snprintf(reason, sizeof reason, "libpq.so.5 lacks %s", name); \
        return; \
    }
    FIND(connectdbParams, "PQconnectdbParams")
    FIND(conninfoParse, "PQconninfoParse")
    FIND(conninfoFree, "PQconninfoFree")
    FIND(freemem, "PQfreemem")
    FIND(finish, "PQfinish")
    FIND(status, "PQstatus")
    FIND(transactionStatus, "PQtransactionStatus")
    FIND(parameterStatus, "PQparameterStatus")
    FIND(serverVersion, "PQserverVersion")
    FIND(errorMessage, "PQerrorMessage")
    FIND(backendPID, "PQbackendPID")
    FIND(exec, "PQexec")
    FIND(execParams, "PQexecParams")
    FIND(prepare, "PQprepare")
    FIND(execPrepared, "PQexecPrepared")
    FIND(resultStatus, "PQresultStatus")
    FIND(resultErrorField, "PQresultErrorField")
    FIND(resultErrorMessage, "PQresultErrorMessage")
    FIND(clear, "PQclear")
    FIND(ntuples, "PQntuples")
    FIND(nfields, "PQnfields")
    FIND(fname, "PQfname")
    FIND(ftype, "PQftype")
    FIND(cmdTuples, "PQcmdTuples")
    FIND(getvalue, "PQgetvalue")
    FIND(getlength, "PQgetlength")
    FIND(getisnull, "PQgetisnull")
    FIND(setNoticeProcessor, "PQsetNoticeProcessor")
#undef FIND
}

int offstage_pq_load(void) {
    pthread_once(&once, load);
    return reason[0] ? 1 : 0;
}

const char *offstage_pq_reason(void) { return reason; }

static void ignore(void *context, const char *message) {}

void offstage_pq_silence(PGconn *connection) { library.setNoticeProcessor(connection, ignore, 0); }

PGconn *offstage_pq_connectdbParams(const char *const *keywords, const char *const *values, int expand) { return library.connectdbParams(keywords, values, expand); }
PQconninfoOption *offstage_pq_conninfoParse(const char *conninfo, char **error) { return library.conninfoParse(conninfo, error); }
void offstage_pq_conninfoFree(PQconninfoOption *options) { library.conninfoFree(options); }
void offstage_pq_freemem(void *memory) { library.freemem(memory); }
void offstage_pq_finish(PGconn *connection) { library.finish(connection); }
ConnStatusType offstage_pq_status(const PGconn *connection) { return library.status(connection); }
PGTransactionStatusType offstage_pq_transactionStatus(const PGconn *connection) { return library.transactionStatus(connection); }
const char *offstage_pq_parameterStatus(const PGconn *connection, const char *name) { return library.parameterStatus(connection, name); }
int offstage_pq_serverVersion(const PGconn *connection) { return library.serverVersion(connection); }
char *offstage_pq_errorMessage(const PGconn *connection) { return library.errorMessage(connection); }
int offstage_pq_backendPID(const PGconn *connection) { return library.backendPID(connection); }
PGresult *offstage_pq_exec(PGconn *connection, const char *query) { return library.exec(connection, query); }
PGresult *offstage_pq_execParams(PGconn *connection, const char *query, int count, const Oid *types, const char *const *values, const int *lengths, const int *formats, int format) { return library.execParams(connection, query, count, types, values, lengths, formats, format); }
PGresult *offstage_pq_prepare(PGconn *connection, const char *name, const char *query, int count, const Oid *types) { return library.prepare(connection, name, query, count, types); }
PGresult *offstage_pq_execPrepared(PGconn *connection, const char *name, int count, const char *const *values, const int *lengths, const int *formats, int format) { return library.execPrepared(connection, name, count, values, lengths, formats, format); }
ExecStatusType offstage_pq_resultStatus(const PGresult *result) { return library.resultStatus(result); }
char *offstage_pq_resultErrorField(const PGresult *result, int field) { return library.resultErrorField(result, field); }
char *offstage_pq_resultErrorMessage(const PGresult *result) { return library.resultErrorMessage(result); }
void offstage_pq_clear(PGresult *result) { library.clear(result); }
int offstage_pq_ntuples(const PGresult *result) { return library.ntuples(result); }
int offstage_pq_nfields(const PGresult *result) { return library.nfields(result); }
char *offstage_pq_fname(const PGresult *result, int column) { return library.fname(result, column); }
Oid offstage_pq_ftype(const PGresult *result, int column) { return library.ftype(result, column); }
char *offstage_pq_cmdTuples(PGresult *result) { return library.cmdTuples(result); }
char *offstage_pq_getvalue(const PGresult *result, int row, int column) { return library.getvalue(result, row, column); }
int offstage_pq_getlength(const PGresult *result, int row, int column) { return library.getlength(result, row, column); }
int offstage_pq_getisnull(const PGresult *result, int row, int column) { return library.getisnull(result, row, column); }
