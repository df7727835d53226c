/* Lets a disk fail, for the tests: preloaded into a hub, and told what to do by a file.
 *
 * The file that FAILING_DISK names says "full" (nothing can be written: ENOSPC), "broken" (what was
 * written does not reach the disk: EIO from sync), "still" (sync does not return for as long as it says so), or nothing
 * at all. Everything else passes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* The first letter of the file, 0 if there is none. */
static char disk(void) {
    const char *name = getenv("FAILING_DISK");
    char state = 0;
    int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return 0;
    if (read(file, &state, 1) != 1) state = 0;
    close(file);
    return state;
}

static int fails(char how, int error) {
    int before = errno;
    if (disk() == how) { errno = error; return 1; }
    errno = before;
    return 0;
}

static void waits(void) {
    const struct timespec moment = {.tv_sec = 0, .tv_nsec = 1000000};
    while (disk() == 's') nanosleep(&moment, NULL);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
    static ssize_t (*real)(int, const void *, size_t, off_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite");
    return fails('f', ENOSPC) ? -1 : real(file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (!real) real = dlsym(RTLD_NEXT, "pwrite64");
    return fails('f', ENOSPC) ? -1 : real(file, bytes, count, at);
}

/* To a file: sockets, pipes and the log go on. */
ssize_t write(int file, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    struct stat kind;
    if (!real) real = dlsym(RTLD_NEXT, "write");
    if (file > 2 && fstat(file, &kind) == 0 && S_ISREG(kind.st_mode) && fails('f', ENOSPC)) return -1;
    return real(file, bytes, count);
}

int fsync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fsync");
    waits();
    return fails('b', EIO) ? -1 : real(file);
}

int fdatasync(int file) {
    static int (*real)(int);
    if (!real) real = dlsym(RTLD_NEXT, "fdatasync");
    waits();
    return fails('b', EIO) ? -1 : real(file);
}
