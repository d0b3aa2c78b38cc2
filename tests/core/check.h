/* CHECK counts and prints what is not so; `return check_done();` ends a driver's main. */
#ifndef CHECK_H
#define CHECK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

static atomic_int n_checks;
static atomic_int n_failed;

static inline bool
check(bool holds, const char *what, const char *file, int line)
{
    n_checks++;
    if (!holds) {
        n_failed++;
        (void)fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
    }
    return holds;
}

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
/* For tables: `row` says which. */
#define CHECK_ROW(condition, row) check((condition), (row), __FILE__, __LINE__)

/* A driver that checked nothing has failed too. */
static inline int
check_done(void)
{
    (void)printf("%d checks, %d failed\n", n_checks, n_failed);
    return n_checks > 0 && n_failed == 0 ? 0 : 1;
}

#endif
