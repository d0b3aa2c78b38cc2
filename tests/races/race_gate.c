/* Threads go through the gate and read what others write while it is closed. */
#include "threads.h"

#include "core/gate.h"

#define N_TURNS 500

static size_t n_closed; /* what a fork would copy */

static void *
go_through_or_close(void *number)
{
    size_t n_seen = 0;
    (void)pthread_barrier_wait(&at_once);
    for (int i = 0; i < N_TURNS; i++) {
        if (*(size_t *)number < 2) {
            zc_gate_close();
            n_closed++;
            zc_gate_open_in_parent();
        }
        else {
            zc_gate_enter();
            n_seen = n_closed > n_seen ? n_closed : n_seen;
            zc_gate_leave();
        }
    }
    return NULL;
}

int
main(void)
{
    run_threads(go_through_or_close);
    CHECK(n_closed == 2 * N_TURNS);
    return check_done();
}
