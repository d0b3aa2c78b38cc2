/* libcurl itself, initialised once for the process, with an allocator that wipes what it frees: libcurl copies the credentials into
 * buffers of its own, and leaves three such copies behind after one login. */
#include "core/library.h"

#include "core/pool.h"
#include "core/secret.h"

#include <curl/curl.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static zc_status init_status = ZC_INTERNAL;
static bool wipes;

/* curl_global_init_mem does not say whether it came too late: a small allocation of libcurl's does. */
static bool
is_our_allocator_used(void)
{
    unsigned long before = zc_wiping_count();
    curl_slist_free_all(curl_slist_append(NULL, "?"));
    return zc_wiping_count() != before;
}

static void
init_once(void)
{
    if (curl_version_info(CURLVERSION_NOW)->version_num < ZC_LIBCURL_MIN) {
        return;
    }
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, zc_wiping_malloc, zc_wiping_free, zc_wiping_realloc, zc_wiping_strdup,
                             zc_wiping_calloc) != CURLE_OK) {
        return;
    }
    wipes = is_our_allocator_used();
    init_status = zc_pool_watch_forks();
}

zc_status
zc_library_init(void)
{
    (void)pthread_once(&once, init_once);
    return init_status;
}

bool
zc_library_wipes(void)
{
    return wipes;
}
