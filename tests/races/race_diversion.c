/* Threads look where logins go, while each sends them elsewhere. */
#include "threads.h"

#include "core/diversion.h"
#include "core/wipe.h"

#include <string.h>

#define N_TURNS 500

static bool right[N_THREADS];

static const char *const texts[] = {"offline", "https://127.0.0.1:1 http://127.0.0.1:2 /ca.pem", NULL};

static bool
is_one_of_them(const struct zc_diversion *now)
{
    return now->text == NULL || now->blocked != NULL || strcmp(now->ca_file, "/ca.pem") == 0;
}

static void *
turn_often(void *number)
{
    size_t own = *(size_t *)number;
    bool is_ok = true;
    (void)pthread_barrier_wait(&at_once);
    for (size_t i = 0; i < N_TURNS; i++) {
        char *before = NULL;
        struct zc_diversion now;
        is_ok = zc_diversion_exchange(texts[(own + i) % 3], &before) == ZC_OK && is_ok;
        zc_wiping_free(before);
        is_ok = zc_diversion_get(&now) == ZC_OK && is_one_of_them(&now) && is_ok;
        zc_diversion_clear(&now);
    }
    right[own] = is_ok;
    return NULL;
}

int
main(void)
{
    run_threads(turn_often);
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(right[i]);
    }
    char *before = NULL;
    CHECK(zc_diversion_exchange(NULL, &before) == ZC_OK);
    zc_wiping_free(before);
    return check_done();
}
