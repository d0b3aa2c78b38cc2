/* Looks at each block before it is freed, for a text that should have been wiped. By the sanitizer's hooks, so not for drivers
 * that allocate in several threads. */
#ifndef FREED_H
#define FREED_H

#include <stddef.h>
#include <string.h>

/* AddressSanitizer's own; gcc installs no header that declares them. */
int
__sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *, size_t), void (*freed)(const volatile void *));
size_t
__sanitizer_get_allocated_size(const volatile void *block);

static const char *watched; /* NULL: nobody looks */
static int n_freed;
static int n_leaked; /* how often a freed block held the text */

static inline void
when_allocated(const volatile void *block, size_t size)
{
    (void)block;
    (void)size;
}

/* Runs before a block goes, while it may still be read. */
static inline void
when_freed(const volatile void *block)
{
    if (watched == NULL || block == NULL) {
        return;
    }
    const char *bytes = (const char *)block;
    size_t size = __sanitizer_get_allocated_size(block);
    size_t len = strlen(watched);
    n_freed++;
    for (size_t i = 0; i + len <= size; i++) {
        n_leaked += memcmp(bytes + i, watched, len) == 0;
    }
}

static inline void
watch_frees(const char *marker)
{
    static int n_hooks;
    if (n_hooks == 0) {
        n_hooks = __sanitizer_install_malloc_and_free_hooks(when_allocated, when_freed);
    }
    n_freed = 0;
    n_leaked = 0;
    watched = marker;
}

#endif
