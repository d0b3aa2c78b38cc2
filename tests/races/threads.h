/* N_THREADS threads that begin the same work at the same moment; each is given its number. */
#ifndef THREADS_H
#define THREADS_H

#include "check.h"

#include <pthread.h>
#include <stddef.h>

#define N_THREADS 8

static pthread_barrier_t at_once;

static inline void
run_threads(void *(*work)(void *))
{
    static size_t numbers[N_THREADS];
    pthread_t threads[N_THREADS];
    CHECK(pthread_barrier_init(&at_once, NULL, N_THREADS) == 0);
    for (size_t i = 0; i < N_THREADS; i++) {
        numbers[i] = i;
        CHECK(pthread_create(&threads[i], NULL, work, &numbers[i]) == 0);
    }
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(pthread_barrier_destroy(&at_once) == 0);
}

#endif
