/* Certificate files and directories, judged before libcurl sees them. Works in the current directory, which is the test's own. */
#include "check.h"

#include "core/files.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"

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
    return zc_file_problem("file.pem", label) == NULL;
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
    CHECK(!holds("-----BEGIN PRIVATE KEY-----\nMIIB", "CERTIFICATE"));
    CHECK(!holds(CERTIFICATE, "PRIVATE KEY"));
    CHECK(!holds("-----BEGIN CERTIFICATE REQUEST-----\nMIIB", "CERTIFICATE"));
    CHECK(!holds("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "CERTIFICATE"));
    CHECK(!holds("-----BEGIN CERTIFICATE-----\nwords\n", "CERTIFICATE"));
    CHECK(!holds("-----BEGIN CERTIFICATE\nMIIB", "CERTIFICATE"));
    CHECK(!holds("-----BEGIN CERTIFICATE----MIIB", "CERTIFICATE"));
    CHECK(!holds("-----END CERTIFICATE-----\nMIIB", "CERTIFICATE"));
    CHECK(!holds("-----BEGIN -----MIIB", "CERTIFICATE"));
    CHECK(holds(CERTIFICATE, "CERTIFICATE"));
    CHECK(holds("some words first\r\n-----BEGIN CERTIFICATE-----\r\nMIIB", "CERTIFICATE"));
    CHECK(holds("-----BEGIN TRUSTED CERTIFICATE-----\nMIIB", "CERTIFICATE"));
    CHECK(holds("-----BEGIN EC PRIVATE KEY-----\nMHcC\n" CERTIFICATE, "CERTIFICATE"));
    CHECK(holds("-----BEGIN CERTIFICATE-----\n" CERTIFICATE, "CERTIFICATE"));
    CHECK(holds("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", "PRIVATE KEY"));
    CHECK(holds("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB", "PRIVATE KEY"));
}

static void
a_file_that_changed_is_judged_anew(void)
{
    CHECK(holds(CERTIFICATE, "CERTIFICATE"));
    CHECK(!holds("nothing", "CERTIFICATE"));
    CHECK(holds("and again\n" CERTIFICATE, "CERTIFICATE"));
    CHECK(unlink("file.pem") == 0 && says(zc_file_problem("file.pem", "CERTIFICATE"), "does not exist"));
}

/* The file is read in blocks of 8 KiB: what is looked for may lie across their borders at any of its bytes. No two of these files have
 * the same size, since a file that looks as it did is not read again. */
static void
a_block_is_found_wherever_it_begins(void)
{
    char bytes[20000];
    memset(bytes, '-', sizeof(bytes));
    write_bytes("file.pem", bytes, sizeof(bytes));
    CHECK(zc_file_problem("file.pem", "CERTIFICATE") != NULL);
    size_t n_found = 0;
    for (size_t i = 0; i < 400; i++) {
        size_t at = i < 200 ? 8050 + i : 16142 + i - 200; /* about the second border, less what was kept of the first block */
        memset(bytes, 'x', sizeof(bytes));
        memcpy(bytes + at, CERTIFICATE, sizeof(CERTIFICATE) - 1);
        write_bytes("file.pem", bytes, 19000 + i);
        n_found += zc_file_problem("file.pem", "CERTIFICATE") == NULL;
    }
    CHECK(n_found == 400);
}

static void
a_block_is_found_behind_nul_bytes(void)
{
    char bytes[9000] = {0};
    memcpy(bytes + sizeof(bytes) - sizeof(CERTIFICATE), CERTIFICATE, sizeof(CERTIFICATE) - 1);
    write_bytes("file.pem", bytes, sizeof(bytes));
    CHECK(zc_file_problem("file.pem", "CERTIFICATE") == NULL);
}

/* A FIFO without a writer would hang whoever opens it: the alarm would end the driver. */
static void
what_is_no_file_is_refused_at_once(void)
{
    CHECK(mkdir("folder", 0700) == 0 && mkfifo("fifo", 0600) == 0);
    (void)alarm(20);
    CHECK(says(zc_file_problem("missing.pem", "CERTIFICATE"), "does not exist"));
    CHECK(says(zc_file_problem("file.pem/x", "CERTIFICATE"), "does not exist"));
    CHECK(says(zc_file_problem("folder", "CERTIFICATE"), "regular file"));
    CHECK(says(zc_file_problem("fifo", "CERTIFICATE"), "regular file"));
    CHECK(says(zc_file_problem("/dev/null", "CERTIFICATE"), "regular file"));
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
        bool refused = says(zc_file_problem("closed.pem", "CERTIFICATE"), "permission denied") &&
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
    write_text("hashed/0123abcd.10", CERTIFICATE);
    CHECK(zc_directory_problem("hashed") == NULL);
    CHECK(zc_directory_problem("hashed/") == NULL);
    CHECK(says(zc_directory_problem("missing"), "does not exist"));
    CHECK(says(zc_directory_problem("file.pem"), "does not exist"));
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
    (void)zc_file_problem("file.pem", "CERTIFICATE");
    (void)zc_file_problem("folder", "CERTIFICATE");
    (void)zc_file_problem("fifo", "CERTIFICATE");
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
