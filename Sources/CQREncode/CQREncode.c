#include "CQREncode.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

static struct {
    __typeof__(&QRcode_encodeData) encodeData;
    __typeof__(&QRcode_free) free;
} library;

static char reason[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handle = dlopen("libqrencode.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        snprintf(reason, sizeof reason, "%s", dlerror());
        return;
    }
#define FIND(member, name) \
    if (!(library.member = (__typeof__(library.member))dlsym(handle, name))) { \
        snprintf(reason, sizeof reason, "libqrencode.so.4 lacks %s", name); \
        return; \
    }
    FIND(encodeData, "QRcode_encodeData")
    FIND(free, "QRcode_free")
#undef FIND
}

int offstage_qr_load(void) {
    pthread_once(&once, load);
    return reason[0] ? 1 : 0;
}

const char *offstage_qr_reason(void) { return reason; }

QRcode *offstage_qr_encodeData(int size, const unsigned char *data, int version, QRecLevel level) { return library.encodeData(size, data, version, level); }
void offstage_qr_free(QRcode *code) { library.free(code); }
