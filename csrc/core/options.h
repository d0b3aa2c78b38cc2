/* Every libcurl option of ours, and the only calls of curl_easy_setopt: it is variadic, so a wrong type would compile. */
#ifndef ZC_OPTIONS_H
#define ZC_OPTIONS_H

#include "core/request.h"
#include "core/sockets.h"
#include "core/status.h"
#include "core/trust.h"

#include <curl/curl.h>

/* What a transfer hears from libcurl while it runs; all plain C without the GIL. */
struct zc_callbacks {
    void *user;
    curl_write_callback body;
    curl_write_callback header;
    curl_prereq_callback before_request;
    struct zc_sockets *sockets;
    char *error_text; /* CURL_ERROR_SIZE bytes */
};

#define ZC_BODY_CAP ((size_t)1024 * 1024)

/* What holds for every login of a handle; set once. `share`: where TLS sessions are kept, or NULL; `libcurl`: its version_num. ZC_OK,
 * ZC_NO_MEMORY or ZC_INTERNAL. */
zc_status
zc_options_set_always(CURL *easy, const struct zc_callbacks *callbacks, CURLSH *share, unsigned int libcurl);

/* What one login says; every one of them is set each time, so that nothing is left over from the login before. `url`: the
 * request's login URL, or NULL; must outlive the transfer, as the request must. */
zc_status
zc_options_set_request(CURL *easy, CURLU *url, const struct zc_request *request);

/* What one try says: its store (NULL: plain http) and its times. */
zc_status
zc_options_set_try(CURL *easy, const struct zc_store *store, long timeout_ms, long connect_timeout_ms, bool fresh);

/* Takes back what points into the request or holds a secret. */
void
zc_options_forget_request(CURL *easy);

#endif
