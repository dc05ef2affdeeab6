// Loaded with LD_PRELOAD: after each successful fsync or fdatasync of something in the watched directory, copies what is
// now on stable storage to a shadow directory. When the process is killed, shadow/files is what a power cut would have
// left: contents as of the last sync of the file, names as of the last sync of the file or the directory.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t one_copy_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static void fail(const char *what) {
  perror(what);
  abort();
}

// Reads through the descriptor that was synced: closing another one of the same file would drop SQLite's locks on it.
static void copy_content(int from, const char *to) {
  char buffer[1 << 16];
  char again[64];
  int reader = from;
  if ((fcntl(from, F_GETFL) & O_ACCMODE) == O_WRONLY) {
    snprintf(again, sizeof again, "/proc/self/fd/%d", from);
    reader = open(again, O_RDONLY | O_CLOEXEC);
  }
  int writer = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (reader < 0 || writer < 0) fail("power-cut-shim: open");
  off_t at = 0;
  ssize_t length;
  while ((length = pread(reader, buffer, sizeof buffer, at)) > 0) {
    if (write(writer, buffer, length) != length) fail("power-cut-shim: write");
    at += length;
  }
  if (length < 0) fail("power-cut-shim: pread");
  close(writer);
  if (reader != from) close(reader);
}

// Gives the stored content of an inode a name, in one step, so that no kill finds the name missing.
static void name_content(const char *shadow, ino_t inode, const char *name) {
  char content[PATH_MAX], draft[PATH_MAX], final[PATH_MAX];
  snprintf(content, sizeof content, "%s/inodes/%lu", shadow, (unsigned long)inode);
  snprintf(draft, sizeof draft, "%s/name", shadow);
  snprintf(final, sizeof final, "%s/files/%s", shadow, name);
  if (link(content, draft) != 0) {
    if (errno == ENOENT) return; // never synced: its content would be lost
    fail("power-cut-shim: link");
  }
  if (rename(draft, final) != 0) fail("power-cut-shim: rename");
  unlink(draft); // rename leaves it where both names already were the same file
}

static void keep_file(const char *shadow, int descriptor, ino_t inode, const char *name) {
  char draft[PATH_MAX], content[PATH_MAX];
  snprintf(draft, sizeof draft, "%s/content", shadow);
  snprintf(content, sizeof content, "%s/inodes/%lu", shadow, (unsigned long)inode);
  copy_content(descriptor, draft);
  if (rename(draft, content) != 0) fail("power-cut-shim: rename");
  name_content(shadow, inode, name);
}

static void keep_names(const char *shadow, const char *watched) {
  char kept[PATH_MAX];
  snprintf(kept, sizeof kept, "%s/files", shadow);
  DIR *names = opendir(watched);
  DIR *kept_names = opendir(kept);
  if (names == NULL || kept_names == NULL) fail("power-cut-shim: opendir");
  struct stat status; // what readdir says of inodes is not to be trusted on layered file systems
  for (struct dirent *entry; (entry = readdir(names)) != NULL;) {
    if (fstatat(dirfd(names), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISREG(status.st_mode)) name_content(shadow, status.st_ino, entry->d_name);
  }
  for (struct dirent *entry; (entry = readdir(kept_names)) != NULL;) {
    if (entry->d_name[0] == '.') continue;
    int is_removed = fstatat(dirfd(names), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0;
    if (is_removed) unlinkat(dirfd(kept_names), entry->d_name, 0);
  }
  closedir(names);
  closedir(kept_names);
}

static void keep(int descriptor) {
  const char *watched = getenv("POWER_CUT_WATCHED");
  const char *shadow = getenv("POWER_CUT_SHADOW");
  char link[64], path[PATH_MAX];
  struct stat status;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (watched == NULL || shadow == NULL || length <= 0 || fstat(descriptor, &status) != 0) return;
  path[length] = '\0';
  size_t prefix = strlen(watched);
  if (strncmp(path, watched, prefix) != 0) return;
  pthread_mutex_lock(&one_copy_at_a_time);
  if (path[prefix] == '\0') keep_names(shadow, watched);
  else if (path[prefix] == '/') keep_file(shadow, descriptor, status.st_ino, path + prefix + 1);
  pthread_mutex_unlock(&one_copy_at_a_time);
}

static int synced(const char *name, int descriptor) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(descriptor);
  int error = errno;
  if (result == 0) keep(descriptor);
  errno = error;
  return result;
}

int fsync(int descriptor) { return synced("fsync", descriptor); }

int fdatasync(int descriptor) { return synced("fdatasync", descriptor); }
