/* Which texts may travel in a request at all. Pure functions; a problem is a static text that never holds the value. */
#ifndef ZC_VALUES_H
#define ZC_VALUES_H

#include <stddef.h>

/* The texts of one login that a caller may give. */
typedef enum zc_argument {
    ZC_USERNAME,
    ZC_PASSWORD,
    ZC_BASE_URL,
    ZC_ENTITY_ID,
    ZC_ENTITY_NAME,
    ZC_ENTITY_IDS,
    ZC_TRACK_ID,
    ZC_AUTHORIZATION,
    ZC_IDEMPOTENCY_KEY,
    ZC_CA_FILE,
    ZC_CA_DIR,
    ZC_CLIENT_CERT,
    ZC_CLIENT_KEY,
    ZC_CLIENT_KEY_PASSWORD,
    ZC_PROXY_URL,
    ZC_N_ARGUMENTS
} zc_argument;

/* A value as the caller gave it: UTF-8, NUL-terminated, borrowed; bytes NULL: not given. */
struct zc_value {
    const char *bytes;
    size_t len;
};

const char *
zc_argument_name(zc_argument argument);

/* NULL if the value may travel (one that was not given may), else what is wrong with it. */
const char *
zc_value_problem(zc_argument argument, const struct zc_value *value);

#endif
