/* The login as a bare C program makes it with libcurl and cJSON, on one kept handle. It sets what does not change once,
 * reads the same answer as zuora_connect and checks nothing else: what any client on these libraries has to pay. */
#ifndef LOGIN_H
#define LOGIN_H

#include <curl/curl.h>

/* Returns a new handle, for curl_easy_cleanup(). CA is a bundle or a hashed directory. */
CURL *
login_new(const char *url, const char *ca);

/* Returns what failed, or NULL. */
const char *
log_in(CURL *easy);

#endif
