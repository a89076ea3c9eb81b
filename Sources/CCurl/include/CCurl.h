// libcurl (https://curl.se/libcurl/c/), loaded when a mail is sent or another server is asked: the program stays one file
// that runs where the library is not. Two transfers that block until they are over; the library's setters take any number
// of arguments, which Swift can't call.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Loads and starts the library, once for the process, from any thread. 0 when it is there.
int offstage_curl_load(void);
/// Why it is not, for the operator.
const char *offstage_curl_reason(void);

// Codes of the library (libcurl-errors(3)) that are told apart.
enum { OFFSTAGE_CURL_OK = 0, OFFSTAGE_CURL_COULD_NOT_CONNECT = 7, OFFSTAGE_CURL_TIMEOUT = 28 };

// MARK: Mail

enum { OFFSTAGE_CURL_TLS_NONE = 0, OFFSTAGE_CURL_TLS_OPTIONAL = 1, OFFSTAGE_CURL_TLS_REQUIRED = 2 };

typedef struct {
    /// smtp://host:port or smtps://host:port
    const char *url;
    /// NULL for none.
    const char *user, *password;
    /// A file of certificates to trust instead of the system's; NULL for those.
    const char *ca;
    /// For smtp: whether STARTTLS is asked for.
    int tls;
    /// Addresses without brackets, without spaces and control characters.
    const char *from, *to;
    /// Whether the message must not go to a server that lacks SMTPUTF8 (RFC 6531).
    int needs_utf8;
    /// The whole message (RFC 5322), with CR LF; the library stuffs dots.
    const uint8_t *message;
    size_t length;
    long timeout_milliseconds;
} offstage_curl_mail;

typedef struct {
    int code;
    /// The last reply's code (RFC 5321, section 4.2); 0 before any.
    int reply;
    /// Whether the server was told of the recipient, so that a refusal is about this mail.
    int was_asked;
    /// Whether the message was handed over up to its end, so that the server may have taken it.
    int is_complete;
    /// Whether the message was held back since the server lacks SMTPUTF8.
    int lacks_utf8;
    /// The library's words.
    char problem[256];
    /// The last line that the server answered.
    char line[512];
} offstage_curl_mail_outcome;

/// Needs a loaded library.
void offstage_curl_send(const offstage_curl_mail *mail, offstage_curl_mail_outcome *outcome);

// MARK: HTTP

/// Whether a connection to this address may be made: 16 bytes in network order, IPv4 mapped into IPv6. 0 for no.
typedef int (*offstage_curl_may_connect)(const uint8_t *address, void *context);

typedef struct {
    /// http or https.
    const char *url;
    int is_post;
    /// Lines `Name: value`, or `Name;` for an empty value.
    const char *const *headers;
    size_t header_count;
    const uint8_t *body;
    size_t body_length;
    /// Bytes of the answer's body that are taken.
    size_t maximum;
    long timeout_milliseconds;
    offstage_curl_may_connect may_connect;
    void *context;
} offstage_curl_request;

typedef struct {
    int code;
    int status;
    /// Whether a connection was refused by `may_connect`.
    int is_blocked;
    int is_too_large;
    char problem[256];
    /// Lines of the last header section, each with its line end.
    uint8_t *head;
    size_t head_length;
    uint8_t *body;
    size_t body_length;
} offstage_curl_answer;

/// Needs a loaded library. The answer's memory is freed by `offstage_curl_free`, whatever the outcome.
void offstage_curl_fetch(const offstage_curl_request *request, offstage_curl_answer *answer);
void offstage_curl_free(offstage_curl_answer *answer);
