/* What is JSON and what is not, and what a refusal is for. */
#include "check.h"

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
    every_problem_has_a_text();
    return check_done();
}
