/* Copies that are wiped when freed, and the masking of what quotes a secret.
 *
 * zc_wiping_* are also libcurl's allocator where this module is the first to initialise libcurl, so that its copies of the
 * credentials are wiped as well. Thread-safe: no state but a per-thread count of failures. */
#ifndef ZC_SECRET_H
#define ZC_SECRET_H

#include "core/buffer.h"

#include <stdbool.h>
#include <stddef.h>

/* Overwrites memory in a way that the compiler may not drop. */
void
zc_wipe(void *bytes, size_t len);

/* returns new; free with zc_wiping_free. NULL when there is no memory. */
void *
zc_wiping_malloc(size_t size);
void *
zc_wiping_calloc(size_t n, size_t size);
void *
zc_wiping_realloc(void *old, size_t size);
char *
zc_wiping_strdup(const char *text);
void
zc_wiping_free(void *block);

/* How many blocks were handed out, and how many requests failed, in this thread so far. */
unsigned long
zc_wiping_count(void);
unsigned long
zc_wiping_failures(void);

/* A piece of memory that is to be kept out of sight; borrows the bytes. */
struct zc_secret {
    const char *bytes;
    size_t len;
};

#define ZC_MAX_SECRETS 6 /* user name, password, token, the proxy's password twice, cookie */

struct zc_secrets {
    struct zc_secret list[ZC_MAX_SECRETS];
    size_t n;
};

/* Passes over one that is shorter than four characters (UTF-8): it would mask everything. */
void
zc_secrets_add(struct zc_secrets *secrets, const char *bytes, size_t len);

/* Does `text` quote one of the secrets, as it is or percent-encoded? */
bool
zc_secret_is_quoted(const char *text, size_t len, const struct zc_secrets *secrets);

#define ZC_MASK_LEN 3 /* by so much a masked text may be longer */

/* Appends `text` to `out`, with `***` in the place of every stretch that quotes one of the secrets. Overlapping quotes become one
 * `***`. Takes time in proportion to the text: what would take longer is masked. */
zc_status
zc_secret_mask(struct zc_buffer *out, const char *text, size_t len, const struct zc_secrets *secrets);

#endif
