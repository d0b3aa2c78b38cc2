/* Which CA stores are tried, in which order, and what makes them be looked for anew. */
#include "certificate.h"
#include "check.h"
#include "failing.h"

#include "core/trust.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void
write_certificate(const char *path)
{
    static const char text[] = PEM_BLOCK("CERTIFICATE");
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(fd >= 0 && write(fd, text, sizeof(text) - 1) == sizeof(text) - 1 && close(fd) == 0);
}

/* Sets both variables, or takes them away where NULL, and looks: returns new. */
static struct zc_trust *
find(const char *directory, const char *bundle)
{
    struct zc_trust *trust = NULL;
    CHECK((directory == NULL ? unsetenv("SSL_CERT_DIR") : setenv("SSL_CERT_DIR", directory, 1)) == 0);
    CHECK((bundle == NULL ? unsetenv("SSL_CERT_FILE") : setenv("SSL_CERT_FILE", bundle, 1)) == 0);
    CHECK(zc_trust_find(&trust) == ZC_OK && trust != NULL);
    return trust;
}

static bool
is_store(const struct zc_trust *trust, size_t at, bool is_directory, const char *path)
{
    return at < trust->n_stores && trust->stores[at].is_directory == is_directory && strcmp(trust->stores[at].path, path) == 0;
}

static void
the_variables_come_first_the_directory_before_the_bundle(void)
{
    struct zc_trust *machine = find(NULL, NULL);
    struct zc_trust *trust = find("hashed", "bundle.pem");
    CHECK(is_store(trust, 0, true, "hashed") && is_store(trust, 1, false, "bundle.pem"));
    CHECK(trust->n_stores == machine->n_stores + 2);
    for (size_t i = 0; i < machine->n_stores; i++) {
        CHECK(is_store(trust, i + 2, machine->stores[i].is_directory, machine->stores[i].path));
    }
    zc_trust_release(trust);
    trust = find(NULL, "bundle.pem");
    CHECK(is_store(trust, 0, false, "bundle.pem") && trust->n_stores == machine->n_stores + 1);
    zc_trust_release(trust);
    zc_trust_release(machine);
}

static void
what_cannot_be_used_is_passed_over(void)
{
    struct zc_trust *machine = find(NULL, NULL);
    static const char *const bad[][2] = {
        {"missing", "missing"}, {"empty", "empty.pem"}, {"bundle.pem", "hashed"}, {"", ""}, {"missing:empty", "fifo"},
    };
    (void)alarm(20); /* a FIFO that hangs would end the driver */
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct zc_trust *trust = find(bad[i][0], bad[i][1]);
        CHECK_ROW(trust->n_stores == machine->n_stores, bad[i][0]);
        zc_trust_release(trust);
    }
    (void)alarm(0);
    zc_trust_release(machine);
}

/* A link to a store of the machine's is that store: it only comes first now. */
static void
no_store_is_tried_twice(void)
{
    struct zc_trust *machine = find(NULL, NULL);
    for (size_t i = 0; i < machine->n_stores; i++) {
        char link[32];
        (void)snprintf(link, sizeof(link), "link-%zu", i);
        CHECK(symlink(machine->stores[i].path, link) == 0);
        bool is_directory = machine->stores[i].is_directory;
        struct zc_trust *trust = is_directory ? find(link, NULL) : find(NULL, link);
        CHECK(is_store(trust, 0, is_directory, link) && trust->n_stores == machine->n_stores);
        zc_trust_release(trust);
    }
    zc_trust_release(machine);
}

static void
what_was_found_is_kept_until_a_variable_changes(void)
{
    struct zc_trust *trust = find("hashed", NULL);
    struct zc_trust *again = find("hashed", NULL);
    CHECK(trust == again && trust->n_references == 3);
    struct zc_trust *other = find("hashed", "bundle.pem");
    CHECK(other != trust && is_store(other, 1, false, "bundle.pem") && trust->n_references == 2);
    CHECK(is_store(trust, 0, true, "hashed")); /* for whoever is still in the middle of a login */
    zc_trust_release(other);
    zc_trust_release(again);
    zc_trust_release(trust);
    zc_trust_release(NULL);
}

/* A process without a descriptor to spare finds nothing that it did not find before; that is not kept. */
static void
nothing_found_is_no_failure_and_looked_for_again(void)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit none = {0, limit.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    struct zc_trust *trust = find("./hashed", NULL);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(trust->n_stores == 0);
    zc_trust_release(trust);
    trust = find("./hashed", NULL);
    CHECK(trust->n_stores >= 1);
    zc_trust_release(trust);
}

static void
the_callers_stores_are_taken_alone_and_as_they_are(void)
{
    struct zc_trust *trust = NULL;
    CHECK(zc_trust_from(&trust, "a", "b") == ZC_OK && trust->n_stores == 2 && trust->n_references == 1);
    CHECK(is_store(trust, 0, true, "a") && is_store(trust, 1, false, "b"));
    zc_trust_release(trust);
    CHECK(zc_trust_from(&trust, NULL, "b") == ZC_OK && trust->n_stores == 1 && is_store(trust, 0, false, "b"));
    zc_trust_release(trust);
    CHECK(zc_trust_from(&trust, NULL, NULL) == ZC_OK && trust->n_stores == 0);
    zc_trust_release(trust);
}

static void
without_memory_there_is_no_list(void)
{
    struct zc_trust *trust = NULL;
    fail_allocation(1);
    CHECK(zc_trust_from(&trust, "a", "b") == ZC_NO_MEMORY && trust == NULL);
    CHECK(setenv("SSL_CERT_DIR", "./hashed", 1) == 0);
    fail_allocation(1);
    CHECK(zc_trust_find(&trust) == ZC_NO_MEMORY && trust == NULL && allocation_failed());
    fail_allocation(0);
    CHECK(zc_trust_find(&trust) == ZC_OK && is_store(trust, 0, true, "./hashed"));
    zc_trust_release(trust);
}

static void *
find_and_release(void *n_bad)
{
    for (int i = 0; i < 200; i++) {
        struct zc_trust *trust = NULL;
        if (zc_trust_find(&trust) != ZC_OK || !is_store(trust, 0, true, "hashed")) {
            ++*(int *)n_bad;
        }
        zc_trust_release(trust);
    }
    return NULL;
}

static void
threads_share_the_list(void)
{
    pthread_t threads[8];
    int n_bad[8] = {0};
    zc_trust_release(find("hashed", NULL));
    for (size_t i = 0; i < 8; i++) {
        CHECK(pthread_create(&threads[i], NULL, find_and_release, &n_bad[i]) == 0);
    }
    for (size_t i = 0; i < 8; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0 && n_bad[i] == 0);
    }
    struct zc_trust *trust = find("hashed", NULL);
    CHECK(trust->n_references == 2);
    zc_trust_release(trust);
}

int
main(void)
{
    CHECK(mkdir("hashed", 0700) == 0 && mkdir("empty", 0700) == 0 && mkfifo("fifo", 0600) == 0);
    write_certificate("hashed/0123abcd.0");
    write_certificate("bundle.pem");
    CHECK(close(open("empty.pem", O_WRONLY | O_CREAT, 0600)) == 0);
    nothing_found_is_no_failure_and_looked_for_again();
    the_variables_come_first_the_directory_before_the_bundle();
    what_cannot_be_used_is_passed_over();
    no_store_is_tried_twice();
    what_was_found_is_kept_until_a_variable_changes();
    the_callers_stores_are_taken_alone_and_as_they_are();
    without_memory_there_is_no_list();
    threads_share_the_list();
    return check_done();
}
