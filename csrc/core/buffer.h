/* Growing bytes with a hard cap, always NUL-terminated. Not thread-safe: one owner. The bytes are wiped when freed. */
#ifndef ZC_BUFFER_H
#define ZC_BUFFER_H

#include "core/status.h"

#include <stddef.h>

struct zc_buffer {
    char *bytes; /* NULL until the first append */
    size_t len;
    size_t size;
    size_t cap; /* `len` never exceeds it */
};

void
zc_buffer_init(struct zc_buffer *b, size_t cap);

/* ZC_OK; ZC_BODY_TOO_LARGE past the cap (nothing is appended); ZC_NO_MEMORY. */
zc_status
zc_buffer_append(struct zc_buffer *b, const void *bytes, size_t len);

/* The same, and a NUL behind it that counts. */
zc_status
zc_buffer_append_text(struct zc_buffer *b, const char *text, size_t len);

/* Empties it and keeps the storage. */
void
zc_buffer_reset(struct zc_buffer *b);

void
zc_buffer_clear(struct zc_buffer *b);

#endif
