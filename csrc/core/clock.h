/* Milliseconds that only go forward: every deadline and every age is counted in them. */
#ifndef ZC_CLOCK_H
#define ZC_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t
zc_clock_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

#endif
