/* One login to send: judged values, as the URL and the header list that libcurl takes. Built once, immutable afterwards, so tries and
 * threads may share it; what libcurl keeps a pointer to lives here and must outlive the transfer. */
#ifndef ZC_REQUEST_H
#define ZC_REQUEST_H

#include "core/base_url.h"
#include "core/proxy.h"
#include "core/secret.h"
#include "core/status.h"
#include "core/values.h"

#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

#define ZC_MAX_HEADERS 16

struct zc_request {
    struct zc_base_url url;
    struct zc_proxy proxy;
    struct curl_slist headers[ZC_MAX_HEADERS]; /* linked; the texts are wiping copies */
    size_t n_headers;
    char *ca_file; /* NULL if not given, as the next three */
    char *ca_dir;
    char *client_cert;
    char *client_key;
    char *client_key_password; /* "" if not given: OpenSSL must never prompt */
    struct zc_secrets secrets; /* what must never be shown; borrowed from the texts above */
    const char *blocked;       /* why it must not be sent, a static text; NULL: it may */
    const char *entity;        /* as the caller wrote it, borrowed from its header; NULL: none was named */
    uint64_t route;            /* equal for requests that may use the same kept connection; a hint, libcurl judges by itself */
};

/* Judges all values and copies them: returns new through *out. While logins are diverted to a sandbox, what the values say of the way
 * is told to the sandbox instead of taken, and files, which the machine of a test need not have, are not looked at. ZC_OK; ZC_INPUT and *problem set; ZC_NO_MEMORY. Opens no socket; call
 * it where nobody changes the environment. */
zc_status
zc_request_new(struct zc_request **out, const struct zc_value values[ZC_N_ARGUMENTS], struct zc_problem *problem);

void
zc_request_free(struct zc_request *request);

#endif
