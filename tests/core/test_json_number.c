/* What is a JSON number, where it ends, and what it is rewritten to: exactly, or to 0. */
#include "check.h"

#include "core/json_number.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FOR_CJSON 63
#define ZEROS_20      "00000000000000000000"
#define ZEROS_100     ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20 ZEROS_20

struct extent {
    const char *text;
    size_t n_taken; /* 0: no number begins here */
};

static const struct extent extents[] = {
    {"", 0},      {"-", 0},    {"+1", 0},     {".5", 0},    {"-.5", 0}, {"1.", 0},   {"1.e1", 0}, {"1e", 0},    {"1E+", 0},
    {"1e-", 0},   {"1.5e", 0}, {"-a", 0},     {"--1", 0},   {"NaN", 0}, {"inf", 0},  {" 1", 0},   {"0", 1},     {"-0", 2},
    {"10", 2},    {"01", 1},   {"-01", 2},    {"00", 1},    {"0x1", 1}, {"1,2", 1},  {"1 2", 1},  {"1]", 1},    {"1.5.5", 3},
    {"1e5e5", 3}, {"1-1", 1},  {"0.0e-0", 6}, {"1e+05", 5}, {"1E5", 3}, {"-1.5", 4}, {"0e1", 3},  {"1.50}", 4}, {"1\xd9\xa3", 1},
};

/* In a block of its own length, so that a look past the end would be seen. */
static void
a_number_ends_where_its_grammar_ends(void)
{
    for (size_t i = 0; i < sizeof(extents) / sizeof(extents[0]); i++) {
        const struct extent *row = &extents[i];
        size_t len = strlen(row->text);
        char *text = malloc(len > 0 ? len : 1);
        if (CHECK(text != NULL)) {
            memcpy(text, row->text, len);
            CHECK_ROW(zc_json_number(text, len) == row->n_taken, row->text);
            CHECK_ROW(memcmp(text + row->n_taken, row->text + row->n_taken, len - row->n_taken) == 0, row->text);
        }
        free(text);
    }
}

static void
the_length_ends_a_number_too(void)
{
    char text[] = "12.5";
    CHECK(zc_json_number(text, 2) == 2 && strcmp(text, "12.5") == 0);
    CHECK(zc_json_number(text, 3) == 0 && strcmp(text, "12.5") == 0);
    CHECK(zc_json_number(text, 0) == 0);
}

static const char *const plain[] = {"0", "-0", "7", "-7", "90000011", "9007199254740992", "-9007199254740992"};

static void
a_whole_number_stays_as_it_is(void)
{
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        char text[32] = "";
        memcpy(text, plain[i], strlen(plain[i]));
        CHECK_ROW(zc_json_number(text, strlen(plain[i])) == strlen(plain[i]), plain[i]);
        CHECK_ROW(strcmp(text, plain[i]) == 0, plain[i]);
    }
}

struct value {
    const char *text;
    double value; /* every one of them exact */
};

static const struct value values[] = {
    /* whole, whatever they look like */
    {"70.0", 70},
    {"7e1", 70},
    {"7E+1", 70},
    {"-7.00e1", -70},
    {"0.7e2", 70},
    {"700e-1", 70},
    {"1000e-3", 1},
    {"0.001e3", 1},
    {"90000011.000", 90000011},
    {"9007199254740992.0", 9007199254740992},
    {"90071992547409920e-1", 9007199254740992},
    {"-9.007199254740992e15", -9007199254740992},
    {"9e15", 9e15},
    {"70." ZEROS_100, 70},
    {"7" ZEROS_100 "e-100", 7},
    {"0." ZEROS_100 "7e101", 7},
    {"1.0e00000000000000000000000000000000000000001", 10},
    /* nothing, whatever they look like */
    {"0.0", 0},
    {"-0.0", 0},
    {"0e99999999999999999999999999", 0},
    {"0." ZEROS_100 "e-99999999999999999999999999", 0},
    /* neither: not whole, or too large to be exact */
    {"0.5", 0},
    {"-1.5", 0},
    {"1e-1", 0},
    {"70.00000000000000000000000000000000000000000000000000000000000000001", 0},
    {"9007199254740993", 0},
    {"-9007199254740993", 0},
    {"9007199254740993.0", 0},
    {"9007199254740992.5", 0},
    {"9007199254740991.99999999999999999999999", 0},
    {"9.1e15", 0},
    {"1e16", 0},
    {"18446744073709551616", 0},
    {"18446744073709551617", 0},
    {"1" ZEROS_100, 0},
    {"1e400", 0},
    {"-1e99999999999999999999999999", 0},
    {"1e-99999999999999999999999999", 0},
    {"1e9223372036854775807", 0},
    {"1e-9223372036854775808", 0},
    {"1e18446744073709551617", 0},
};

/* The rest of a number's place is blank: `]` after it stands where it stood. */
static void
a_number_is_its_exact_value_or_0(void)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        size_t len = strlen(values[i].text);
        char text[200];
        (void)snprintf(text, sizeof(text), "%s]", values[i].text);
        CHECK_ROW(zc_json_number(text, len + 1) == len, values[i].text);
        char *end = NULL;
        CHECK_ROW(strtod(text, &end) == values[i].value, values[i].text);
        CHECK_ROW(end != text && end - text <= MAX_FOR_CJSON, values[i].text);
        CHECK_ROW(strspn(end, " ") == (size_t)(text + len - end) && strcmp(text + len, "]") == 0, values[i].text);
        CHECK_ROW(strchr(text, '.') == NULL, values[i].text);
    }
}

static void
what_was_rewritten_is_a_number_that_stays(void)
{
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        char text[200];
        char again[200];
        (void)snprintf(text, sizeof(text), "%s", values[i].text);
        size_t len = strlen(text);
        CHECK_ROW(zc_json_number(text, len) == len, values[i].text);
        memcpy(again, text, sizeof(again));
        CHECK_ROW(zc_json_number(again, len) == strcspn(text, " ") && strcmp(text, again) == 0, values[i].text);
    }
}

int
main(void)
{
    a_number_ends_where_its_grammar_ends();
    the_length_ends_a_number_too();
    a_whole_number_stays_as_it_is();
    a_number_is_its_exact_value_or_0();
    what_was_rewritten_is_a_number_that_stays();
    return check_done();
}
