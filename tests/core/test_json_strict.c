/* What is JSON and what is not, what a refusal is for, and what becomes of numbers. */
#include "check.h"
#include "failing.h"

#include "core/json_strict.h"

#include <stdlib.h>
#include <string.h>

/* With its length, since some rows hold a NUL byte. */
#define TEXT(literal) literal, sizeof(literal) - 1

struct accepted {
    const char *text;
    size_t len;
};

static const struct accepted must_accept[] = {
    /* any value, blanks around it */
    {TEXT("{}")},
    {TEXT("[]")},
    {TEXT("true")},
    {TEXT("false")},
    {TEXT("null")},
    {TEXT("0")},
    {TEXT("-0")},
    {TEXT("\"\"")},
    {TEXT(" \t\n\r{ \t\n\r} \t\n\r")},
    {TEXT(" [ 1 , 2 ] ")},
    {TEXT("{ \"a\" : 1 , \"b\" : [ { } , [ ] ] }")},
    {TEXT("[null,true,false,0,\"\",{},[]]")},
    /* numbers */
    {TEXT("[1,-1,10,1.0,-1.5,0.5,1e3,1E3,1e+3,1e-3,0e0,0.0e-0,-0.0]")},
    {TEXT("123456789012345678901234567890.123456789e-1234567890")},
    {TEXT("1e400")},
    {TEXT("-1e99999999999999999999999999999999")},
    /* strings */
    {TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"")},
    {TEXT("\"\\u0001\\u00e9\\uABCD\\uabcd\\uD83D\\uDE00\"")},
    {TEXT("\"\\udbff\\udfff\\ud800\\udc00\"")},
    {TEXT("\"\x7f\"")},
    {TEXT("\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\"")},
    {TEXT("\"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\xef\xb7\x90\"")},
    {TEXT("\"\xe2\x80\xa8\xe2\x80\xa9\xef\xbb\xbf\"")},
    {TEXT("\"/ // /* # ' `\"")},
    /* keys */
    {TEXT("{\"\":0}")},
    {TEXT("{\"a\":0,\"A\":0,\"aa\":0,\"\":0,\"\\u0061b\":0}")},
    {TEXT("{\"a\":{\"a\":{\"a\":0}},\"b\":{\"a\":0}}")},
    {TEXT("[{\"a\":0},{\"a\":0}]")},
    {TEXT("{\"\xc3\xa9\":0,\"e\\u0301\":0}")},
};

struct refused {
    zc_json problem;
    const char *text;
    size_t len;
};

static const struct refused must_reject[] = {
    {ZC_JSON_EMPTY, TEXT("")},
    {ZC_JSON_EMPTY, TEXT(" \t\r\n")},
    /* structure */
    {ZC_JSON_SYNTAX, TEXT("{")},
    {ZC_JSON_SYNTAX, TEXT("[")},
    {ZC_JSON_SYNTAX, TEXT("}")},
    {ZC_JSON_SYNTAX, TEXT("]")},
    {ZC_JSON_SYNTAX, TEXT("[}")},
    {ZC_JSON_SYNTAX, TEXT("{]")},
    {ZC_JSON_SYNTAX, TEXT("[1}")},
    {ZC_JSON_SYNTAX, TEXT("[1,]")},
    {ZC_JSON_SYNTAX, TEXT("[,1]")},
    {ZC_JSON_SYNTAX, TEXT("[,]")},
    {ZC_JSON_SYNTAX, TEXT("[1,,2]")},
    {ZC_JSON_SYNTAX, TEXT("[1 2]")},
    {ZC_JSON_SYNTAX, TEXT("[1:2]")},
    {ZC_JSON_SYNTAX, TEXT("[1")},
    {ZC_JSON_SYNTAX, TEXT("[1,")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\"}")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\":}")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\" 1}")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\"::1}")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\":1,}")},
    {ZC_JSON_SYNTAX, TEXT("{,\"a\":1}")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\":1 \"b\":2}")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\":1")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\":")},
    {ZC_JSON_SYNTAX, TEXT("{\"a\"")},
    {ZC_JSON_SYNTAX, TEXT("{a:1}")},
    {ZC_JSON_SYNTAX, TEXT("{'a':1}")},
    {ZC_JSON_SYNTAX, TEXT("{1:1}")},
    {ZC_JSON_SYNTAX, TEXT("{null:1}")},
    {ZC_JSON_SYNTAX, TEXT("{{}}")},
    {ZC_JSON_SYNTAX, TEXT(",")},
    {ZC_JSON_SYNTAX, TEXT(":")},
    {ZC_JSON_SYNTAX, TEXT("<html>")},
    {ZC_JSON_SYNTAX, TEXT("We're sorry, but something went wrong.")},
    /* words, comments, blanks */
    {ZC_JSON_SYNTAX, TEXT("tru")},
    {ZC_JSON_SYNTAX, TEXT("TRUE")},
    {ZC_JSON_SYNTAX, TEXT("True")},
    {ZC_JSON_SYNTAX, TEXT("nul")},
    {ZC_JSON_SYNTAX, TEXT("undefined")},
    {ZC_JSON_SYNTAX, TEXT("NaN")},
    {ZC_JSON_SYNTAX, TEXT("nan")},
    {ZC_JSON_SYNTAX, TEXT("Infinity")},
    {ZC_JSON_SYNTAX, TEXT("-Infinity")},
    {ZC_JSON_SYNTAX, TEXT("// c\n{}")},
    {ZC_JSON_SYNTAX, TEXT("/* c */{}")},
    {ZC_JSON_SYNTAX, TEXT("[1/* c */]")},
    {ZC_JSON_SYNTAX, TEXT("[\v1]")},
    {ZC_JSON_SYNTAX, TEXT("[\f1]")},
    {ZC_JSON_SYNTAX, TEXT("[\xc2\xa0]")},
    {ZC_JSON_SYNTAX, TEXT("\xef\xbb\xbf{}")},
    {ZC_JSON_SYNTAX, TEXT("\xff")},
    /* numbers */
    {ZC_JSON_SYNTAX, TEXT("-")},
    {ZC_JSON_SYNTAX, TEXT("+1")},
    {ZC_JSON_SYNTAX, TEXT("--1")},
    {ZC_JSON_SYNTAX, TEXT("-a")},
    {ZC_JSON_SYNTAX, TEXT(".5")},
    {ZC_JSON_SYNTAX, TEXT("-.5")},
    {ZC_JSON_SYNTAX, TEXT("1.")},
    {ZC_JSON_SYNTAX, TEXT("[1.]")},
    {ZC_JSON_SYNTAX, TEXT("1.e1")},
    {ZC_JSON_SYNTAX, TEXT("1e")},
    {ZC_JSON_SYNTAX, TEXT("1e+")},
    {ZC_JSON_SYNTAX, TEXT("1e-")},
    {ZC_JSON_SYNTAX, TEXT("[1eE2]")},
    {ZC_JSON_SYNTAX, TEXT("[01]")},
    {ZC_JSON_SYNTAX, TEXT("[-01]")},
    {ZC_JSON_SYNTAX, TEXT("[00]")},
    {ZC_JSON_SYNTAX, TEXT("[0x1]")},
    {ZC_JSON_SYNTAX, TEXT("[1.2.3]")},
    {ZC_JSON_SYNTAX, TEXT("[1e2.3]")},
    {ZC_JSON_SYNTAX, TEXT("[1_000]")},
    {ZC_JSON_SYNTAX, TEXT("[\xef\xbc\x91]")},
    /* strings */
    {ZC_JSON_SYNTAX, TEXT("\"")},
    {ZC_JSON_SYNTAX, TEXT("\"a")},
    {ZC_JSON_SYNTAX, TEXT("\"\\\"")},
    {ZC_JSON_SYNTAX, TEXT("'a'")},
    {ZC_JSON_ESCAPE, TEXT("\"\n\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\t\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\x01\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\x1f\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\")},
    {ZC_JSON_ESCAPE, TEXT("\"\\a\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\'\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\x41\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\0\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\\n\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\U0041\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\\xc3\xa9\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u004\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u004")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u00g1\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u+041\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u 041\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\u\x10\x11\x12\x13\"")},
    {ZC_JSON_ESCAPE, TEXT("\"\\ud83d\\u00g1\"")},
    {ZC_JSON_ESCAPE, TEXT("{\"\\q\":0}")},
    /* NUL */
    {ZC_JSON_NUL, TEXT("\0")},
    {ZC_JSON_NUL, TEXT("{}\0")},
    {ZC_JSON_NUL, TEXT("\"a\0b\"")},
    {ZC_JSON_NUL, TEXT("{\0}")},
    {ZC_JSON_NUL, TEXT("{\"a\":\"\\u0000\"}")},
    {ZC_JSON_NUL, TEXT("{\"success\\u0000\":true}")},
    {ZC_JSON_NUL, TEXT("{\0\"\0a\0\"\0:\0001\0}\0")},
    /* surrogates */
    {ZC_JSON_SURROGATE, TEXT("\"\\ud800\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\udc00\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\udfff\\ud800\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\udc00\\udc00\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\ud800\\ud800\\udc00\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\ud83dx\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\ud83d\\n\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\ud83d\\u0041\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\ud83d\\u0000\"")},
    {ZC_JSON_SURROGATE, TEXT("\"\\ud83d\\ue000\"")},
    {ZC_JSON_SURROGATE, TEXT("{\"\\uDBFF\":0}")},
    /* UTF-8 */
    {ZC_JSON_NOT_UTF8, TEXT("\"\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xbf\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"caf\xe9\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xc0\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xc0\xaf\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xc1\xbf\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xc2\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xc2")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xc3\x28\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xe0\x80\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xe0\x9f\xbf\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xe2\x82\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xed\xa0\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xed\xbf\xbf\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xed\xa0\xbd\xed\xb8\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xf0\x80\x80\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xf0\x8f\xbf\xbf\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xf0\x9f\x98\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xf4\x90\x80\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xf5\x80\x80\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xf8\x88\x80\x80\x80\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xfe\"")},
    {ZC_JSON_NOT_UTF8, TEXT("\"\xff\"")},
    {ZC_JSON_NOT_UTF8, TEXT("{\"\xff\":0}")},
    /* duplicate keys */
    {ZC_JSON_DUPLICATE, TEXT("{\"a\":1,\"a\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"a\":1,\"b\":1,\"a\":2}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"\":1,\"\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"a\":1,\"\\u0061\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"\\/\":1,\"/\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"\\n\":1,\"\\u000A\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"\xc3\xa9\":1,\"\\u00E9\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("{\"\xf0\x9f\x98\x80\":1,\"\\ud83D\\uDe00\":1}")},
    {ZC_JSON_DUPLICATE, TEXT("[[{\"x\":{\"a\":1,\"b\":{\"c\":0},\"a\":1}}]]")},
    {ZC_JSON_DUPLICATE, TEXT("{\"a\":{\"b\":0,\"c\":0},\"d\":0,\"a\":0}")},
    /* trailing */
    {ZC_JSON_TRAILING, TEXT("{}x")},
    {ZC_JSON_TRAILING, TEXT("{}{}")},
    {ZC_JSON_TRAILING, TEXT("{} {}")},
    {ZC_JSON_TRAILING, TEXT("{},")},
    {ZC_JSON_TRAILING, TEXT("[]]")},
    {ZC_JSON_TRAILING, TEXT("{}}")},
    {ZC_JSON_TRAILING, TEXT("01")},
    {ZC_JSON_TRAILING, TEXT("1 2")},
    {ZC_JSON_TRAILING, TEXT("truex")},
    {ZC_JSON_TRAILING, TEXT("\"\"\"\"")},
    {ZC_JSON_TRAILING, TEXT("{}\x80")},
    {ZC_JSON_TRAILING, TEXT("{}//")},
};

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

/* Judges a copy of exactly its length, so that the sanitizer sees a read past the end. */
static zc_json
judge(const char *text, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    if (copy == NULL) {
        return ZC_JSON_NO_MEMORY;
    }
    memcpy(copy, text, len);
    zc_json problem = zc_json_strict(copy, len);
    free(copy);
    return problem;
}

static void
json_is_accepted(void)
{
    for (size_t i = 0; i < sizeof(must_accept) / sizeof(must_accept[0]); i++) {
        CHECK_ROW(judge(must_accept[i].text, must_accept[i].len) == ZC_JSON_OK, must_accept[i].text);
    }
}

static void
what_is_not_json_is_refused_for_what_it_is(void)
{
    for (size_t i = 0; i < sizeof(must_reject) / sizeof(must_reject[0]); i++) {
        CHECK_ROW(judge(must_reject[i].text, must_reject[i].len) == must_reject[i].problem, must_reject[i].text);
    }
}

static void
no_text_that_is_cut_short_is_accepted(void)
{
    static const char text[] = "{\"a\\u00e9\":[1.5e-3,{\"\xf0\x9f\x98\x80\":\"\\ud83d\\ude00\"},true,null,\"\"]}";
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        CHECK_ROW(judge(text, len) != ZC_JSON_OK, text + len);
    }
    CHECK(judge(text, sizeof(text) - 1) == ZC_JSON_OK);
}

static void
nothing_at_all_is_empty(void)
{
    CHECK(zc_json_strict(NULL, 0) == ZC_JSON_EMPTY);
}

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

static void
every_problem_has_a_text(void)
{
    for (int i = 0; i < ZC_JSON_N; i++) {
        const char *text = zc_json_text((zc_json)i);
        CHECK(text != NULL && text[0] != '\0');
    }
}

int
main(void)
{
    json_is_accepted();
    what_is_not_json_is_refused_for_what_it_is();
    no_text_that_is_cut_short_is_accepted();
    nothing_at_all_is_empty();
    the_65th_level_is_refused();
    a_number_is_kept_if_cjson_reads_it_exactly();
    a_long_number_is_shortened();
    a_hundred_thousand_keys_are_compared();
    without_memory_it_says_so();
    every_problem_has_a_text();
    return check_done();
}
