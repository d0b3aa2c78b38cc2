/* The characters of a JSON string, one at a time. Pure functions of their arguments. */
#ifndef ZC_JSON_STRING_H
#define ZC_JSON_STRING_H

#include "core/json_strict.h"

#include <stdint.h>

/* What stands between two quotes, as it was sent; borrows the bytes. */
struct zc_json_string {
    const unsigned char *at;
    const unsigned char *end;
};

/* Moves `at` past the next character, which begins before `end`, and unescapes it. ZC_JSON_OK or what is wrong with it. */
zc_json
zc_json_character(const unsigned char **at, const unsigned char *end, uint32_t *character);

/* Orders two strings by their characters, unescaped, as strcmp does. Every character of them is ZC_JSON_OK. */
int
zc_json_compare(struct zc_json_string a, struct zc_json_string b);

#endif
