/* Lets one allocation of the core fail. The linker puts these in the place of malloc, calloc and realloc (--wrap), for the core
 * and the driver alone. */
#ifndef FAILING_H
#define FAILING_H

#include <stdbool.h>
#include <stddef.h>

/* The `nth` allocation from now on fails, counted from 1; 0: none does. */
void
fail_allocation(unsigned nth);

/* Has it failed? */
bool
allocation_failed(void);

void *
__wrap_malloc(size_t size);
void *
__wrap_calloc(size_t n, size_t size);
void *
__wrap_realloc(void *old, size_t size);

#endif
