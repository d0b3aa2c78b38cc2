/* Copies that are wiped when freed, and the masking of what quotes a secret. Every block carries its size in front, since a
 * free() is not told; that works with any C library. */
#include "core/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MASK_MIN_CHARACTERS 4

/* In front of each block; as large as the strictest alignment. */
union prefix {
    size_t size;
    max_align_t align;
};

static _Thread_local unsigned long n_blocks;
static _Thread_local unsigned long n_failures;

void
zc_wipe(void *bytes, size_t len)
{
    memset(bytes, 0, len);
    __asm__ __volatile__("" : : "r"(bytes) : "memory");
}

void *
zc_wiping_malloc(size_t size)
{
    union prefix *block = size <= PTRDIFF_MAX - sizeof(*block) ? malloc(sizeof(*block) + size) : NULL;
    if (block == NULL) {
        n_failures++;
        return NULL;
    }
    n_blocks++;
    block->size = size;
    return block + 1;
}

void *
zc_wiping_calloc(size_t n, size_t size)
{
    size_t total = size != 0 && n > PTRDIFF_MAX / size ? SIZE_MAX : n * size;
    void *block = zc_wiping_malloc(total);
    if (block != NULL) {
        memset(block, 0, total);
    }
    return block;
}

void *
zc_wiping_realloc(void *old, size_t size)
{
    void *block = zc_wiping_malloc(size);
    if (block != NULL && old != NULL) {
        size_t old_size = ((union prefix *)old - 1)->size;
        memcpy(block, old, old_size < size ? old_size : size);
        zc_wiping_free(old);
    }
    return block;
}

char *
zc_wiping_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = zc_wiping_malloc(size);
    if (copy != NULL) {
        memcpy(copy, text, size);
    }
    return copy;
}

void
zc_wiping_free(void *block)
{
    if (block != NULL) {
        union prefix *start = (union prefix *)block - 1;
        zc_wipe(block, start->size);
        free(start);
    }
}

unsigned long
zc_wiping_count(void)
{
    return n_blocks;
}

unsigned long
zc_wiping_failures(void)
{
    return n_failures;
}

static bool
is_maskable(const struct zc_secret *secret)
{
    size_t n_characters = 0;
    for (size_t i = 0; i < secret->len && n_characters < MASK_MIN_CHARACTERS; i++) {
        n_characters += ((unsigned char)secret->bytes[i] & 0xC0) != 0x80;
    }
    return n_characters >= MASK_MIN_CHARACTERS;
}

/* How many bytes of text[0..len) quote a secret, from its very start; 0 if none. */
static size_t
quote_at(const char *text, size_t len, const struct zc_secret *secrets, size_t n)
{
    size_t longest = 0;
    for (size_t i = 0; i < n; i++) {
        const struct zc_secret *s = &secrets[i];
        if (s->len > longest && s->len <= len && text[0] == s->bytes[0] && memcmp(text, s->bytes, s->len) == 0 &&
            is_maskable(s)) {
            longest = s->len;
        }
    }
    return longest;
}

/* memchr and memcmp: on the short texts of an answer twice as fast as memmem. */
static bool
is_quoted(const char *text, size_t len, const struct zc_secret *secret)
{
    const char *at = text;
    while (len >= secret->len && (at = memchr(text, secret->bytes[0], len - secret->len + 1)) != NULL) {
        if (memcmp(at, secret->bytes, secret->len) == 0) {
            return true;
        }
        len -= (size_t)(at + 1 - text);
        text = at + 1;
    }
    return false;
}

bool
zc_secret_is_quoted(const char *text, size_t len, const struct zc_secret *secrets, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_maskable(&secrets[i]) && is_quoted(text, len, &secrets[i])) {
            return true;
        }
    }
    return false;
}

zc_status
zc_secret_mask(struct zc_buffer *out, const char *text, size_t len, const struct zc_secret *secrets, size_t n)
{
    size_t at = 0;
    size_t plain = 0; /* where the stretch that quotes nothing began */
    while (at < len) {
        size_t quoted = quote_at(text + at, len - at, secrets, n);
        if (quoted == 0) {
            at++;
            continue;
        }
        size_t end = at + quoted;
        for (size_t inside = at + 1; inside < end; inside++) {
            size_t more = quote_at(text + inside, len - inside, secrets, n);
            end = inside + more > end ? inside + more : end;
        }
        zc_status status = zc_buffer_append(out, text + plain, at - plain);
        if (status == ZC_OK) {
            status = zc_buffer_append(out, "***", 3);
        }
        if (status != ZC_OK) {
            return status;
        }
        at = end;
        plain = end;
    }
    return zc_buffer_append(out, text + plain, len - plain);
}
