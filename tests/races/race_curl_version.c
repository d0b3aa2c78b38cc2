/* Threads ask for the first time what libcurl says of itself. */
#include "threads.h"

#include "core/curl_version.h"

static const curl_version_info_data *said[N_THREADS];

static void *
ask(void *number)
{
    (void)pthread_barrier_wait(&at_once);
    said[*(size_t *)number] = zc_curl_version();
    return NULL;
}

int
main(void)
{
    run_threads(ask);
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(said[i] != NULL && said[i] == said[0]);
    }
    return check_done();
}
