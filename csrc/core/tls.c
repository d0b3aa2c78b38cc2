/* SSL_has_pending of the very OpenSSL that libcurl uses. Where libcurl is linked statically, OpenSSL is too; elsewhere it is looked up
 * through libcurl rather than linked to: another OpenSSL in the process must never be asked about this one's structures. */
#include "core/tls.h"

#include <stddef.h>

#ifdef CURL_STATICLIB

#include <openssl/ssl.h>

bool
zc_tls_has_unread(const void *ssl)
{
    return ssl == NULL || SSL_has_pending(ssl) != 0;
}

#else

#include <curl/curl.h>
#include <dlfcn.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int (*ssl_has_pending)(const void *ssl);

static void
look_up(void)
{
    Dl_info libcurl;
    CURL *(*init)(void) = curl_easy_init;
    if (dladdr(*(void **)&init, &libcurl) == 0) {
        return;
    }
    void *library = dlopen(libcurl.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (library != NULL) {
        *(void **)&ssl_has_pending = dlsym(library, "SSL_has_pending"); /* searches what libcurl is linked to */
        (void)dlclose(library);
    }
}

bool
zc_tls_has_unread(const void *ssl)
{
    (void)pthread_once(&once, look_up);
    return ssl == NULL || ssl_has_pending == NULL || ssl_has_pending(ssl) != 0;
}

#endif
