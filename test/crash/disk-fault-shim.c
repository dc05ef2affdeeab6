// Loaded with LD_PRELOAD: while the file DISK_FAULT_SWITCH holds a number, whatever would change something in the
// directory DISK_FAULT_WATCHED fails with that errno. 30 (EROFS) is what a file system that turned read-only answers.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int is_watched(const char *path) {
  const char *watched = getenv("DISK_FAULT_WATCHED");
  size_t length = watched == NULL ? 0 : strlen(watched);
  return length > 0 && strncmp(path, watched, length) == 0;
}

static int (*real_open)(const char *, int, ...);

// The errno to fail with; 0: go on.
static int fault(void) {
  const char *name = getenv("DISK_FAULT_SWITCH");
  if (name == NULL) return 0;
  if (real_open == NULL) real_open = dlsym(RTLD_NEXT, "open64");
  int file = real_open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[16] = {0};
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  return length > 0 ? atoi(text) : 0;
}

static int fault_of_path(const char *path) { return is_watched(path) ? fault() : 0; }

static int fault_of(int descriptor) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fault_of_path(path);
}

static int changes(int flags) { return (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_TRUNC)) != 0; }

#define FAIL_IF(expression)                                                                                            \
  int fault_found = (expression);                                                                                      \
  if (fault_found != 0) {                                                                                              \
    errno = fault_found;                                                                                               \
    return -1;                                                                                                         \
  }

#define OPEN(name)                                                                                                     \
  int name(const char *path, int flags, ...) {                                                                         \
    va_list rest;                                                                                                      \
    va_start(rest, flags);                                                                                             \
    mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0;                                     \
    va_end(rest);                                                                                                      \
    FAIL_IF(changes(flags) ? fault_of_path(path) : 0)                                                                  \
    if (real_open == NULL) real_open = dlsym(RTLD_NEXT, "open64");                                                     \
    return real_open(path, flags, mode);                                                                               \
  }

OPEN(open)
OPEN(open64)

ssize_t write(int descriptor, const void *bytes, size_t length) {
  static ssize_t (*real)(int, const void *, size_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "write");
  FAIL_IF(fault_of(descriptor))
  return real(descriptor, bytes, length);
}

#define PWRITE(name)                                                                                                   \
  ssize_t name(int descriptor, const void *bytes, size_t length, off_t at) {                                           \
    static ssize_t (*real)(int, const void *, size_t, off_t);                                                          \
    if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite64");                                                             \
    FAIL_IF(fault_of(descriptor))                                                                                      \
    return real(descriptor, bytes, length, at);                                                                        \
  }

PWRITE(pwrite)
PWRITE(pwrite64)

#define FTRUNCATE(name)                                                                                                \
  int name(int descriptor, off_t length) {                                                                             \
    static int (*real)(int, off_t);                                                                                    \
    if (real == NULL) real = dlsym(RTLD_NEXT, "ftruncate64");                                                          \
    FAIL_IF(fault_of(descriptor))                                                                                      \
    return real(descriptor, length);                                                                                   \
  }

FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

int unlink(const char *path) {
  static int (*real)(const char *);
  if (real == NULL) real = dlsym(RTLD_NEXT, "unlink");
  FAIL_IF(fault_of_path(path))
  return real(path);
}
