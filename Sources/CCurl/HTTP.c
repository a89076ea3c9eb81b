#include "CCurlLibrary.h"
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

_Static_assert(CURL_ERROR_SIZE <= sizeof(((offstage_curl_answer *)0)->problem), "the library's words must fit");

/// Bytes of the answer's headers that are taken.
static const size_t head_maximum = 65536;

struct fetching {
    const offstage_curl_request *request;
    offstage_curl_answer *answer;
};

/// Looks at the very address that is connected to next: every spelling of a host, every answer of the name service and
/// every further connection comes by here.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct fetching *fetching = context;
    uint8_t bytes[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    int is_known = 0;
    if (address->family == AF_INET && address->addrlen >= sizeof(struct sockaddr_in)) {
        memcpy(bytes + 12, &((const struct sockaddr_in *)(const void *)&address->addr)->sin_addr, 4);
        is_known = 1;
    } else if (address->family == AF_INET6 && address->addrlen >= sizeof(struct sockaddr_in6)) {
        memcpy(bytes, &((const struct sockaddr_in6 *)(const void *)&address->addr)->sin6_addr, 16);
        is_known = 1;
    }
    if (purpose != CURLSOCKTYPE_IPCXN || !is_known || !fetching->request->may_connect(bytes, fetching->request->context)) {
        fetching->answer->is_blocked = 1;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Adds to memory that grows; 0 when there is none.
static int add(uint8_t **memory, size_t *length, const char *data, size_t count) {
    // Room for one more, so that nothing is asked for as zero bytes.
    uint8_t *grown = realloc(*memory, *length + count + 1);
    if (!grown) return 0;
    memcpy(grown + *length, data, count);
    *memory = grown;
    *length += count;
    return 1;
}

static size_t head_came(char *data, size_t size, size_t count, void *context) {
    offstage_curl_answer *answer = ((struct fetching *)context)->answer;
    size_t length = size * count;
    // Trailers are not headers.
    if (answer->body_length > 0) return length;
    // An interim answer, such as 100, comes before the one that counts.
    if (length >= 5 && memcmp(data, "HTTP/", 5) == 0) answer->head_length = 0;
    if (length > head_maximum - answer->head_length) {
        answer->is_too_large = 1;
        return 0;
    }
    return add(&answer->head, &answer->head_length, data, length) ? length : 0;
}

static size_t body_came(char *data, size_t size, size_t count, void *context) {
    struct fetching *fetching = context;
    size_t length = size * count;
    if (length > fetching->request->maximum - fetching->answer->body_length) {
        fetching->answer->is_too_large = 1;
        return 0;
    }
    return add(&fetching->answer->body, &fetching->answer->body_length, data, length) ? length : 0;
}

static CURLcode set_up(CURL *handle, const offstage_curl_request *request, struct fetching *fetching, struct curl_slist *headers) {
    CURLcode code = offstage_curl_prepare(handle, fetching->answer->problem, "http,https", CURLPROTO_HTTP | CURLPROTO_HTTPS, request->timeout_milliseconds);
    SET(handle, code, CURLOPT_URL, request->url);
    SET(handle, code, CURLOPT_USERAGENT, "Offstage");
    SET(handle, code, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(handle, code, CURLOPT_OPENSOCKETDATA, fetching);
    SET(handle, code, CURLOPT_HEADERFUNCTION, head_came);
    SET(handle, code, CURLOPT_HEADERDATA, fetching);
    SET(handle, code, CURLOPT_WRITEFUNCTION, body_came);
    SET(handle, code, CURLOPT_WRITEDATA, fetching);
    SET(handle, code, CURLOPT_HTTPHEADER, headers);
    if (request->is_post) {
        SET(handle, code, CURLOPT_POST, 1L);
        SET(handle, code, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
        SET(handle, code, CURLOPT_POSTFIELDS, request->body ? (const char *)request->body : "");
    } else {
        SET(handle, code, CURLOPT_HTTPGET, 1L);
    }
    return code;
}

void offstage_curl_fetch(const offstage_curl_request *request, offstage_curl_answer *answer) {
    memset(answer, 0, sizeof *answer);
    struct fetching fetching = {.request = request, .answer = answer};
    CURL *handle = offstage_curl.init();
    // Nothing waits for the server's leave to send a body.
    struct curl_slist *headers = offstage_curl.append(NULL, "Expect:");
    CURLcode code = handle && headers ? CURLE_OK : CURLE_OUT_OF_MEMORY;
    for (size_t i = 0; code == CURLE_OK && i < request->header_count; i++) {
        struct curl_slist *more = offstage_curl.append(headers, request->headers[i]);
        if (more) headers = more; else code = CURLE_OUT_OF_MEMORY;
    }
    if (code == CURLE_OK) code = set_up(handle, request, &fetching, headers);
    if (code == CURLE_OK) code = offstage_curl.perform(handle);
    if (code == CURLE_OK) {
        long status = 0;
        code = offstage_curl.getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
        answer->status = (int)status;
    }
    answer->code = (int)code;
    offstage_curl_describe(code, answer->problem, sizeof answer->problem);
    if (handle) offstage_curl.cleanup(handle);
    if (headers) offstage_curl.free_list(headers);
}

void offstage_curl_free(offstage_curl_answer *answer) {
    free(answer->head);
    free(answer->body);
    answer->head = NULL;
    answer->body = NULL;
}
