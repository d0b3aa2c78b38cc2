/* Is this one JSON text? RFC 8259 in UTF-8, stricter than the parser that reads it afterwards: cJSON cuts strings at NUL, takes bad
 * escapes, keeps duplicate keys, passes invalid UTF-8 and rounds numbers. No recursion on the C stack without a bound, no global. */
#ifndef ZC_JSON_STRICT_H
#define ZC_JSON_STRICT_H

#include <stddef.h>

typedef enum zc_json {
    ZC_JSON_OK = 0,
    ZC_JSON_EMPTY,
    ZC_JSON_SYNTAX,
    ZC_JSON_NOT_UTF8,
    ZC_JSON_ESCAPE,    /* a bad escape or a raw control character in a string */
    ZC_JSON_NUL,       /* a NUL byte, or \u0000 in a string */
    ZC_JSON_SURROGATE, /* half of a surrogate pair */
    ZC_JSON_DUPLICATE, /* a key twice in one object, compared unescaped */
    ZC_JSON_DEPTH,
    ZC_JSON_TRAILING,
    ZC_JSON_NO_MEMORY,
    ZC_JSON_N
} zc_json;

#define ZC_JSON_MAX_DEPTH 64

/* Judges text[0..len), which has no byte order mark; changes it in place. A number that is no whole number within +-2^53 becomes a 0
 * and blanks, since nobody here reads it and cJSON would round it to one that was never sent. A whole number with a point or an
 * exponent is written without the point, which cJSON reads by the locale, and in few characters, since cJSON reads only 63. */
zc_json
zc_json_strict(char *text, size_t len);

/* "a key appears twice in one object", to be said after "the body is not in Zuora's form: ". */
const char *
zc_json_text(zc_json problem);

#endif
