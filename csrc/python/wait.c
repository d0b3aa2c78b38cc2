/* The only place that gives up the GIL: step, take it back, look for signals. */
#include "python/wait.h"

#define TICK_MS 50 /* how late Ctrl-C may be seen */

int
zc_wait(struct zc_transfer *transfer, zc_status *status)
{
    do {
        PyThreadState *thread = PyEval_SaveThread();
        *status = zc_transfer_step_nogil(transfer, TICK_MS);
        PyEval_RestoreThread(thread);
        if (PyErr_CheckSignals() < 0) {
            return -1;
        }
    } while (*status == ZC_PENDING);
    return 0;
}
