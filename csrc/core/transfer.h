/* One libcurl handle and what it carries: request -> headers and body, step by step. A transfer belongs to one thread at a time, owns
 * libcurl's handles and stays usable after a login that got an answer. */
#ifndef ZC_TRANSFER_H
#define ZC_TRANSFER_H

#include "core/answer.h"
#include "core/request.h"
#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zc_transfer;

/* For the logins of one route (see zc_request): returns new through *out. ZC_OK, ZC_NO_MEMORY or ZC_INTERNAL. */
zc_status
zc_transfer_new(struct zc_transfer **out, uint64_t route);

/* Ends what is under way and frees it, inside the gate; accepts NULL. An abandoned transfer is let go instead: libcurl would speak TLS on a connection
 * that belongs to the parent. */
void
zc_transfer_free(struct zc_transfer *transfer);

/* Begins a login; borrows `request` until zc_transfer_finish. `last_resort`: NULL, or a bundle to use in place of the stores found.
 * Reads the environment, so call it where nobody changes it. Then step. */
zc_status
zc_transfer_start(struct zc_transfer *transfer, const struct zc_request *request, const char *last_resort, int64_t timeout_ms,
                  int64_t connect_timeout_ms);

/* Goes on for at most `tick_ms`, without a thread state. ZC_PENDING: step again; ZC_OK: an answer is there; else it failed. */
zc_status
zc_transfer_step_nogil(struct zc_transfer *transfer, int tick_ms);

/* Ends the login, whatever became of it: what the answer holds is gone. Is the transfer worth keeping? */
bool
zc_transfer_finish(struct zc_transfer *transfer);

/* After ZC_OK, until zc_transfer_finish. */
long
zc_transfer_http_status(const struct zc_transfer *transfer);
const struct zc_header *
zc_transfer_headers(const struct zc_transfer *transfer, size_t *n);
struct zc_buffer *
zc_transfer_body(struct zc_transfer *transfer);

/* After a failure, until zc_transfer_finish. */
zc_phase
zc_transfer_phase(const struct zc_transfer *transfer);
bool
zc_transfer_was_sent(const struct zc_transfer *transfer);
const char *
zc_transfer_message(const struct zc_transfer *transfer);

/* For the pool: whose connection is kept, and since when nobody used it. */
uint64_t
zc_transfer_route(const struct zc_transfer *transfer);
int64_t
zc_transfer_idle_since(const struct zc_transfer *transfer);

/* In a forked child: closes its sockets, and nothing else is ever done with it. What libcurl has for its own use stays open. */
void
zc_transfer_abandon(struct zc_transfer *transfer);

#endif
