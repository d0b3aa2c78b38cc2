#include "core/curl_version.h"

#include <pthread.h>
#include <stddef.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const curl_version_info_data *facts;

static void
ask(void)
{
    facts = curl_version_info(CURLVERSION_NOW);
}

const curl_version_info_data *
zc_curl_version(void)
{
    (void)pthread_once(&once, ask);
    return facts;
}
