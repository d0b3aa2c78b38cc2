/* Where the time of a login goes, by libcurl's own clock.
 *
 * phases N URL CA: logs in N times on one handle (login.h) and prints a line of microseconds for each: name lookup, TCP, TLS with
 * the reading of the CA store, request and answer, all. */
#include "login.h"

#include <stdio.h>
#include <stdlib.h>

static long long
at_us(CURL *easy, CURLINFO what)
{
    curl_off_t us = 0;
    curl_easy_getinfo(easy, what, &us);
    return (long long)us;
}

static void
print_phases(CURL *easy)
{
    long long named = at_us(easy, CURLINFO_NAMELOOKUP_TIME_T), connected = at_us(easy, CURLINFO_CONNECT_TIME_T);
    long long secured = at_us(easy, CURLINFO_APPCONNECT_TIME_T), ready = at_us(easy, CURLINFO_PRETRANSFER_TIME_T);
    long long end = at_us(easy, CURLINFO_TOTAL_TIME_T);
    long long tcp = connected > 0 ? connected - named : 0, tls = secured > 0 ? secured - connected : 0; /* 0 if kept */
    printf("%lld %lld %lld %lld %lld\n", named, tcp, tls, end - ready, end);
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: phases N URL CA\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = login_new(argv[2], argv[3]);
    for (long n = strtol(argv[1], NULL, 10); n > 0; n--) {
        const char *fault = log_in(easy);
        if (fault != NULL) {
            fprintf(stderr, "phases: %s\n", fault);
            return 1;
        }
        print_phases(easy);
    }
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return 0;
}
