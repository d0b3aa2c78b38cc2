/* HTTP dates are matched against three formats to the letter; cookie dates are token soup, read as RFC 6265 5.1.1 tells browsers
 * to. No libc calendar: strptime reads names by the locale, and timegm is not in C11. */
#include "core/date.h"

#include <string.h>

struct moment {
    int year;
    int month; /* 1 to 12 */
    int day;
    int hour;
    int minute;
    int second;
};

struct cursor {
    const char *at;
    const char *end;
};

static int64_t
seconds_since_1970(const struct moment *m, int year)
{
    /* The year is taken to begin in March: the leap day is then its last day. */
    int64_t y = m->month > 2 ? year : year - 1;
    int64_t day_of_year = (153 * ((m->month + 9) % 12) + 2) / 5 + m->day - 1;
    int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + day_of_year - 719468;
    return ((days * 24 + m->hour) * 60 + m->minute) * 60 + m->second;
}

static bool
exists(const struct moment *m)
{
    static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = m->year % 4 == 0 && (m->year % 100 != 0 || m->year % 400 == 0);
    return m->year >= 1 && m->day >= 1 && m->day <= month_days[m->month - 1] + (leap && m->month == 2) && m->hour <= 23 &&
           m->minute <= 59 && m->second <= 60;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Between `least` and `most` digits, as many as there are. */
static bool
take_digits(struct cursor *c, int least, int most, int *value)
{
    int n = 0;
    *value = 0;
    for (; n < most && c->at < c->end && is_digit(*c->at); n++) {
        *value = *value * 10 + (*c->at++ - '0');
    }
    return n >= least;
}

static bool
take_text(struct cursor *c, const char *text, size_t len)
{
    if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len) != 0) {
        return false;
    }
    c->at += len;
    return true;
}

static bool
take_weekday(struct cursor *c, bool in_full)
{
    static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (take_text(c, names[i], in_full ? strlen(names[i]) : 3)) {
            return true;
        }
    }
    return false;
}

static bool
take_month(struct cursor *c, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (*month = 1; *month <= 12; (*month)++) {
        if (take_text(c, names + (size_t)(*month - 1) * 3, 3)) {
            return true;
        }
    }
    return false;
}

static bool
take_field(struct cursor *c, char field, struct moment *m)
{
    switch (field) {
    case 'a':
        return take_weekday(c, false);
    case 'A':
        return take_weekday(c, true);
    case 'b':
        return take_month(c, &m->month);
    case 'd':
        return take_digits(c, 2, 2, &m->day);
    case 'e':
        return take_text(c, " ", 1) ? take_digits(c, 1, 1, &m->day) : take_digits(c, 2, 2, &m->day);
    case 'y':
        return take_digits(c, 2, 2, &m->year);
    case 'Y':
        return take_digits(c, 4, 4, &m->year);
    case 'H':
        return take_digits(c, 2, 2, &m->hour);
    case 'M':
        return take_digits(c, 2, 2, &m->minute);
    default: /* 'S' */
        return take_digits(c, 2, 2, &m->second);
    }
}

/* `format` is in the style of strptime. */
static bool
match(const char *format, const char *text, size_t len, struct moment *m)
{
    struct cursor c = {text, text + len};
    for (; *format != '\0'; format++) {
        if (*format == '%' ? !take_field(&c, *++format, m) : !take_text(&c, format, 1)) {
            return false;
        }
    }
    return c.at == c.end;
}

/* The latest year that ends in these two digits and puts the moment at most 50 years after `now`, as RFC 9110 has it. */
static int
full_year(const struct moment *m, int64_t now)
{
    int year = 9900 + m->year;
    while (year >= 200 && seconds_since_1970(m, year - 50) > now) {
        year -= 100;
    }
    return year;
}

bool
zc_date_http(const char *text, size_t len, int64_t now, int64_t *seconds)
{
    struct moment m = {0};
    if (match("%A, %d-%b-%y %H:%M:%S GMT", text, len, &m)) {
        m.year = full_year(&m, now);
    }
    else if (!match("%a, %d %b %Y %H:%M:%S GMT", text, len, &m) && !match("%a %b %e %H:%M:%S %Y", text, len, &m)) {
        return false;
    }
    if (!exists(&m)) {
        return false;
    }
    *seconds = seconds_since_1970(&m, m.year);
    return true;
}

static bool
is_delimiter(char c)
{
    unsigned char u = (unsigned char)c;
    return u == 0x09 || (u >= 0x20 && u <= 0x2f) || (u >= 0x3b && u <= 0x40) || (u >= 0x5b && u <= 0x60) ||
           (u >= 0x7b && u <= 0x7e);
}

static bool
at_non_digit_or_end(const struct cursor *c)
{
    return c->at == c->end || !is_digit(*c->at);
}

/* What follows the digits of a token does not count, if it does not begin with another digit. */
static bool
token_is_number(struct cursor token, int least, int most, int *value)
{
    return take_digits(&token, least, most, value) && at_non_digit_or_end(&token);
}

static bool
token_is_time(struct cursor token, struct moment *m)
{
    return take_digits(&token, 1, 2, &m->hour) && take_text(&token, ":", 1) && take_digits(&token, 1, 2, &m->minute) &&
           take_text(&token, ":", 1) && take_digits(&token, 1, 2, &m->second) && at_non_digit_or_end(&token);
}

static bool
token_is_month(struct cursor token, int *month)
{
    if (token.end - token.at < 3) {
        return false;
    }
    char name[3] = {(char)(token.at[0] & 0xdf), (char)(token.at[1] | 0x20), (char)(token.at[2] | 0x20)};
    struct cursor as_written = {name, name + 3};
    return take_month(&as_written, month);
}

bool
zc_date_cookie(const char *text, size_t len, int64_t *seconds)
{
    struct moment m = {0};
    bool has_time = false;
    bool has_day = false;
    bool has_month = false;
    bool has_year = false;
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        struct cursor token = {at, at};
        while (token.end < end && !is_delimiter(*token.end)) {
            token.end++;
        }
        at = token.end < end ? token.end + 1 : end;
        if (!has_time && token_is_time(token, &m)) {
            has_time = true;
        }
        else if (!has_day && token_is_number(token, 1, 2, &m.day)) {
            has_day = true;
        }
        else if (!has_month && token_is_month(token, &m.month)) {
            has_month = true;
        }
        else if (!has_year && token_is_number(token, 2, 4, &m.year)) {
            has_year = true;
        }
    }
    if (!has_time || !has_day || !has_month || !has_year) {
        return false;
    }
    if (m.year <= 99) {
        m.year += m.year >= 70 ? 1900 : 2000;
    }
    if (m.year < 1601 || m.second > 59 || !exists(&m)) {
        return false;
    }
    *seconds = seconds_since_1970(&m, m.year);
    return true;
}
