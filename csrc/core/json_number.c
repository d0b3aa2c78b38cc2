/* The value is worked out from the decimal text, exactly: a double would take 2^53 + 1 for 2^53. */
#include "core/json_number.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define MAX_WHOLE    ((uint64_t)1 << 53)
#define MAX_EXPONENT ((int64_t)1 << 50) /* larger than any text is long */

struct cursor {
    const char *at;
    const char *end;
};

/* `whole` * 10^`scale`, where `whole` ends in no 0 and stops growing past MAX_WHOLE. */
struct decimal {
    bool negative;
    bool plain; /* neither a point nor an exponent */
    uint64_t whole;
    int64_t n_zeros; /* read after `whole`, and not yet part of it */
    int64_t scale;
};

static bool
take(struct cursor *c, char wanted)
{
    bool found = c->at < c->end && *c->at == wanted;
    c->at += found;
    return found;
}

static bool
take_digit(struct cursor *c, int *digit)
{
    if (c->at == c->end || *c->at < '0' || *c->at > '9') {
        return false;
    }
    *digit = *c->at++ - '0';
    return true;
}

static void
add_digit(struct decimal *d, int digit)
{
    d->n_zeros++;
    if (digit == 0) {
        return;
    }
    for (; d->n_zeros > 0; d->n_zeros--) {
        d->whole = d->whole > MAX_WHOLE ? d->whole : d->whole * 10;
    }
    d->whole += (uint64_t)digit;
}

/* As many digits as there are; returns their number. */
static int64_t
read_digits(struct cursor *c, struct decimal *d)
{
    const char *start = c->at;
    int digit;
    while (take_digit(c, &digit)) {
        add_digit(d, digit);
    }
    return c->at - start;
}

static bool
read_exponent(struct cursor *c, int64_t *exponent)
{
    int digit;
    bool negative = take(c, '-');
    if (!negative) {
        (void)take(c, '+');
    }
    if (!take_digit(c, &digit)) {
        return false;
    }
    do {
        *exponent = *exponent > MAX_EXPONENT ? *exponent : *exponent * 10 + digit;
    } while (take_digit(c, &digit));
    *exponent = negative ? -*exponent : *exponent;
    return true;
}

static bool
read_decimal(struct cursor *c, struct decimal *d)
{
    int64_t n_fraction = 0;
    int64_t exponent = 0;
    d->negative = take(c, '-');
    if (!take(c, '0') && read_digits(c, d) == 0) {
        return false;
    }
    bool has_point = take(c, '.');
    if (has_point && (n_fraction = read_digits(c, d)) == 0) {
        return false;
    }
    bool has_exponent = take(c, 'e') || take(c, 'E');
    if (has_exponent && !read_exponent(c, &exponent)) {
        return false;
    }
    d->plain = !has_point && !has_exponent;
    d->scale = exponent - n_fraction + d->n_zeros;
    return true;
}

/* Is it a whole number from -2^53 to 2^53? */
static bool
is_exact(const struct decimal *d)
{
    if (d->whole == 0) {
        return true;
    }
    uint64_t value = d->whole;
    for (int64_t i = 0; i < d->scale && value <= MAX_WHOLE; i++) {
        value *= 10;
    }
    return d->scale >= 0 && value <= MAX_WHOLE;
}

/* Never longer than what was sent: the zeros and the point that go make room for the exponent that counts them. */
static void
rewrite_number(char *text, size_t len, const struct decimal *d)
{
    char number[48] = "0";
    if (d->whole != 0 && is_exact(d)) {
        int n = snprintf(number, sizeof(number), "%s%" PRIu64, d->negative ? "-" : "", d->whole);
        if (d->scale > 0) {
            (void)snprintf(number + n, sizeof(number) - (size_t)n, "e%" PRId64, d->scale);
        }
    }
    memset(text, ' ', len);
    for (size_t i = 0; i < len && number[i] != '\0'; i++) {
        text[i] = number[i];
    }
}

size_t
zc_json_number(char *text, size_t len)
{
    struct cursor c = {text, text + len};
    struct decimal d = {0};
    if (!read_decimal(&c, &d)) {
        return 0;
    }
    size_t n_read = (size_t)(c.at - text);
    if (!d.plain || !is_exact(&d)) {
        rewrite_number(text, n_read, &d);
    }
    return n_read;
}
