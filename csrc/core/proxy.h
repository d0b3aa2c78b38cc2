/* Which proxy a login goes through, from the argument or from the environment as libcurl reads it, and the password in it. */
#ifndef ZC_PROXY_H
#define ZC_PROXY_H

#include "core/base_url.h"
#include "core/status.h"

struct zc_proxy {
    char *url;      /* "": none */
    char *no_proxy; /* hosts that libcurl reaches without it; "": none */
    char *password; /* as the URL spells it; NULL: none */
    char *password_decoded;
};

/* `argument` NULL: the environment decides (call it where nobody changes the environment: with the GIL held). ZC_OK; ZC_INPUT and
 * *problem set; ZC_NO_MEMORY. Clear it whatever came back. */
zc_status
zc_proxy_choose(struct zc_proxy *proxy, const char *argument, const struct zc_base_url *target, const char **problem);

/* The URL with *** in the place of its password, to be shown: returns new through *masked (zc_wiping_free). ZC_OK or ZC_NO_MEMORY. */
zc_status
zc_proxy_mask(const struct zc_proxy *proxy, char **masked);

void
zc_proxy_clear(struct zc_proxy *proxy);

#endif
