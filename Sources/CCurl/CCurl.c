#include "CCurlLibrary.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct offstage_curl_library offstage_curl;

static char reason[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(reason, sizeof reason, "%s", dlerror());
        return;
    }
#define FIND(member, name) \
    if (!(offstage_curl.member = (__typeof__(offstage_curl.member))dlsym(handle, name))) { \
        snprintf(reason, sizeof reason, "libcurl.so.4 lacks %s", name); \
        return; \
    }
    FIND(global_init, "curl_global_init")
    FIND(init, "curl_easy_init")
    FIND(setopt, "curl_easy_setopt")
    FIND(perform, "curl_easy_perform")
    FIND(getinfo, "curl_easy_getinfo")
    FIND(cleanup, "curl_easy_cleanup")
    FIND(error, "curl_easy_strerror")
    FIND(append, "curl_slist_append")
    FIND(free_list, "curl_slist_free_all")
#undef FIND
    if (offstage_curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        snprintf(reason, sizeof reason, "libcurl.so.4 can't be started");
    }
}

int offstage_curl_load(void) {
    pthread_once(&once, load);
    return reason[0] ? 1 : 0;
}

const char *offstage_curl_reason(void) { return reason; }

CURLcode offstage_curl_prepare(CURL *handle, char *problem, const char *protocols, long mask, long timeout) {
    CURLcode code = CURLE_OK;
    SET(handle, code, CURLOPT_NOSIGNAL, 1L);
    SET(handle, code, CURLOPT_ERRORBUFFER, problem);
    SET(handle, code, CURLOPT_TIMEOUT_MS, timeout);
    // No proxy, whatever the environment says.
    SET(handle, code, CURLOPT_PROXY, "");
    SET(handle, code, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(handle, code, CURLOPT_FOLLOWLOCATION, 0L);
    SET(handle, code, CURLOPT_SSL_VERIFYPEER, 1L);
    SET(handle, code, CURLOPT_SSL_VERIFYHOST, 2L);
    SET(handle, code, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (code != CURLE_OK) return code;
#if LIBCURL_VERSION_NUM >= 0x075500
    code = offstage_curl.setopt(handle, CURLOPT_PROTOCOLS_STR, protocols);
    if (code != CURLE_UNKNOWN_OPTION) return code;
#endif
    // Libraries before 7.85 know the mask alone.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    return offstage_curl.setopt(handle, CURLOPT_PROTOCOLS, mask);
#pragma GCC diagnostic pop
}

void offstage_curl_describe(CURLcode code, char *problem, size_t size) {
    if (code != CURLE_OK && !problem[0]) snprintf(problem, size, "%s", offstage_curl.error(code));
}
