/* The floor with threads: each logs in on a kept handle of its own (login.h), for a fixed time.
 *
 * floor_threads THREADS SECONDS URL CA: prints the figures of figures.h; the wall time of a login is one over the rate of
 * all threads together. */
#define _POSIX_C_SOURCE 200809L

#include "figures.h"
#include "login.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

struct worker {
    pthread_t thread;
    const char *url, *ca;
    double us; /* how long it is to work; then how long it did */
    long n;
    const char *fault;
};

static pthread_barrier_t connected, started;

static void *
work(void *argument)
{
    struct worker *worker = argument;
    CURL *easy = login_new(worker->url, worker->ca);
    worker->fault = log_in(easy);
    pthread_barrier_wait(&connected);
    pthread_barrier_wait(&started);
    double start = clock_us(CLOCK_MONOTONIC), took = 0;
    while (took < worker->us && worker->fault == NULL) {
        worker->fault = log_in(easy);
        worker->n++;
        took = clock_us(CLOCK_MONOTONIC) - start;
    }
    worker->us = took;
    curl_easy_cleanup(easy);
    return NULL;
}

int
main(int argc, char **argv)
{
    long n_threads = argc == 5 ? strtol(argv[1], NULL, 10) : 0;
    if (n_threads < 1) {
        fputs("usage: floor_threads THREADS SECONDS URL CA\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    struct worker *workers = calloc((size_t)n_threads, sizeof *workers);
    pthread_barrier_init(&connected, NULL, (unsigned)n_threads + 1);
    pthread_barrier_init(&started, NULL, (unsigned)n_threads + 1);
    for (long i = 0; i < n_threads; i++) {
        workers[i] = (struct worker){.url = argv[3], .ca = argv[4], .us = strtod(argv[2], NULL) * 1e6};
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0) {
            perror("floor_threads");
            return 1;
        }
    }
    pthread_barrier_wait(&connected);
    double cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
    pthread_barrier_wait(&started);

    double per_us = 0;
    long n = 0;
    for (long i = 0; i < n_threads; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].fault != NULL) {
            fprintf(stderr, "floor_threads: %s\n", workers[i].fault);
            return 1;
        }
        per_us += (double)workers[i].n / workers[i].us;
        n += workers[i].n;
    }
    print_figures(1 / per_us, (clock_us(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (double)n);
    free(workers);
    curl_global_cleanup();
    return 0;
}
