/* Certificate files and directories, judged before libcurl sees them. Works in the current directory, which is the test's own. */
#include "certificate.h"
#include "check.h"

#include "core/files.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CERTIFICATE PEM_BLOCK("CERTIFICATE")

static void
write_bytes(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && close(fd) == 0);
}

static void
write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

static bool
holds(const char *text, const char *label)
{
    write_text("file.pem", text);
    return zc_file_problem("file.pem", label, NULL) == NULL;
}

static bool
says(const char *problem, const char *words)
{
    return problem != NULL && strstr(problem, words) != NULL;
}

static void
a_file_holds_a_block_with_its_label(void)
{
    CHECK(!holds("", "CERTIFICATE"));
    CHECK(!holds(PEM_BLOCK("PRIVATE KEY"), "CERTIFICATE"));
    CHECK(!holds(CERTIFICATE, "PRIVATE KEY"));
    CHECK(holds(CERTIFICATE, "CERTIFICATE"));
    CHECK(holds("some words first\r\n" CERTIFICATE, "CERTIFICATE"));
    CHECK(holds(PEM_BLOCK("EC PRIVATE KEY") CERTIFICATE, "CERTIFICATE"));
    CHECK(holds("-----BEGIN CERTIFICATE-----\n" CERTIFICATE, "CERTIFICATE"));
}

static void
a_file_that_changed_is_judged_anew(void)
{
    CHECK(holds(CERTIFICATE, "CERTIFICATE"));
    CHECK(!holds("nothing", "CERTIFICATE"));
    CHECK(holds("and again\n" CERTIFICATE, "CERTIFICATE"));
    CHECK(unlink("file.pem") == 0 && says(zc_file_problem("file.pem", "CERTIFICATE", NULL), "does not exist"));
}

/* Wherever it lies across the blocks that are read. No two of these files have the same size, since a file that looks as it did is
 * not read again. */
static void
a_block_is_found_wherever_it_begins(void)
{
    char bytes[40000];
    size_t n_found = 0;
    for (size_t i = 0; i < 200; i++) {
        size_t at = 16284 + i;
        memset(bytes, '\n', sizeof(bytes));
        memcpy(bytes + at, CERTIFICATE, sizeof(CERTIFICATE) - 1);
        write_bytes("file.pem", bytes, 39000 + i);
        n_found += zc_file_problem("file.pem", "CERTIFICATE", NULL) == NULL;
    }
    CHECK(n_found == 200);
}

static void
a_block_is_found_behind_nul_bytes(void)
{
    char bytes[9000] = {0};
    bytes[sizeof(bytes) - sizeof(CERTIFICATE) - 1] = '\n';
    memcpy(bytes + sizeof(bytes) - sizeof(CERTIFICATE), CERTIFICATE, sizeof(CERTIFICATE) - 1);
    write_bytes("file.pem", bytes, sizeof(bytes));
    CHECK(zc_file_problem("file.pem", "CERTIFICATE", NULL) == NULL);
}

/* A FIFO without a writer would hang whoever opens it: the alarm would end the driver. */
static void
what_is_no_file_is_refused_at_once(void)
{
    CHECK(mkdir("folder", 0700) == 0 && mkfifo("fifo", 0600) == 0);
    (void)alarm(20);
    CHECK(says(zc_file_problem("missing.pem", "CERTIFICATE", NULL), "does not exist"));
    CHECK(says(zc_file_problem("file.pem/x", "CERTIFICATE", NULL), "does not exist"));
    CHECK(says(zc_file_problem("folder", "CERTIFICATE", NULL), "regular file"));
    CHECK(says(zc_file_problem("fifo", "CERTIFICATE", NULL), "regular file"));
    CHECK(says(zc_file_problem("/dev/null", "CERTIFICATE", NULL), "regular file"));
    (void)alarm(0);
}

/* Root reads everything; so the attempt is made by nobody, in a child that hands back what it found as its exit status. */
static void
what_may_not_be_read_is_refused(void)
{
    write_text("closed.pem", CERTIFICATE);
    CHECK(mkdir("closed", 0700) == 0);
    write_text("closed/0123abcd.0", CERTIFICATE);
    CHECK(chmod("closed.pem", 0) == 0 && chmod("closed", 0) == 0 && chmod(".", 0755) == 0);
    pid_t child = fork();
    if (child == 0) {
        bool is_nobody = geteuid() != 0 || setuid(65534) == 0;
        bool refused = says(zc_file_problem("closed.pem", "CERTIFICATE", NULL), "permission denied") &&
                       says(zc_directory_problem("closed"), "permission denied");
        _exit(is_nobody && refused ? 0 : 1);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK(chmod("closed", 0700) == 0);
}

static void
a_directory_holds_a_hashed_name(void)
{
    static const char *const names[] = {"cert.pem",   "0123abcd",  "0123abcd.",   "0123abcd.x", "0123abcd.0x", "0123abcd.r0",
                                        "0123ABCD.0", "123abcd.0", "00123abcd.0", "0123abcg.0", "x0123abcd.0"};
    CHECK(mkdir("hashed", 0700) == 0);
    CHECK(says(zc_directory_problem("hashed"), "hashed name"));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char path[64];
        (void)snprintf(path, sizeof(path), "hashed/%s", names[i]);
        write_text(path, CERTIFICATE);
        CHECK_ROW(says(zc_directory_problem("hashed"), "hashed name"), names[i]);
    }
    CHECK(symlink("nowhere", "hashed/0123abcd.0") == 0);
    write_text("hashed/0123abcd.1", "no certificate");
    CHECK(says(zc_directory_problem("hashed"), "hashed name"));
    write_text("hashed/0123abcd.10", CERTIFICATE);
    CHECK(zc_directory_problem("hashed") == NULL);
    CHECK(zc_directory_problem("hashed/") == NULL);
    CHECK(says(zc_directory_problem("missing"), "does not exist"));
    CHECK(says(zc_directory_problem("file.pem"), "is not a directory"));
    CHECK(zc_directory_problem("fifo") != NULL);
}

static void
several_directories_are_as_good_as_their_best(void)
{
    char long_path[6000];
    memset(long_path, 'x', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';
    CHECK(zc_directory_problem("missing:hashed") == NULL);
    CHECK(zc_directory_problem("hashed:missing") == NULL);
    CHECK(zc_directory_problem(":hashed:") == NULL);
    CHECK(zc_directory_problem("missing:folder") != NULL);
    CHECK(zc_directory_problem("") != NULL);
    CHECK(zc_directory_problem(":") != NULL);
    CHECK(zc_directory_problem(long_path) != NULL);
}

static void
nothing_stays_open(void)
{
    int before = dup(0);
    CHECK(before >= 0 && close(before) == 0);
    (void)zc_file_problem("file.pem", "CERTIFICATE", NULL);
    (void)zc_file_problem("folder", "CERTIFICATE", NULL);
    (void)zc_file_problem("fifo", "CERTIFICATE", NULL);
    (void)zc_directory_problem("hashed");
    (void)zc_directory_problem("folder:missing");
    int after = dup(0);
    CHECK(after == before && close(after) == 0);
}

int
main(void)
{
    a_file_holds_a_block_with_its_label();
    a_file_that_changed_is_judged_anew();
    a_block_is_found_wherever_it_begins();
    a_block_is_found_behind_nul_bytes();
    what_is_no_file_is_refused_at_once();
    what_may_not_be_read_is_refused();
    a_directory_holds_a_hashed_name();
    several_directories_are_as_good_as_their_best();
    nothing_stays_open();
    return check_done();
}
