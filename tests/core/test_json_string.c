/* One character of a JSON string at a time: UTF-8 and escapes to the letter, and strings in the order of their characters. */
#include "check.h"

#include "core/json_string.h"

#include <stdlib.h>
#include <string.h>

struct character {
    const char *text;
    uint32_t value;
};

/* Each text is one character, as a whole. */
static const struct character characters[] = {
    {" ", ' '},
    {"a", 'a'},
    {"~", '~'},
    {"\x7f", 0x7f},
    {"/", '/'},
    /* UTF-8: the first and the last of each length, and what stands beside the surrogates */
    {"\xc2\x80", 0x80},
    {"\xdf\xbf", 0x7ff},
    {"\xe0\xa0\x80", 0x800},
    {"\xed\x9f\xbf", 0xd7ff},
    {"\xee\x80\x80", 0xe000},
    {"\xef\xbb\xbf", 0xfeff},
    {"\xef\xbf\xbf", 0xffff},
    {"\xf0\x90\x80\x80", 0x10000},
    {"\xf4\x8f\xbf\xbf", 0x10ffff},
    /* escapes */
    {"\\\"", '"'},
    {"\\\\", '\\'},
    {"\\/", '/'},
    {"\\b", '\b'},
    {"\\f", '\f'},
    {"\\n", '\n'},
    {"\\r", '\r'},
    {"\\t", '\t'},
    {"\\u0001", 1},
    {"\\u0061", 'a'},
    {"\\u00e9", 0xe9},
    {"\\uABCD", 0xabcd},
    {"\\uabcd", 0xabcd},
    {"\\ud7ff", 0xd7ff},
    {"\\ue000", 0xe000},
    {"\\uffff", 0xffff},
    {"\\ud800\\udc00", 0x10000},
    {"\\uD83D\\uDE00", 0x1f600},
    {"\\udbff\\udfff", 0x10ffff},
};

static void
a_character_is_unescaped_and_moved_past(void)
{
    for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
        char text[32];
        int len = snprintf(text, sizeof(text), "%sx", characters[i].text);
        const unsigned char *at = (const unsigned char *)text;
        const unsigned char *end = at + len;
        uint32_t value = 0;
        CHECK_ROW(zc_json_character(&at, end, &value) == ZC_JSON_OK, characters[i].text);
        CHECK_ROW(value == characters[i].value && at == end - 1, characters[i].text);
    }
}

/* In a block of its own length, so that a look past the end would be seen. */
static zc_json
judge(const char *text, size_t len)
{
    zc_json problem = ZC_JSON_N;
    unsigned char *block = malloc(len);
    if (CHECK(block != NULL)) {
        memcpy(block, text, len);
        const unsigned char *at = block;
        uint32_t value = 0;
        problem = zc_json_character(&at, block + len, &value);
        CHECK_ROW(at <= block + len, text);
    }
    free(block);
    return problem;
}

struct problem {
    const char *text;
    zc_json problem;
};

static const struct problem problems[] = {
    {"\x80", ZC_JSON_NOT_UTF8},
    {"\xbf", ZC_JSON_NOT_UTF8},
    {"\xff", ZC_JSON_NOT_UTF8},
    {"\xc3(", ZC_JSON_NOT_UTF8},
    {"\xe2\x82(", ZC_JSON_NOT_UTF8},
    {"\xe2(\xac", ZC_JSON_NOT_UTF8},
    {"\xf0\x9f\x98(", ZC_JSON_NOT_UTF8},
    {"\xc3\xc3", ZC_JSON_NOT_UTF8},
    /* overlong */
    {"\xc0\x80", ZC_JSON_NOT_UTF8},
    {"\xc0\xaf", ZC_JSON_NOT_UTF8},
    {"\xc1\xbf", ZC_JSON_NOT_UTF8},
    {"\xe0\x9f\xbf", ZC_JSON_NOT_UTF8},
    {"\xf0\x8f\xbf\xbf", ZC_JSON_NOT_UTF8},
    /* surrogates, and past the last character */
    {"\xed\xa0\x80", ZC_JSON_NOT_UTF8},
    {"\xed\xbf\xbf", ZC_JSON_NOT_UTF8},
    {"\xf4\x90\x80\x80", ZC_JSON_NOT_UTF8},
    {"\xf7\xbf\xbf\xbf", ZC_JSON_NOT_UTF8},
    {"\xf8\x88\x80\x80\x80", ZC_JSON_NOT_UTF8},
    {"\xfc\x84\x80\x80\x80\x80", ZC_JSON_NOT_UTF8},
    /* raw control characters and bad escapes */
    {"\x01", ZC_JSON_ESCAPE},
    {"\t", ZC_JSON_ESCAPE},
    {"\n", ZC_JSON_ESCAPE},
    {"\x1f", ZC_JSON_ESCAPE},
    {"\\a", ZC_JSON_ESCAPE},
    {"\\x41", ZC_JSON_ESCAPE},
    {"\\N", ZC_JSON_ESCAPE},
    {"\\U0041", ZC_JSON_ESCAPE},
    {"\\'", ZC_JSON_ESCAPE},
    {"\\ ", ZC_JSON_ESCAPE},
    {"\\\xc3\xa9", ZC_JSON_ESCAPE},
    {"\\u00g0", ZC_JSON_ESCAPE},
    {"\\u 061", ZC_JSON_ESCAPE},
    {"\\u+061", ZC_JSON_ESCAPE},
    {"\\u0x61", ZC_JSON_ESCAPE},
    {"\\u00@0", ZC_JSON_ESCAPE},
    {"\\u{61}", ZC_JSON_ESCAPE},
    {"\\ud83d\\u00g0", ZC_JSON_ESCAPE},
    {"\\u0000", ZC_JSON_NUL},
    /* half a pair */
    {"\\ud83d", ZC_JSON_SURROGATE},
    {"\\ud83dx", ZC_JSON_SURROGATE},
    {"\\ud83dxude00", ZC_JSON_SURROGATE},
    {"\\ud83d\\n", ZC_JSON_SURROGATE},
    {"\\ud83d\\u0061", ZC_JSON_SURROGATE},
    {"\\ud83d\\ud83d", ZC_JSON_SURROGATE},
    {"\\ud83d\\ue000", ZC_JSON_SURROGATE},
    {"\\ude00", ZC_JSON_SURROGATE},
    {"\\udc00\\ud800", ZC_JSON_SURROGATE},
};

static void
what_is_wrong_is_told_apart(void)
{
    for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++) {
        CHECK_ROW(judge(problems[i].text, strlen(problems[i].text)) == problems[i].problem, problems[i].text);
    }
}

static void
a_character_cut_off_anywhere_is_none(void)
{
    for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
        size_t whole = strlen(characters[i].text);
        CHECK_ROW(judge(characters[i].text, whole) == ZC_JSON_OK, characters[i].text);
        for (size_t len = 1; len < whole; len++) {
            CHECK_ROW(judge(characters[i].text, len) != ZC_JSON_OK, characters[i].text);
        }
    }
}

struct pair {
    const char *less;
    const char *more; /* equal to `less` in `equals` */
};

static const struct pair equals[] = {
    {"", ""},
    {"success", "success"},
    {"success", "succes\\u0073"},
    {"\\u0073\\u0075ccess", "success"},
    {"/", "\\/"},
    {"\\n", "\\u000a"},
    {"\\u00e9", "\xc3\xa9"},
    {"\\u00E9", "\\u00e9"},
    {"\\ud83d\\ude00", "\xf0\x9f\x98\x80"},
};

static const struct pair ordered[] = {
    {"", "a"},
    {"a", "b"},
    {"A", "a"},
    {"a", "aa"},
    {"aa", "b"},
    {"z", "\xc3\xa9"},
    {"\\u0061", "b"},
    {"a", "\\u0061a"},
    {"\\t", " "},
    {"[", "\\\\"},
    {"\\u0031", "2"},
    {"e\\u0301", "\xc3\xa9"},
    {"\\uffff", "\\ud800\\udc00"},
    {"\xef\xbf\xbf", "\\ud83d\\ude00"},
    {"\\uffff", "\xf0\x90\x80\x80"},
};

static struct zc_json_string
string_of(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    return (struct zc_json_string){at, at + strlen(text)};
}

static int
compare(const char *a, const char *b)
{
    return zc_json_compare(string_of(a), string_of(b));
}

static void
strings_are_compared_unescaped(void)
{
    for (size_t i = 0; i < sizeof(equals) / sizeof(equals[0]); i++) {
        CHECK_ROW(compare(equals[i].less, equals[i].more) == 0, equals[i].less);
        CHECK_ROW(compare(equals[i].more, equals[i].less) == 0, equals[i].less);
    }
}

static void
strings_are_ordered_by_character_and_then_by_length(void)
{
    for (size_t i = 0; i < sizeof(ordered) / sizeof(ordered[0]); i++) {
        CHECK_ROW(compare(ordered[i].less, ordered[i].more) < 0, ordered[i].less);
        CHECK_ROW(compare(ordered[i].more, ordered[i].less) > 0, ordered[i].less);
    }
}

int
main(void)
{
    a_character_is_unescaped_and_moved_past();
    what_is_wrong_is_told_apart();
    a_character_cut_off_anywhere_is_none();
    strings_are_compared_unescaped();
    strings_are_ordered_by_character_and_then_by_length();
    return check_done();
}
