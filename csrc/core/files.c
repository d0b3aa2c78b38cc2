/* Looks at certificate files and directories before libcurl does. Opened without blocking: a FIFO must not hang a login. What was
 * found good is remembered by each thread as long as it does not change, so that a login costs one stat(). */
#include "core/files.h"

#include "core/buffer.h"
#include "core/pem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK    16384
#define FILE_CAP ((size_t)16 * 1024 * 1024)

#ifdef __APPLE__
#define st_ctim st_ctimespec
#endif

static const char *
errno_text(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return "does not exist";
    case EACCES:
    case EPERM:
        return "cannot be read: permission denied";
    default:
        return "cannot be read";
    }
}

static const char *
search_file(int fd, const char *label)
{
    char block[BLOCK];
    const char *problem = NULL;
    struct zc_buffer text;
    zc_buffer_init(&text, FILE_CAP);
    for (;;) {
        ssize_t got = read(fd, block, sizeof(block));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            problem = got < 0                             ? errno_text()
                      : strcmp(label, "CERTIFICATE") == 0 ? "holds no certificate in PEM"
                                                          : "holds no key in PEM";
            break;
        }
        for (ssize_t i = 0; i < got; i++) {
            block[i] = block[i] == '\0' ? ' ' : block[i]; /* so that the whole of it is one text */
        }
        if (zc_buffer_append(&text, block, (size_t)got) != ZC_OK) {
            problem = "is too large";
            break;
        }
    }
    if (text.len > 0 && zc_pem_holds(text.bytes, label)) {
        problem = NULL;
    }
    zc_buffer_clear(&text);
    return problem;
}

/* A file or directory that was found good, as it was then. */
struct good {
    const char *label;
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec changed;
};

static _Thread_local struct good goods[4];
static _Thread_local unsigned int next_good;

static struct good
good_of(const struct stat *about, const char *label)
{
    return (struct good){label, about->st_dev, about->st_ino, about->st_size, about->st_ctim};
}

static uint64_t
stamp_of(const struct stat *about)
{
    uint64_t stamp = (uint64_t)about->st_ino * 31 + (uint64_t)about->st_size;
    return (stamp * 31 + (uint64_t)about->st_ctim.tv_sec) * 1000000007 + (uint64_t)about->st_ctim.tv_nsec;
}

static bool
is_known_good(const struct stat *about, const char *label)
{
    const struct good wanted = good_of(about, label);
    for (size_t i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
        const struct good *g = &goods[i];
        if (g->label != NULL && g->device == wanted.device && g->inode == wanted.inode && g->size == wanted.size &&
            g->changed.tv_sec == wanted.changed.tv_sec && g->changed.tv_nsec == wanted.changed.tv_nsec &&
            strcmp(g->label, label) == 0) {
            return true;
        }
    }
    return false;
}

static void
remember_good(const struct stat *about, const char *label)
{
    goods[next_good++ % (sizeof(goods) / sizeof(goods[0]))] = good_of(about, label);
}

const char *
zc_file_problem(const char *path, const char *label, uint64_t *stamp)
{
    struct stat about = {0};
    bool is_good = stat(path, &about) == 0 && is_known_good(&about, label);
    if (stamp != NULL) {
        *stamp = stamp_of(&about);
    }
    if (is_good) {
        return NULL;
    }
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return errno_text();
    }
    const char *problem = NULL;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode)) {
        problem = "is not a regular file";
    }
    else {
        problem = search_file(fd, label);
    }
    if (problem == NULL) {
        remember_good(&about, label);
    }
    (void)close(fd);
    return problem;
}

/* Eight lower-case hex digits, a dot and a number, as `openssl rehash` names its links. */
static bool
is_hashed_name(const char *name)
{
    return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] != '\0' &&
           name[9 + strspn(name + 9, "0123456789")] == '\0';
}

/* Links may lead nowhere, so one is followed. */
static bool
holds_certificate(DIR *directory, const char *path)
{
    char file[PATH_MAX];
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        if (is_hashed_name(entry->d_name) && snprintf(file, sizeof(file), "%s/%s", path, entry->d_name) < (int)sizeof(file) &&
            zc_file_problem(file, "CERTIFICATE", NULL) == NULL) {
            return true;
        }
    }
    return false;
}

static const char *
one_directory_problem(const char *path)
{
    static const char label[] = "hashed directory";
    struct stat about;
    if (stat(path, &about) == 0 && is_known_good(&about, label)) {
        return NULL;
    }
    DIR *directory = opendir(path);
    if (directory == NULL) {
        return errno == ENOTDIR && stat(path, &about) == 0 ? "is not a directory" : errno_text();
    }
    const char *problem = NULL;
    if (!holds_certificate(directory, path)) {
        problem = "holds no certificate under a hashed name (openssl rehash makes them)";
    }
    else if (fstat(dirfd(directory), &about) == 0) {
        remember_good(&about, label);
    }
    (void)closedir(directory);
    return problem;
}

const char *
zc_directory_problem(const char *path)
{
    const char *problem = "does not exist";
    char one[PATH_MAX];
    for (const char *at = path; *at != '\0' && problem != NULL;) {
        size_t len = strcspn(at, ":");
        if (len > 0 && len < sizeof(one)) {
            memcpy(one, at, len);
            one[len] = '\0';
            problem = one_directory_problem(one);
        }
        at += len + (at[len] == ':');
    }
    return problem;
}
