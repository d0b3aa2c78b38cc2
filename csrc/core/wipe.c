/* Copies that are wiped when freed. Every block carries its size in front, since a free() is not told; that works with any C library. */
#include "core/wipe.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
