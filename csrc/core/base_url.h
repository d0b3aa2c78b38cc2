/* base_url -> the URL that is logged in to. libcurl's own parser judges, so that judge and transport cannot differ. */
#ifndef ZC_BASE_URL_H
#define ZC_BASE_URL_H

#include "core/status.h"

#include <curl/curl.h>
#include <stdbool.h>

struct zc_base_url {
    char *base;  /* lower-case scheme, host and port as given, prefix, no slash at the end, no /v1 */
    char *login; /* base + "/v1/connections" */
    char *host;  /* host and port as given */
    bool is_https;
    bool is_loopback; /* localhost, 127.x.x.x or [::1] */
};

/* ZC_OK; ZC_INPUT and *problem set; ZC_NO_MEMORY. Clear it whatever came back. */
zc_status
zc_base_url_read(struct zc_base_url *url, const char *text, const char **problem);

/* The host that a Location names: returns new through *host (zc_wiping_free), NULL if it names none. ZC_OK or ZC_NO_MEMORY. */
zc_status
zc_location_host(const char *location, char **host);

void
zc_base_url_clear(struct zc_base_url *url);

/* A login URL as libcurl takes it. It parses a text at each transfer, but not a handle. */
struct zc_parsed_url {
    CURLU *handle; /* NULL where libcurl has to be given the text */
    char *text;    /* what it was read from */
};

/* Does nothing if it was read from this text the last time. ZC_OK, ZC_NO_MEMORY or ZC_INTERNAL. */
zc_status
zc_parsed_url_read(struct zc_parsed_url *url, const char *text);

void
zc_parsed_url_clear(struct zc_parsed_url *url);

#endif
