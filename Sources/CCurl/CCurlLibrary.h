// What the two transfers share: the functions of the loaded library, and the settings that both have.
#pragma once
#include "CCurl.h"
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

struct offstage_curl_library {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_easy_init) init;
    // The header makes macros of these two names.
    CURLcode (*setopt)(CURL *handle, CURLoption option, ...);
    __typeof__(&curl_easy_perform) perform;
    CURLcode (*getinfo)(CURL *handle, CURLINFO info, ...);
    __typeof__(&curl_easy_cleanup) cleanup;
    __typeof__(&curl_easy_strerror) error;
    __typeof__(&curl_slist_append) append;
    __typeof__(&curl_slist_free_all) free_list;
};

extern struct offstage_curl_library offstage_curl;

// Sets an option unless one before it failed.
#define SET(handle, code, option, value) \
    if ((code) == CURLE_OK) (code) = offstage_curl.setopt((handle), (option), (value))

CURLcode offstage_curl_prepare(CURL *handle, char *problem, const char *protocols, long mask, long timeout);
/// The library's general words, where it had none for the case.
void offstage_curl_describe(CURLcode code, char *problem, size_t size);
