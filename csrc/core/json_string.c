/* UTF-8 and escapes, both to the letter: no overlong form, no surrogate but a whole escaped pair, nothing past U+10FFFF. */
#include "core/json_string.h"

#include <stdbool.h>
#include <string.h>

/* Moves past one character of UTF-8 that is not ASCII. */
static zc_json
decode_utf8(const unsigned char **at, const unsigned char *end, uint32_t *character)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned char lead = **at;
    int n_more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc0 || lead >= 0xf8 || end - *at <= n_more) {
        return ZC_JSON_NOT_UTF8;
    }
    *character = lead & (0x3fU >> n_more);
    for (int i = 1; i <= n_more; i++) {
        unsigned char more = (*at)[i];
        if ((more & 0xc0) != 0x80) {
            return ZC_JSON_NOT_UTF8;
        }
        *character = *character << 6 | (more & 0x3f);
    }
    *at += n_more + 1;
    bool surrogate = *character >= 0xd800 && *character <= 0xdfff;
    return *character < least[n_more] || *character > 0x10ffff || surrogate ? ZC_JSON_NOT_UTF8 : ZC_JSON_OK;
}

static int
hex_value(unsigned char c)
{
    unsigned char lower = c | 0x20;
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool
decode_hex4(const unsigned char **at, const unsigned char *end, uint32_t *unit)
{
    if (end - *at < 4) {
        return false;
    }
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int value = hex_value(*(*at)++);
        if (value < 0) {
            return false;
        }
        *unit = *unit << 4 | (uint32_t)value;
    }
    return true;
}

/* What follows `\u`. */
static zc_json
decode_unicode_escape(const unsigned char **at, const unsigned char *end, uint32_t *character)
{
    if (!decode_hex4(at, end, character)) {
        return ZC_JSON_ESCAPE;
    }
    if (*character == 0) {
        return ZC_JSON_NUL;
    }
    if (*character < 0xd800 || *character > 0xdfff) {
        return ZC_JSON_OK;
    }
    uint32_t low;
    if (*character >= 0xdc00 || end - *at < 2 || (*at)[0] != '\\' || (*at)[1] != 'u') {
        return ZC_JSON_SURROGATE;
    }
    *at += 2;
    if (!decode_hex4(at, end, &low)) {
        return ZC_JSON_ESCAPE;
    }
    if (low < 0xdc00 || low > 0xdfff) {
        return ZC_JSON_SURROGATE;
    }
    *character = 0x10000 + ((*character - 0xd800) << 10) + (low - 0xdc00);
    return ZC_JSON_OK;
}

zc_json
zc_json_character(const unsigned char **at, const unsigned char *end, uint32_t *character)
{
    static const char escapes[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    if (**at >= 0x80) {
        return decode_utf8(at, end, character);
    }
    *character = *(*at)++;
    if (*character != '\\') {
        return *character < ' ' ? ZC_JSON_ESCAPE : ZC_JSON_OK;
    }
    if (*at == end) {
        return ZC_JSON_ESCAPE;
    }
    unsigned char escape = *(*at)++;
    if (escape == 'u') {
        return decode_unicode_escape(at, end, character);
    }
    const char *found = memchr(escapes, escape, sizeof(escapes) - 1);
    if (found == NULL) {
        return ZC_JSON_ESCAPE;
    }
    *character = (unsigned char)meanings[found - escapes];
    return ZC_JSON_OK;
}

/* The next character of a string that holds no problem. */
static uint32_t
next_character(struct zc_json_string *string)
{
    uint32_t character = *string->at;
    if (character < 0x80 && character != '\\') {
        string->at++;
    }
    else {
        (void)zc_json_character(&string->at, string->end, &character);
    }
    return character;
}

int
zc_json_compare(struct zc_json_string a, struct zc_json_string b)
{
    while (a.at < a.end && b.at < b.end) {
        uint32_t x = next_character(&a);
        uint32_t y = next_character(&b);
        if (x != y) {
            return x < y ? -1 : 1;
        }
    }
    return (a.at < a.end) - (b.at < b.end);
}
