/* The CA stores of one transfer's logins: which is tried now, which comes next, and which knew the server. Of one owner; no lock. */
#ifndef ZC_STORES_H
#define ZC_STORES_H

#include "core/request.h"
#include "core/status.h"
#include "core/trust.h"

#include <stdbool.h>
#include <stddef.h>

struct zc_stores {
    struct zc_trust *trust; /* owned; NULL before the first login */
    size_t good;            /* which knew the server: the one that a login begins with */
    size_t n_tried;         /* of this login, without the current one */
};

/* The stores that a login may try: the caller's, the machine's or, unless it is NULL, the last resort alone. ZC_OK, ZC_NO_MEMORY, or
 * ZC_TLS_NO_STORE for a login that needs one. */
zc_status
zc_stores_begin(struct zc_stores *stores, const struct zc_request *request, const char *last_resort);

/* Borrowed; NULL: there are none, and none is needed. */
const struct zc_store *
zc_stores_current(const struct zc_stores *stores);

/* Goes on to the next. False: this login has tried all. */
bool
zc_stores_next(struct zc_stores *stores);

/* The current one knew the server. */
void
zc_stores_settle(struct zc_stores *stores);

void
zc_stores_clear(struct zc_stores *stores);

#endif
