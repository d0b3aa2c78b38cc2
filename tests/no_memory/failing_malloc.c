/* Preloaded in the place of malloc: lets one allocation of the calling thread fail, whoever makes it, and counts the blocks that are
 * in use. For glibc, whose own functions keep their second names. */
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

extern void *
__libc_malloc(size_t size);
extern void *
__libc_calloc(size_t n, size_t size);
extern void *
__libc_realloc(void *block, size_t size);
extern void
__libc_free(void *block);

static _Thread_local unsigned n_left __attribute__((tls_model("initial-exec")));
static _Thread_local unsigned n_failed __attribute__((tls_model("initial-exec")));
static atomic_long n_in_use;

/* The `nth` allocation of this thread from now on fails, counted from 1; 0: none does. Returns how many have failed so far. */
unsigned
fail_allocation(unsigned nth)
{
    n_left = nth;
    return n_failed;
}

long
blocks_in_use(void)
{
    return n_in_use;
}

static int
is_its_turn(void)
{
    if (n_left == 0 || --n_left > 0) {
        return 0;
    }
    n_failed++;
    errno = ENOMEM;
    return 1;
}

static void *
count(void *block)
{
    if (block != NULL) {
        n_in_use++;
    }
    return block;
}

void *
malloc(size_t size)
{
    return is_its_turn() ? NULL : count(__libc_malloc(size));
}

void *
calloc(size_t n, size_t size)
{
    return is_its_turn() ? NULL : count(__libc_calloc(n, size));
}

void *
realloc(void *block, size_t size)
{
    if (is_its_turn()) {
        return NULL;
    }
    void *moved = __libc_realloc(block, size);
    return block == NULL ? count(moved) : moved;
}

void
free(void *block)
{
    if (block != NULL) {
        n_in_use--;
    }
    __libc_free(block);
}
