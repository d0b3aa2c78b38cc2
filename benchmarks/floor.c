/* The floor: one login after the other in one thread of a bare C program (login.h).
 *
 * floor N URL CA: one login, then N that are timed, and N more for each line of its standard input; with N = 0 the first one
 * is timed, from curl_global_init() on. Prints the figures of figures.h. */
#define _POSIX_C_SOURCE 200809L

#include "figures.h"
#include "login.h"

#include <stdio.h>
#include <stdlib.h>

/* Returns what failed, or NULL. */
static const char *
time_logins(CURL *easy, long n)
{
    const char *fault = NULL;
    double wall = clock_us(CLOCK_MONOTONIC), cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < n && fault == NULL; i++) {
        fault = log_in(easy);
    }
    wall = clock_us(CLOCK_MONOTONIC) - wall;
    cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    if (fault == NULL) {
        print_figures(wall / (double)n, cpu / (double)n);
    }
    return fault;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: floor N URL CA\n", stderr);
        return 2;
    }
    long n = strtol(argv[1], NULL, 10);
    double wall = clock_us(CLOCK_MONOTONIC), cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = login_new(argv[2], argv[3]);
    const char *fault = log_in(easy);
    if (n == 0) {
        print_figures(clock_us(CLOCK_MONOTONIC) - wall, clock_us(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    }
    else {
        char line[2];
        do {
            fault = fault != NULL ? fault : time_logins(easy, n);
        } while (fault == NULL && fgets(line, sizeof line, stdin) != NULL);
    }
    if (fault != NULL) {
        fprintf(stderr, "floor: %s\n", fault);
        return 1;
    }
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return 0;
}
