/* libcurl itself, initialised once for the process and never cleaned up: other modules may use it, too. */
#ifndef ZC_LIBRARY_H
#define ZC_LIBRARY_H

#include <stdbool.h>

#define ZC_LIBCURL_MIN 0x075700 /* 7.87.0: CURLOPT_QUICK_EXIT, CURLOPT_CA_CACHE_TIMEOUT */

/* Safe to call from any thread, any number of times. NULL, or a sentence that says why there can be no login. */
const char *
zc_library_init(void);

/* Are libcurl's own copies wiped, too? Not so when another module initialised libcurl first. */
bool
zc_library_wipes(void);

#endif
