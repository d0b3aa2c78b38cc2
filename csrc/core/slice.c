/* ASCII only and by hand: what <ctype.h> and strtol take for a letter, a blank or a number depends on the locale. */
#include "core/slice.h"

#include <string.h>

#define MAX_DIGITS 18

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct zc_slice
zc_slice_of(const char *text)
{
    return text == NULL ? zc_no_slice : (struct zc_slice){text, strlen(text)};
}

struct zc_slice
zc_slice_trim(struct zc_slice text)
{
    while (text.len > 0 && is_blank(text.bytes[0])) {
        text.bytes++;
        text.len--;
    }
    while (text.len > 0 && is_blank(text.bytes[text.len - 1])) {
        text.len--;
    }
    return text;
}

bool
zc_slice_next(struct zc_slice *rest, char separator, struct zc_slice *part)
{
    *part = *rest;
    if (rest->bytes == NULL) {
        return false;
    }
    const char *cut = memchr(rest->bytes, separator, rest->len);
    if (cut == NULL) {
        *rest = zc_no_slice;
    }
    else {
        part->len = (size_t)(cut - rest->bytes);
        rest->bytes = cut + 1;
        rest->len -= part->len + 1;
    }
    *part = zc_slice_trim(*part);
    return true;
}

bool
zc_slice_equals(struct zc_slice a, struct zc_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.bytes, b.bytes, a.len) == 0);
}

bool
zc_slice_is(struct zc_slice text, const char *lower)
{
    size_t i = 0;
    while (i < text.len && lower[i] != '\0' && zc_slice_lower(text.bytes[i]) == lower[i]) {
        i++;
    }
    return i == text.len && lower[i] == '\0';
}

bool
zc_slice_is_digits(struct zc_slice text)
{
    size_t i = 0;
    while (i < text.len && text.bytes[i] >= '0' && text.bytes[i] <= '9') {
        i++;
    }
    return text.len > 0 && i == text.len;
}

int64_t
zc_slice_number(struct zc_slice text)
{
    if (!zc_slice_is_digits(text) || text.len > MAX_DIGITS) {
        return -1;
    }
    return zc_slice_saturated(text, INT64_MAX);
}

int64_t
zc_slice_saturated(struct zc_slice digits, int64_t most)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits.len && number < most; i++) {
        number = number * 10 + (digits.bytes[i] - '0');
    }
    return number < most ? number : most;
}

bool
zc_slice_is_printable_ascii(struct zc_slice text)
{
    unsigned char has_others = 0; /* no way out of the loop: it is vectorised */
    for (size_t i = 0; i < text.len; i++) {
        has_others |= text.bytes[i] < ' ' || text.bytes[i] > '~';
    }
    return has_others == 0;
}
