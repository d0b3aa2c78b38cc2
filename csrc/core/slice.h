/* Pieces of a received line. Pure functions; a slice borrows its bytes, and no bytes (NULL) means that there is no such piece. */
#ifndef ZC_SLICE_H
#define ZC_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zc_slice {
    const char *bytes;
    size_t len;
};

static const struct zc_slice zc_no_slice = {NULL, 0};

/* The whole of a text that ends in a NUL; NULL is no piece. */
struct zc_slice
zc_slice_of(const char *text);

/* Without the blanks (space and tab) at either end. */
struct zc_slice
zc_slice_trim(struct zc_slice text);

/* Moves the text before the next `separator` from `rest` to `part`, trimmed; false when nothing is left. */
bool
zc_slice_next(struct zc_slice *rest, char separator, struct zc_slice *part);

bool
zc_slice_equals(struct zc_slice a, struct zc_slice b);

/* ASCII letters only. */
static inline char
zc_slice_lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* Compares without regard to the case of ASCII letters; `lower` has none in upper case. */
bool
zc_slice_is(struct zc_slice text, const char *lower);

bool
zc_slice_is_digits(struct zc_slice text);

/* -1 unless `text` is 1 to 18 digits. */
int64_t
zc_slice_number(struct zc_slice text);

/* The value of digits of any number, but at most `most`. */
int64_t
zc_slice_saturated(struct zc_slice digits, int64_t most);

bool
zc_slice_is_printable_ascii(struct zc_slice text);

#endif
