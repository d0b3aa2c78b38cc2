/* Threads look for the CA stores and let go of them, while what was found before is replaced. */
#include "certificate.h"
#include "threads.h"

#include "core/trust.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define N_ROUNDS 20
#define N_TURNS  50

static char bundles[2][sizeof("bundle-XXXXXX")] = {"bundle-XXXXXX", "bundle-XXXXXX"};
static bool found[N_THREADS];

static bool
is_in_front(const char *bundle)
{
    struct zc_trust *trust = NULL;
    bool is_ok = zc_trust_find(&trust) == ZC_OK && trust->n_stores > 0 && strcmp(trust->stores[0].path, bundle) == 0;
    zc_trust_release(trust);
    return is_ok;
}

/* The environment changes only while all wait. */
static void *
look_often(void *number)
{
    size_t own = *(size_t *)number;
    found[own] = true;
    for (int round = 0; round < N_ROUNDS; round++) {
        if (pthread_barrier_wait(&at_once) == PTHREAD_BARRIER_SERIAL_THREAD) {
            (void)setenv("SSL_CERT_FILE", bundles[round % 2], 1);
        }
        (void)pthread_barrier_wait(&at_once);
        for (int i = 0; i < N_TURNS; i++) {
            found[own] = is_in_front(bundles[round % 2]) && found[own];
        }
    }
    return NULL;
}

int
main(void)
{
    static const char certificate[] = PEM_BLOCK("CERTIFICATE");
    (void)unsetenv("SSL_CERT_DIR");
    for (size_t i = 0; i < 2; i++) {
        int fd = mkstemp(bundles[i]);
        CHECK(fd >= 0 && write(fd, certificate, sizeof(certificate) - 1) == sizeof(certificate) - 1 && close(fd) == 0);
    }
    run_threads(look_often);
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(found[i]);
    }
    return check_done();
}
