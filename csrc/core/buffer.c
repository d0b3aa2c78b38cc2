/* Growing bytes with a hard cap, always NUL-terminated. Grows by doubling, through the wiping allocator: nothing that a server
 * quoted back survives a move or a free. */
#include "core/buffer.h"

#include "core/wipe.h"

#include <string.h>

#define FIRST_SIZE ((size_t)1024)

void
zc_buffer_init(struct zc_buffer *b, size_t cap)
{
    *b = (struct zc_buffer){.cap = cap};
}

static zc_status
grow_buffer(struct zc_buffer *b, size_t needed)
{
    size_t size = b->size ? b->size : FIRST_SIZE;
    while (size < needed) {
        size = size > b->cap / 2 ? b->cap + 1 : size * 2;
    }
    char *bytes = zc_wiping_realloc(b->bytes, size);
    if (bytes == NULL) {
        return ZC_NO_MEMORY;
    }
    b->bytes = bytes;
    b->size = size;
    return ZC_OK;
}

/* Room for `len` bytes more and the NUL behind them. */
static zc_status
make_room(struct zc_buffer *b, size_t len)
{
    if (len > b->cap - b->len) {
        return ZC_BODY_TOO_LARGE;
    }
    size_t needed = b->len + len + 1;
    return needed > b->size ? grow_buffer(b, needed) : ZC_OK;
}

static void
put(struct zc_buffer *b, const void *bytes, size_t len)
{
    if (len > 0) {
        memcpy(b->bytes + b->len, bytes, len);
    }
    b->len += len;
    b->bytes[b->len] = '\0';
}

zc_status
zc_buffer_append(struct zc_buffer *b, const void *bytes, size_t len)
{
    zc_status status = make_room(b, len);
    if (status == ZC_OK) {
        put(b, bytes, len);
    }
    return status;
}

zc_status
zc_buffer_append_text(struct zc_buffer *b, const char *text, size_t len)
{
    zc_status status = make_room(b, len + 1);
    if (status == ZC_OK) {
        put(b, text, len);
        put(b, "", 1);
    }
    return status;
}

void
zc_buffer_reset(struct zc_buffer *b)
{
    b->len = 0;
    if (b->bytes != NULL) {
        b->bytes[0] = '\0';
    }
}

void
zc_buffer_clear(struct zc_buffer *b)
{
    zc_wiping_free(b->bytes);
    zc_buffer_init(b, b->cap);
}
