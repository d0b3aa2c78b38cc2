/* Threads initialise libcurl at the same moment, and read what came of it. */
#include "threads.h"

#include "core/library.h"

static void *
initialise(void *unused)
{
    (void)unused;
    (void)pthread_barrier_wait(&at_once);
    return zc_library_init() == NULL && zc_library_wipes() ? NULL : &at_once;
}

int
main(void)
{
    run_threads(initialise);
    CHECK(zc_library_wipes());
    return check_done();
}
