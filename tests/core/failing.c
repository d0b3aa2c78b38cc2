/* Counts down to the allocation that fails. */
#include "failing.h"

static _Thread_local unsigned n_left;
static _Thread_local bool has_failed;

void *
__real_malloc(size_t size);
void *
__real_calloc(size_t n, size_t size);
void *
__real_realloc(void *old, size_t size);

void
fail_allocation(unsigned nth)
{
    n_left = nth;
    has_failed = false;
}

bool
allocation_failed(void)
{
    return has_failed;
}

static bool
is_its_turn(void)
{
    bool fails = n_left > 0 && --n_left == 0;
    has_failed = has_failed || fails;
    return fails;
}

void *
__wrap_malloc(size_t size)
{
    return is_its_turn() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return is_its_turn() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *old, size_t size)
{
    return is_its_turn() ? NULL : __real_realloc(old, size);
}
