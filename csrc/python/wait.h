/* The only place that gives up the GIL. */
#ifndef ZC_WAIT_H
#define ZC_WAIT_H

#include "core/transfer.h"
#include "python/module.h"

/* Waits until the login is over. 0: *status says how; -1: an exception is set, such as the KeyboardInterrupt of a signal handler, and
 * the login is still under way. */
int
zc_wait(struct zc_transfer *transfer, zc_status *status);

#endif
