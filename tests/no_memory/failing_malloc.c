/* Preloaded in the place of malloc: lets one allocation of the calling thread fail, whoever makes it but for the library that $SPARED
 * names, and counts the blocks that are in use. For glibc, whose own functions keep their second names. */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

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
static const char *spared;

__attribute__((constructor)) static void
read_spared(void)
{
    spared = getenv("SPARED");
}

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
is_spared(const void *caller)
{
    Dl_info library;
    return spared != NULL && dladdr(caller, &library) != 0 && strstr(library.dli_fname, spared) != NULL;
}

static int
is_its_turn(const void *caller)
{
    if (n_left == 0 || is_spared(caller) || --n_left > 0) {
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
    return is_its_turn(__builtin_return_address(0)) ? NULL : count(__libc_malloc(size));
}

void *
calloc(size_t n, size_t size)
{
    return is_its_turn(__builtin_return_address(0)) ? NULL : count(__libc_calloc(n, size));
}

void *
realloc(void *block, size_t size)
{
    if (is_its_turn(__builtin_return_address(0))) {
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
