/* How deep JSON may nest, how many keys are compared, which numbers are kept, and what is said where memory lacks. */
#include "check.h"
#include "failing.h"

#include "core/json_strict.h"

#include <stdlib.h>
#include <string.h>

struct number {
    const char *sent;
    const char *kept; /* what cJSON reads */
};

static const struct number numbers[] = {
    /* plain whole numbers stay */
    {"0", "0"},
    {"7", "7"},
    {"-90000011", "-90000011"},
    {"9007199254740992", "9007199254740992"},
    {"-9007199254740992", "-9007199254740992"},
    /* whole, but not written so */
    {"-0", "-0"},
    {"0.0", "0"},
    {"-0e7", "0"},
    {"5.0", "5"},
    {"1e3", "1e3"},
    {"1.5e1", "15"},
    {"1.5E+9", "15e8"},
    {"-10.0e-1", "-1"},
    {"100.000", "1e2"},
    {"1000e-3", "1"},
    {"0.0000000001e10", "1"},
    {"9007199254740992.000", "9007199254740992"},
    {"9.007199254740992e15", "9007199254740992"},
    {"90071992547409920e-1", "9007199254740992"},
    {"1e15", "1e15"},
    /* no whole number within +-2^53 */
    {"9007199254740993", "0"},
    {"-9007199254740993", "0"},
    {"9007199254740992.5", "0"},
    {"9007199254740993.0", "0"},
    {"9007199254740992.0000000000000000000000000000000000000000000000001", "0"},
    {"1e16", "0"},
    {"1e400", "0"},
    {"1e99999999999999999999999999", "0"},
    {"1e-1", "0"},
    {"1e-99999999999999999999999999", "0"},
    {"1.5", "0"},
    {"-0.5", "0"},
    {"0.99999999999999999999999999999999999999", "0"},
    {"18446744073709551616", "0"},
    {"18446744073709551617", "0"},
    {"123456789012345678901234567890", "0"},
};

static zc_json
judge_nested(const char *open, const char *inner, const char *close, size_t n)
{
    size_t open_len = strlen(open);
    size_t len = n * (open_len + 1) + strlen(inner);
    char *text = malloc(len + 1);
    if (text == NULL) {
        return ZC_JSON_NO_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(text + i * open_len, open, open_len);
    }
    memcpy(text + n * open_len, inner, strlen(inner));
    memset(text + n * open_len + strlen(inner), *close, n);
    zc_json problem = zc_json_strict(text, len);
    free(text);
    return problem;
}

static void
the_65th_level_is_refused(void)
{
    CHECK(judge_nested("[", "", "]", 64) == ZC_JSON_OK);
    CHECK(judge_nested("[", "", "]", 65) == ZC_JSON_DEPTH);
    CHECK(judge_nested("[", "1", "]", 64) == ZC_JSON_OK);
    CHECK(judge_nested("{\"a\":", "{}", "}", 63) == ZC_JSON_OK);
    CHECK(judge_nested("{\"a\":", "{}", "}", 64) == ZC_JSON_DEPTH);
    CHECK(judge_nested("[{},[],", "0", "]", 63) == ZC_JSON_OK);
    CHECK(judge_nested("[", "", "]", 500000) == ZC_JSON_DEPTH);
}

static void
a_number_is_kept_if_cjson_reads_it_exactly(void)
{
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        char text[128];
        size_t len = strlen(numbers[i].sent);
        size_t kept_len = strlen(numbers[i].kept);
        (void)snprintf(text, sizeof(text), "%s", numbers[i].sent);
        CHECK_ROW(zc_json_strict(text, len) == ZC_JSON_OK, numbers[i].sent);
        CHECK_ROW(strncmp(text, numbers[i].kept, kept_len) == 0, numbers[i].sent);
        CHECK_ROW(strspn(text + kept_len, " ") == len - kept_len, numbers[i].sent);
    }
}

static void
a_long_number_is_shortened(void)
{
    char text[2001];
    text[0] = '1';
    memset(text + 1, '0', 1994);
    memcpy(text + 1995, "e-1990", 6);
    CHECK(zc_json_strict(text, 2001) == ZC_JSON_OK);
    CHECK(memcmp(text, "1e4 ", 4) == 0);
}

/* An object with a hundred thousand keys that share their beginning; the last one again if `twice`. */
static zc_json
judge_many_keys(bool twice)
{
    size_t len = 1;
    char *text = malloc(2000000);
    if (text == NULL) {
        return ZC_JSON_NO_MEMORY;
    }
    text[0] = '{';
    for (int i = 0; i < 100000; i++) {
        int key = twice && i == 99999 ? 0 : i;
        len += (size_t)snprintf(text + len, 32, "%s\"k%06d\":0", i > 0 ? "," : "", key);
    }
    text[len++] = '}';
    zc_json problem = zc_json_strict(text, len);
    free(text);
    return problem;
}

static void
a_hundred_thousand_keys_are_compared(void)
{
    CHECK(judge_many_keys(false) == ZC_JSON_OK);
    CHECK(judge_many_keys(true) == ZC_JSON_DUPLICATE);
}

static void
without_memory_it_says_so(void)
{
    char text[64];
    unsigned nth = 0;
    do {
        (void)snprintf(text, sizeof(text), "{\"a\":{\"b\":0,\"c\":[{\"d\":0}]}}");
        fail_allocation(++nth);
        zc_json problem = zc_json_strict(text, strlen(text));
        CHECK(problem == (allocation_failed() ? ZC_JSON_NO_MEMORY : ZC_JSON_OK));
    } while (allocation_failed());
    CHECK(nth == 2);
    fail_allocation(0);
}

int
main(void)
{
    the_65th_level_is_refused();
    a_number_is_kept_if_cjson_reads_it_exactly();
    a_long_number_is_shortened();
    a_hundred_thousand_keys_are_compared();
    without_memory_it_says_so();
    return check_done();
}
