/* The disk between SQLite and the system, for LD_PRELOAD: it keeps a log of what was written and what was synced, so that a
 * power cut can be played, and fails, shortens or swallows calls on demand. It also shifts the clock.
 *
 *   TORTURE_FOLDER   the folder whose files are watched: absolute, without a slash at its end
 *   TORTURE_CONTROL  a file that is mapped: what to do, and what was done (enum field, 64-bit integers)
 *   TORTURE_LOG      a file that is appended to: a struct record for each call, before the call is made, with its bytes
 *
 * The log comes before the write: a process that is killed between the two leaves a write in the log that was under way,
 * which a power cut may keep or lose like any other that was not synced.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum field {
    PROCESS, OPERATION, FILES, ERROR, AFTER, TIMES, HALF, HITS, LIE, DROP, CUT_ON, CUT_AFTER, CUT_WHERE, CLOCK_SHIFT,
    WRITES, SYNCS, READS, FIELDS
};
enum operation { WRITING = 1, SYNCING = 2, READING = 4, TRUNCATING = 8 };
enum file { UNWATCHED = 0, DATABASE = 1, LOG = 2, JOURNAL = 4, OTHER = 8 };
/* Where in the call the power goes. */
enum cut { BEFORE = 0, HALFWAY = 1, BEHIND = 2 };
enum kind { WRITE = 1, TRUNCATE = 2, SYNC = 3, DROPPED = 4, UNLINK = 5, LINK = 6 };

struct record {
    uint32_t kind;
    uint32_t length;
    int64_t offset;
    char name[64];
};

#define DESCRIPTORS 65536
static unsigned char watched[DESCRIPTORS];
static char names[DESCRIPTORS][64];

static volatile int64_t nothing[FIELDS];
static volatile int64_t *control = nothing;
static int log_descriptor = -1;
static char folder[PATH_MAX];
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

/* The system's own function of this name. */
#define REAL(name) ({ \
    static __typeof__(&name) real; \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); \
    real; })

__attribute__((constructor)) static void start(void) {
    const char *place = getenv("TORTURE_FOLDER"), *control_path = getenv("TORTURE_CONTROL"), *log_path = getenv("TORTURE_LOG");
    if (!place || !control_path || !log_path) return;
    int descriptor = REAL(open)(control_path, O_RDWR | O_CLOEXEC);
    if (descriptor < 0) abort();
    void *map = mmap(NULL, FIELDS * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    REAL(close)(descriptor);
    log_descriptor = REAL(open)(log_path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (map == MAP_FAILED || log_descriptor < 0) abort();
    control = map;
    control[PROCESS] = getpid();
    strncpy(folder, place, sizeof folder - 1);
}

/* ---- Which files */

/* The name below the folder; NULL for a path elsewhere and for files that hold no data. */
static const char *name_of(const char *path) {
    size_t length = strlen(folder);
    if (!length || !path || strncmp(path, folder, length) || path[length] != '/') return NULL;
    const char *name = path + length + 1, *end = strrchr(name, '-');
    if (strlen(name) >= 64 || strchr(name, '/') || strstr(name, ".serving") || strstr(name, ".writing")) return NULL;
    return end && !strcmp(end, "-shm") ? NULL : name;
}

static enum file class_of(const char *name) {
    const char *end = strrchr(name, '-');
    if (end && !strcmp(end, "-wal")) return LOG;
    if (end && !strcmp(end, "-journal")) return JOURNAL;
    size_t length = strlen(name);
    return length > 3 && !strcmp(name + length - 3, ".db") ? DATABASE : OTHER;
}

static enum file class_at(int descriptor) {
    return descriptor >= 0 && descriptor < DESCRIPTORS ? watched[descriptor] : UNWATCHED;
}

/* ---- The log, faults and cuts; all with the turn held */

static void note(enum kind kind, const char *name, int64_t offset, const void *bytes, size_t length) {
    struct record record = {.kind = kind, .length = length, .offset = offset};
    strcpy(record.name, name);
    struct iovec parts[2] = {{&record, sizeof record}, {(void *)bytes, length}};
    ssize_t wanted = sizeof record + length;
    if (REAL(writev)(log_descriptor, parts, 2) != wanted) abort();
}

/* Whether this call is one that is to fail. */
static int fails(enum operation operation, enum file file) {
    if (!(control[OPERATION] & operation) || !(control[FILES] & file) || !control[TIMES]) return 0;
    if (control[AFTER] > 0) {
        control[AFTER]--;
        return 0;
    }
    if (control[TIMES] > 0) control[TIMES]--;
    control[HITS]++;
    return 1;
}

/* Whether the power goes with this call. */
static int cuts(enum operation operation) {
    return control[CUT_ON] & operation && control[CUT_AFTER] > 0 && --control[CUT_AFTER] == 0;
}

static void cut(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

typedef ssize_t (*writer)(int, const void *, size_t, int64_t);

static ssize_t write_at(int descriptor, const void *bytes, size_t count, int64_t offset) {
    return REAL(pwrite64)(descriptor, bytes, count, offset);
}

static ssize_t write_on(int descriptor, const void *bytes, size_t count, int64_t offset) {
    (void)offset;
    return REAL(write)(descriptor, bytes, count);
}

static ssize_t watched_write(int descriptor, const void *bytes, size_t count, int64_t offset, writer write) {
    enum file file = class_at(descriptor);
    pthread_mutex_lock(&turn);
    control[WRITES]++;
    int failing = fails(WRITING, file), error = control[ERROR], cutting = cuts(WRITING);
    size_t kept = count;
    if (failing) kept = error ? (control[HALF] ? count / 2 : 0) : (count + 1) / 2;
    if (cutting && control[CUT_WHERE] == BEFORE) cut();
    if (cutting && control[CUT_WHERE] == HALFWAY) kept = count / 2;
    ssize_t written = 0;
    if (kept) {
        note(WRITE, names[descriptor], offset, bytes, kept);
        written = write(descriptor, bytes, kept, offset);
    }
    if (cutting) cut();
    pthread_mutex_unlock(&turn);
    if (!failing || !error) return written;
    errno = error;
    return -1;
}

static int watched_sync(int descriptor, int (*sync)(int)) {
    enum file file = class_at(descriptor);
    pthread_mutex_lock(&turn);
    control[SYNCS]++;
    int failing = fails(SYNCING, file), error = control[ERROR], cutting = cuts(SYNCING);
    if (cutting && control[CUT_WHERE] == BEFORE) cut();
    int result = 0;
    if (failing) {
        /* What Linux does: the pages that could not be written are clean from now on, and no later sync writes them. */
        if (control[DROP]) note(DROPPED, names[descriptor], 0, NULL, 0);
        result = -1;
    } else if (!control[LIE]) {
        result = sync(descriptor);
        if (!result) note(SYNC, names[descriptor], 0, NULL, 0);
    }
    if (cutting) cut();
    pthread_mutex_unlock(&turn);
    if (failing) errno = error;
    return result;
}

static int watched_truncate(int descriptor, int64_t length) {
    pthread_mutex_lock(&turn);
    int failing = fails(TRUNCATING, class_at(descriptor)), error = control[ERROR], result = -1;
    if (!failing) {
        note(TRUNCATE, names[descriptor], length, NULL, 0);
        result = REAL(ftruncate64)(descriptor, length);
    }
    pthread_mutex_unlock(&turn);
    if (failing) errno = error;
    return result;
}

/* Whether a read goes on; where not, what it answers. */
static int reads(int descriptor, size_t *count) {
    enum file file = class_at(descriptor);
    if (!file) return 1;
    pthread_mutex_lock(&turn);
    control[READS]++;
    int failing = fails(READING, file), error = control[ERROR];
    pthread_mutex_unlock(&turn);
    if (failing && !error) *count = (*count + 1) / 2;
    if (!failing || !error) return 1;
    errno = error;
    return 0;
}

/* ---- The calls */

static int opened(int descriptor, const char *path, int flags) {
    const char *name = name_of(path);
    if (descriptor < 0 || descriptor >= DESCRIPTORS) return descriptor;
    watched[descriptor] = UNWATCHED;
    if (!name) return descriptor;
    pthread_mutex_lock(&turn);
    strcpy(names[descriptor], name);
    watched[descriptor] = class_of(name);
    if (flags & O_TRUNC) note(TRUNCATE, name, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return descriptor;
}

static mode_t mode_among(int flags, va_list arguments) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_among(flags, arguments);
    va_end(arguments);
    return opened(REAL(open)(path, flags, mode), path, flags);
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_among(flags, arguments);
    va_end(arguments);
    return opened(REAL(open64)(path, flags, mode), path, flags);
}

int openat(int directory, const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_among(flags, arguments);
    va_end(arguments);
    return opened(REAL(openat)(directory, path, flags, mode), path, flags);
}

int close(int descriptor) {
    if (class_at(descriptor)) watched[descriptor] = UNWATCHED;
    return REAL(close)(descriptor);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (!class_at(descriptor)) return REAL(pwrite)(descriptor, bytes, count, offset);
    return watched_write(descriptor, bytes, count, offset, write_at);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
    if (!class_at(descriptor)) return REAL(pwrite64)(descriptor, bytes, count, offset);
    return watched_write(descriptor, bytes, count, offset, write_at);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (!class_at(descriptor)) return REAL(write)(descriptor, bytes, count);
    return watched_write(descriptor, bytes, count, lseek(descriptor, 0, SEEK_CUR), write_on);
}

int ftruncate(int descriptor, off_t length) {
    return class_at(descriptor) ? watched_truncate(descriptor, length) : REAL(ftruncate)(descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) {
    return class_at(descriptor) ? watched_truncate(descriptor, length) : REAL(ftruncate64)(descriptor, length);
}

int fsync(int descriptor) {
    return class_at(descriptor) ? watched_sync(descriptor, REAL(fsync)) : REAL(fsync)(descriptor);
}

int fdatasync(int descriptor) {
    return class_at(descriptor) ? watched_sync(descriptor, REAL(fdatasync)) : REAL(fdatasync)(descriptor);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
    return reads(descriptor, &count) ? REAL(pread)(descriptor, bytes, count, offset) : -1;
}

ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t offset) {
    return reads(descriptor, &count) ? REAL(pread64)(descriptor, bytes, count, offset) : -1;
}

ssize_t read(int descriptor, void *bytes, size_t count) {
    return reads(descriptor, &count) ? REAL(read)(descriptor, bytes, count) : -1;
}

int unlink(const char *path) {
    const char *name = name_of(path);
    if (!name) return REAL(unlink)(path);
    pthread_mutex_lock(&turn);
    int result = REAL(unlink)(path);
    if (!result) note(UNLINK, name, 0, NULL, 0);
    pthread_mutex_unlock(&turn);
    return result;
}

int link(const char *from, const char *to) {
    const char *source = name_of(from), *target = name_of(to);
    if (!source || !target) return REAL(link)(from, to);
    pthread_mutex_lock(&turn);
    int result = REAL(link)(from, to);
    if (!result) note(LINK, source, 0, target, strlen(target));
    pthread_mutex_unlock(&turn);
    return result;
}

/* ---- The clock on the wall */

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = REAL(clock_gettime)(clock, time);
    if (result || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE)) return result;
    time->tv_sec += control[CLOCK_SHIFT];
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    int result = REAL(gettimeofday)(time, zone);
    if (!result) time->tv_sec += control[CLOCK_SHIFT];
    return result;
}

time_t time(time_t *place) {
    time_t now = REAL(time)(NULL) + control[CLOCK_SHIFT];
    if (place) *place = now;
    return now;
}
