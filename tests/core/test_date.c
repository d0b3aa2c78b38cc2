/* The three forms of an HTTP date, to the letter, and the loose dates of cookies. */
#include "check.h"

#include "core/date.h"

#include <string.h>

#define NEVER   INT64_MIN
#define IN_2024 INT64_C(1704067200) /* 1 January 2024 */

struct date {
    const char *text;
    int64_t seconds;
};

static const struct date http_dates[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"Wed Nov 16 08:49:37 1994", 784975777},
    {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
    {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
    {"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
    {"Tue, 29 Feb 2000 23:59:60 GMT", 951868800},
    {"Fri, 31 Dec 9999 23:59:59 GMT", INT64_C(253402300799)},
    {"Mon, 01 Jan 0001 00:00:00 GMT", INT64_C(-62135596800)},
    {"", NEVER},
    {"0", NEVER},
    {"120", NEVER},
    {"Sun, 06 Nov 1994 08:49:37", NEVER},
    {"Sun, 06 Nov 1994 08:49:37 UTC", NEVER},
    {"Sun, 06 Nov 1994 08:49:37 +0000", NEVER},
    {"Sun, 06 Nov 1994 08:49:37 GMT ", NEVER},
    {" Sun, 06 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun,  6 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun, 6 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun, 06 nov 1994 08:49:37 GMT", NEVER},
    {"sun, 06 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun, 06 Nov 94 08:49:37 GMT", NEVER},
    {"Sun, 06 Nov 19940 08:49:37 GMT", NEVER},
    {"Sun, 06-Nov-94 08:49:37 GMT", NEVER},
    {"Sunday, 06 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun Nov 6 08:49:37 1994", NEVER},
    {"Sun Nov  6 08:49:37 1994 GMT", NEVER},
    {"Xxx, 06 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun, 06 Nox 1994 08:49:37 GMT", NEVER},
    {"Sun, 00 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun, 31 Nov 1994 08:49:37 GMT", NEVER},
    {"Sun, 29 Feb 1900 08:49:37 GMT", NEVER},
    {"Sun, 30 Feb 2000 08:49:37 GMT", NEVER},
    {"Sun, 06 Nov 1994 24:00:00 GMT", NEVER},
    {"Sun, 06 Nov 1994 08:60:37 GMT", NEVER},
    {"Sun, 06 Nov 1994 08:49:61 GMT", NEVER},
    {"Sun, 06 Nov 0000 08:49:37 GMT", NEVER},
};

static const struct date cookie_dates[] = {
    {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
    {"Sun, 06-Nov-94 08:49:37 GMT", 784111777},
    {"Sun Nov  6 08:49:37 1994", 784111777},
    {"06 nOVember 1994 8:49:37", 784111777},
    {"8:49:37 1994 6th nov", 784111777},
    {"1994/Nov/06 08:49:37", 784111777},
    {"Nov/06/1994 08:49:37trailing +0200", 784111777},
    {"Thu, 01-Jan-1970 00:00:01 GMT", 1},
    {"01 Jan 69 00:00:00", INT64_C(3124224000)},
    {"01 Jan 70 00:00:00", 0},
    {"01 Jan 1601 00:00:00", INT64_C(-11644473600)},
    {"01 Jan 1600 00:00:00", NEVER},
    {"01 Jan 12345 00:00:00", NEVER},
    {"30 Feb 2024 00:00:00", NEVER},
    {"32 Jan 2024 00:00:00", NEVER},
    {"01 Jan 2024 24:00:00", NEVER},
    {"01 Jan 2024 00:60:00", NEVER},
    {"01 Jan 2024 00:00:60", NEVER},
    {"01 Jan 2024 000:00:00", NEVER},
    {"01 Jan 2024 00:00", NEVER},
    {"01 Jan 2024", NEVER},
    {"01 2024 00:00:00", NEVER},
    {"Jan 2024 00:00:00", NEVER},
    {"01 Jan 00:00:00", NEVER},
    {"01 \xcaunj 2024 00:00:00", NEVER},
    {"", NEVER},
    {"0", NEVER},
    {"yesterday", NEVER},
};

static void
http_dates_are_read_to_the_letter(void)
{
    for (size_t i = 0; i < sizeof(http_dates) / sizeof(http_dates[0]); i++) {
        int64_t seconds = NEVER;
        bool read = zc_date_http(http_dates[i].text, strlen(http_dates[i].text), IN_2024, &seconds);
        CHECK_ROW(read == (http_dates[i].seconds != NEVER) && seconds == http_dates[i].seconds, http_dates[i].text);
    }
}

static void
a_date_is_not_read_past_its_length(void)
{
    int64_t seconds;
    CHECK(zc_date_http("Sun, 06 Nov 1994 08:49:37 GMT, and more", 29, IN_2024, &seconds));
    CHECK(!zc_date_http("Sun, 06 Nov 1994 08:49:37 GMT", 28, IN_2024, &seconds));
    CHECK(!zc_date_cookie("06 Nov 1994 08:49:37", 10, &seconds));
}

static int64_t
two_digit_year(const char *text, int64_t now)
{
    int64_t seconds = NEVER;
    return zc_date_http(text, strlen(text), now, &seconds) ? seconds : NEVER;
}

static void
a_two_digit_year_is_at_most_50_years_ahead(void)
{
    CHECK(two_digit_year("Monday, 01-Jan-24 00:00:00 GMT", IN_2024) == IN_2024);
    CHECK(two_digit_year("Monday, 01-Jan-74 00:00:00 GMT", IN_2024) == INT64_C(3281990400));
    CHECK(two_digit_year("Monday, 01-Jan-74 00:00:01 GMT", IN_2024) == INT64_C(126230401));
    CHECK(two_digit_year("Monday, 01-Jan-75 00:00:00 GMT", IN_2024) == INT64_C(157766400));
    CHECK(two_digit_year("Friday, 01-Jan-99 00:00:00 GMT", IN_2024) == INT64_C(915148800));
    CHECK(two_digit_year("Saturday, 01-Jan-05 00:00:00 GMT", INT64_C(3944678400)) == INT64_C(4260211200));
    CHECK(two_digit_year("Tuesday, 29-Feb-00 00:00:00 GMT", IN_2024) == INT64_C(951782400));
    CHECK(two_digit_year("Monday, 29-Feb-23 00:00:00 GMT", IN_2024) == NEVER);
    CHECK(two_digit_year("Monday, 01-Jan-24 00:00:00 GMT", INT64_MIN) != NEVER);
    CHECK(two_digit_year("Monday, 01-Jan-24 00:00:00 GMT", INT64_MAX) != NEVER);
}

static void
cookie_dates_are_read_as_browsers_do(void)
{
    for (size_t i = 0; i < sizeof(cookie_dates) / sizeof(cookie_dates[0]); i++) {
        int64_t seconds = NEVER;
        bool read = zc_date_cookie(cookie_dates[i].text, strlen(cookie_dates[i].text), &seconds);
        CHECK_ROW(read == (cookie_dates[i].seconds != NEVER) && seconds == cookie_dates[i].seconds, cookie_dates[i].text);
    }
}

int
main(void)
{
    http_dates_are_read_to_the_letter();
    a_date_is_not_read_past_its_length();
    a_two_digit_year_is_at_most_50_years_ahead();
    cookie_dates_are_read_as_browsers_do();
    return check_done();
}
