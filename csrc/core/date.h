/* Dates as HTTP writes them -> seconds since 1970. Pure functions of their arguments. */
#ifndef ZC_DATE_H
#define ZC_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Any of the three forms of RFC 9110 5.6.7 (IMF-fixdate, RFC 850, asctime), and nothing else. `now` places two-digit years. */
bool
zc_date_http(const char *text, size_t len, int64_t now, int64_t *seconds);

/* The looser dates of a cookie's Expires (RFC 6265 5.1.1). */
bool
zc_date_cookie(const char *text, size_t len, int64_t *seconds);

#endif
