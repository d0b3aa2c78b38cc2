/* Headers of the final answer -> session cookie, rate limit, wait, ids. Knows no libcurl and allocates nothing but the policy
 * text, so it can be fuzzed. Slices borrow from the header lines. Not thread-safe: one owner. */
#ifndef ZC_ANSWER_H
#define ZC_ANSWER_H

#include "core/buffer.h"
#include "core/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One line as received, the blanks around name and value gone. A NUL follows either. */
struct zc_header {
    struct zc_slice name;
    struct zc_slice value;
};

struct zc_answer {
    struct zc_slice cookie; /* the value of ZSession, only if it opens a session */
    bool cookie_is_bad;     /* it would, but holds a control or non-ASCII byte (then `cookie` is absent) */
    int64_t limit;          /* -1: absent, here and below */
    int64_t remaining;
    int64_t reset;
    struct zc_buffer policy;    /* the raw text that `limit` was read from, or could not be; bytes NULL: absent */
    double wait;                /* seconds to wait: Retry-After, else RateLimit-Reset; at most 86400; -1: none said */
    struct zc_slice request_id; /* absent too if it is empty, here and below; of several lines the first; a NUL follows */
    struct zc_slice track_id;
    struct zc_slice location;
    bool encoded;   /* a Content-Encoding other than identity */
    bool misframed; /* a Transfer-Encoding other than one chunked, or a Content-Length that is no number or has two values */
};

/* Fills `answer`, whatever the lines hold; `now` is the time of day in seconds since 1970. ZC_OK or ZC_NO_MEMORY; clear it after
 * either. */
zc_status
zc_answer_read(struct zc_answer *answer, const struct zc_header *headers, size_t n_headers, int64_t now);

void
zc_answer_clear(struct zc_answer *answer);

#endif
