#include "CCurlLibrary.h"
#include <stdio.h>
#include <string.h>
#include <strings.h>

_Static_assert(CURL_ERROR_SIZE <= sizeof(((offstage_curl_mail_outcome *)0)->problem), "the library's words must fit");

struct sending {
    const offstage_curl_mail *mail;
    offstage_curl_mail_outcome *outcome;
    size_t read;
    int has_utf8;
    int is_over;
};

/// Each line that the server answers: libcurl hands those of SMTP over as it does headers.
static size_t line_came(char *data, size_t size, size_t count, void *context) {
    struct sending *sending = context;
    size_t length = size * count;
    // The answer to a goodbye says nothing about the mail.
    if (sending->is_over) return length;
    size_t kept = length;
    while (kept > 0 && (data[kept - 1] == '\n' || data[kept - 1] == '\r')) kept--;
    if (kept < 3 || data[0] < '2' || data[0] > '5') return length;
    for (int i = 1; i < 3; i++) {
        if (data[i] < '0' || data[i] > '9') return length;
    }
    if (kept == 12 && strncasecmp(data + 4, "SMTPUTF8", 8) == 0) sending->has_utf8 = 1;
    sending->outcome->reply = (data[0] - '0') * 100 + (data[1] - '0') * 10 + (data[2] - '0');
    if (kept >= sizeof sending->outcome->line) kept = sizeof sending->outcome->line - 1;
    memcpy(sending->outcome->line, data, kept);
    sending->outcome->line[kept] = 0;
    return length;
}

/// Each command that goes to the server, among much else that is not looked at.
static int line_goes(CURL *handle, curl_infotype kind, char *data, size_t size, void *context) {
    (void)handle;
    struct sending *sending = context;
    if (kind != CURLINFO_HEADER_OUT || size < 4) return 0;
    if (memcmp(data, "RCPT", 4) == 0) sending->outcome->was_asked = 1;
    if (memcmp(data, "QUIT", 4) == 0) sending->is_over = 1;
    return 0;
}

/// Asked for after the server has said 354.
static size_t give(char *data, size_t size, size_t count, void *context) {
    struct sending *sending = context;
    if (sending->mail->needs_utf8 && !sending->has_utf8) {
        // The connection breaks before the message's end, so that the server drops it.
        sending->outcome->lacks_utf8 = 1;
        return CURL_READFUNC_ABORT;
    }
    size_t rest = sending->mail->length - sending->read;
    size_t length = size * count < rest ? size * count : rest;
    memcpy(data, sending->mail->message + sending->read, length);
    sending->read += length;
    if (length == 0) sending->outcome->is_complete = 1;
    return length;
}

static size_t drop(char *data, size_t size, size_t count, void *context) {
    (void)data;
    (void)context;
    return size * count;
}

void offstage_curl_send(const offstage_curl_mail *mail, offstage_curl_mail_outcome *outcome) {
    memset(outcome, 0, sizeof *outcome);
    struct sending sending = {.mail = mail, .outcome = outcome};
    CURL *handle = offstage_curl.init();
    struct curl_slist *recipients = offstage_curl.append(NULL, mail->to);
    if (!handle || !recipients) {
        outcome->code = CURLE_OUT_OF_MEMORY;
    } else {
        CURLcode code = offstage_curl_prepare(handle, outcome->problem, "smtp,smtps", CURLPROTO_SMTP | CURLPROTO_SMTPS, mail->timeout_milliseconds);
        SET(handle, code, CURLOPT_URL, mail->url);
        SET(handle, code, CURLOPT_CONNECTTIMEOUT_MS, 30000L);
        // For each answer, that to the goodbye among them, which the time for the whole leaves out.
        SET(handle, code, CURLOPT_SERVER_RESPONSE_TIMEOUT, mail->timeout_milliseconds / 1000 + 1);
        SET(handle, code, CURLOPT_USE_SSL,
            mail->tls == OFFSTAGE_CURL_TLS_REQUIRED   ? (long)CURLUSESSL_ALL
            : mail->tls == OFFSTAGE_CURL_TLS_OPTIONAL ? (long)CURLUSESSL_TRY
                                                      : (long)CURLUSESSL_NONE);
        if (mail->user) SET(handle, code, CURLOPT_USERNAME, mail->user);
        if (mail->password) SET(handle, code, CURLOPT_PASSWORD, mail->password);
        if (mail->ca) SET(handle, code, CURLOPT_CAINFO, mail->ca);
        SET(handle, code, CURLOPT_MAIL_FROM, mail->from);
        SET(handle, code, CURLOPT_MAIL_RCPT, recipients);
        SET(handle, code, CURLOPT_UPLOAD, 1L);
        SET(handle, code, CURLOPT_READFUNCTION, give);
        SET(handle, code, CURLOPT_READDATA, &sending);
        SET(handle, code, CURLOPT_WRITEFUNCTION, drop);
        SET(handle, code, CURLOPT_HEADERFUNCTION, line_came);
        SET(handle, code, CURLOPT_HEADERDATA, &sending);
        // Nothing is printed: the function takes it all.
        SET(handle, code, CURLOPT_DEBUGFUNCTION, line_goes);
        SET(handle, code, CURLOPT_DEBUGDATA, &sending);
        SET(handle, code, CURLOPT_VERBOSE, 1L);
        if (code == CURLE_OK) code = offstage_curl.perform(handle);
        outcome->code = (int)code;
        if (outcome->reply == 0) {
            long reply = 0;
            if (offstage_curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &reply) == CURLE_OK) outcome->reply = (int)reply;
        }
        offstage_curl_describe(code, outcome->problem, sizeof outcome->problem);
    }
    if (handle) offstage_curl.cleanup(handle);
    if (recipients) offstage_curl.free_list(recipients);
}
