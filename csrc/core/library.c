/* libcurl itself, initialised once for the process, with an allocator that wipes what it frees: libcurl copies the credentials into
 * buffers of its own, and leaves three such copies behind after one login. */
#include "core/library.h"

#include "core/curl_version.h"
#include "core/diversion.h"
#include "core/gate.h"
#include "core/pool.h"
#include "core/wipe.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *problem;
static bool wipes;

/* How often our allocator was asked in this thread. */
static unsigned long
count_requests(void)
{
    return zc_wiping_count() + zc_wiping_failures();
}

/* curl_global_init_mem does not say whether it came too late: a small allocation of libcurl's does. */
static bool
is_our_allocator_used(void)
{
    unsigned long before = count_requests();
    curl_slist_free_all(curl_slist_append(NULL, "?"));
    return count_requests() != before;
}

/* Stores, client keys and what is known of certificates are spoken of in OpenSSL's terms. */
static bool
is_openssl(const char *ssl_version)
{
    static const char *const names[] = {"OpenSSL", "LibreSSL", "BoringSSL", "AWS-LC", "quictls"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (ssl_version != NULL && strstr(ssl_version, names[i]) != NULL) {
            return true;
        }
    }
    return false;
}

static void
init_once(void)
{
    const curl_version_info_data *libcurl = zc_curl_version();
    if (libcurl->version_num < ZC_LIBCURL_MIN) {
        problem = "libcurl is older than 7.87";
    }
    else if (!is_openssl(libcurl->ssl_version)) {
        problem = "libcurl is built without OpenSSL";
    }
    else if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, zc_wiping_malloc, zc_wiping_free, zc_wiping_realloc, zc_wiping_strdup,
                                  zc_wiping_calloc) != CURLE_OK) {
        problem = "libcurl cannot be initialised";
    }
    else if (zc_pool_watch_forks() != ZC_OK || atexit(zc_gate_close_at_exit) != 0) { /* so before OpenSSL's, which came first */
        problem = "there is no memory for the handlers of fork() and exit()";
    }
    else if (zc_diversion_inherit() != ZC_OK) {
        problem = "there is no memory for the variable " ZC_DIVERSION_VARIABLE;
    }
    else {
        wipes = is_our_allocator_used();
    }
}

const char *
zc_library_init(void)
{
    (void)pthread_once(&once, init_once);
    return problem;
}

bool
zc_library_wipes(void)
{
    return wipes;
}
