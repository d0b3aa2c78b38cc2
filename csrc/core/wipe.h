/* Copies that are wiped when freed. Also libcurl's allocator where this module is the first to initialise libcurl, so that its copies
 * of the credentials are wiped as well. Thread-safe: no state but counts of each thread. */
#ifndef ZC_WIPE_H
#define ZC_WIPE_H

#include <stddef.h>

/* Overwrites memory in a way that the compiler may not drop. */
void
zc_wipe(void *bytes, size_t len);

/* returns new; free with zc_wiping_free. NULL when there is no memory. */
void *
zc_wiping_malloc(size_t size);
void *
zc_wiping_calloc(size_t n, size_t size);
void *
zc_wiping_realloc(void *old, size_t size);
char *
zc_wiping_strdup(const char *text);
void
zc_wiping_free(void *block);

/* How many blocks were handed out, and how many requests failed, in this thread so far. */
unsigned long
zc_wiping_count(void);
unsigned long
zc_wiping_failures(void);

#endif
