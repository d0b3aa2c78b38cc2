/* What must never be shown, and the masking of a text that quotes it. */
#ifndef ZC_SECRET_H
#define ZC_SECRET_H

#include "core/buffer.h"

#include <stdbool.h>
#include <stddef.h>

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
