/* One try at a login. GIL held. */
#ifndef ZC_CONNECTIONS_H
#define ZC_CONNECTIONS_H

#include "core/request.h"
#include "python/module.h"

#include <stdint.h>

/* `last_resort`: a CA bundle in place of the stores that are found; or NULL. returns new: a Connection or an error of ours, as objects,
 * since who asked decides about another try. NULL: an exception is set, such as a signal handler's, or that of a login that tests do not allow. */
PyObject *
zc_connections(const struct zc_state *state, const struct zc_request *request, int64_t timeout_ms, int64_t connect_timeout_ms,
               const char *last_resort);

#endif
