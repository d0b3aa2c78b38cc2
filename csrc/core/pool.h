/* Idle transfers kept warm between logins: a new handle reads its CA store anew, a kept connection saves two round trips. One pool for
 * the process, under one lock that is held for no input or output. No PyObject: interpreters share it. */
#ifndef ZC_POOL_H
#define ZC_POOL_H

#include "core/status.h"
#include "core/transfer.h"

#include <stdbool.h>
#include <stdint.h>

/* A transfer for this route: returns new (a warm one if there is any) through *out. ZC_OK, ZC_NO_MEMORY or ZC_INTERNAL. */
zc_status
zc_pool_take(struct zc_transfer **out, uint64_t route);

/* Steals a transfer that zc_pool_take gave; it is freed unless it is worth keeping. */
void
zc_pool_put(struct zc_transfer *transfer, bool keep);

/* Once per process: keeps the locks of this library sound across fork(), and lets a child abandon what it inherits. */
zc_status
zc_pool_watch_forks(void);

#endif
