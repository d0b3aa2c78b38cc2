/* Pieces of received lines: by ASCII alone, never past their end, and told apart from no piece at all. */
#include "check.h"

#include "core/slice.h"

#include <stdlib.h>
#include <string.h>

static struct zc_slice
raw(const char *text)
{
    return (struct zc_slice){text, strlen(text)};
}

static bool
is(struct zc_slice slice, const char *text)
{
    return slice.bytes != NULL && slice.len == strlen(text) && memcmp(slice.bytes, text, slice.len) == 0;
}

static void
blanks_at_the_ends_are_trimmed_and_nothing_else(void)
{
    CHECK(is(zc_slice_trim(zc_slice_of(" \t a \tb\t ")), "a \tb"));
    CHECK(is(zc_slice_trim(zc_slice_of("a")), "a") && is(zc_slice_trim(zc_slice_of("")), ""));
    CHECK(is(zc_slice_trim(zc_slice_of(" \t")), "") && zc_slice_of(NULL).bytes == NULL);
    CHECK(is(zc_slice_trim(zc_slice_of("\r\n\va\f\xa0")), "\r\n\va\f\xa0"));
    CHECK(is(zc_slice_trim((struct zc_slice){" a b", 3}), "a"));
    CHECK(zc_slice_trim(zc_no_slice).bytes == NULL);
}

struct split {
    const char *text;
    size_t n_parts;
    const char *parts[4];
};

static const struct split splits[] = {
    {"", 1, {""}},
    {"a", 1, {"a"}},
    {"a,b", 2, {"a", "b"}},
    {" a , b c ,\td", 3, {"a", "b c", "d"}},
    {",", 2, {"", ""}},
    {"a,", 2, {"a", ""}},
    {",a", 2, {"", "a"}},
    {"a,,b", 3, {"a", "", "b"}},
    {"a;b,c", 2, {"a;b", "c"}},
};

static void
every_part_comes_once_empty_ones_too(void)
{
    for (size_t i = 0; i < sizeof(splits) / sizeof(splits[0]); i++) {
        struct zc_slice rest = raw(splits[i].text);
        struct zc_slice part;
        size_t n = 0;
        while (n < splits[i].n_parts && zc_slice_next(&rest, ',', &part)) {
            CHECK_ROW(is(part, splits[i].parts[n]), splits[i].text);
            n++;
        }
        CHECK_ROW(n == splits[i].n_parts, splits[i].text);
        CHECK_ROW(!zc_slice_next(&rest, ',', &part) && part.bytes == NULL, splits[i].text);
    }
    struct zc_slice none = zc_no_slice;
    struct zc_slice part;
    CHECK(!zc_slice_next(&none, ',', &part) && part.bytes == NULL);
}

static void
names_are_equal_without_regard_to_ascii_case(void)
{
    CHECK(zc_slice_is(raw("Max-Age"), "max-age") && zc_slice_is(raw("MAX-AGE"), "max-age") && zc_slice_is(raw(""), ""));
    CHECK(!zc_slice_is(raw("max-ag"), "max-age") && !zc_slice_is(raw("max-age "), "max-age"));
    CHECK(!zc_slice_is(raw("@[`{"), "`{@[") && !zc_slice_is(raw("\xc9"), "\xe9"));
    CHECK(!zc_slice_is((struct zc_slice){"a\0b", 3}, "a") && zc_slice_is((struct zc_slice){"max-age", 3}, "max"));
    CHECK(zc_slice_is(zc_no_slice, "") && !zc_slice_is(zc_no_slice, "a"));
}

static void
values_are_equal_byte_by_byte(void)
{
    CHECK(zc_slice_equals(raw("ZSession"), raw("ZSession")) && !zc_slice_equals(raw("ZSession"), raw("zsession")));
    CHECK(!zc_slice_equals(raw("a"), raw("ab")) && !zc_slice_equals(raw("ab"), raw("a")));
    CHECK(!zc_slice_equals((struct zc_slice){"a\0b", 3}, (struct zc_slice){"a\0c", 3}));
    CHECK(zc_slice_equals(zc_no_slice, raw("")) && zc_slice_equals(zc_no_slice, zc_no_slice));
}

struct number {
    const char *text;
    int64_t value; /* -1: not a number */
};

static const struct number numbers[] = {
    {"0", 0},
    {"7", 7},
    {"007", 7},
    {"123456789012345678", INT64_C(123456789012345678)},
    {"999999999999999999", INT64_C(999999999999999999)},
    {"000000000000000001", 1},
    {"1000000000000000000", -1},
    {"0000000000000000001", -1},
    {"", -1},
    {"-1", -1},
    {"+1", -1},
    {" 1", -1},
    {"1 ", -1},
    {"1.0", -1},
    {"0x10", -1},
    {"1e3", -1},
    {"1:", -1},
    {"1/", -1},
    {"\xd9\xa3", -1},
};

static void
a_number_is_1_to_18_digits(void)
{
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        CHECK_ROW(zc_slice_number(raw(numbers[i].text)) == numbers[i].value, numbers[i].text);
    }
    CHECK(zc_slice_number(zc_no_slice) == -1 && zc_slice_number((struct zc_slice){"123", 2}) == 12);
}

static void
digits_may_be_any_number_of_them(void)
{
    CHECK(zc_slice_is_digits(raw("0123456789")) && zc_slice_is_digits(raw("99999999999999999999999999999999")));
    CHECK(!zc_slice_is_digits(raw("")) && !zc_slice_is_digits(zc_no_slice));
    CHECK(!zc_slice_is_digits(raw("12a")) && !zc_slice_is_digits(raw("-1")));
}

static void
what_is_more_than_the_most_is_the_most(void)
{
    CHECK(zc_slice_saturated(raw("86399"), 86400) == 86399 && zc_slice_saturated(raw("86400"), 86400) == 86400);
    CHECK(zc_slice_saturated(raw("86401"), 86400) == 86400 && zc_slice_saturated(raw("99999999999999999999999"), 86400) == 86400);
    CHECK(zc_slice_saturated(raw("00000000000000000000000000000012"), 86400) == 12 && zc_slice_saturated(raw("0"), 86400) == 0);
}

static void
printable_is_from_the_blank_to_the_tilde(void)
{
    for (int c = 0; c < 256; c++) {
        char text[] = {'a', (char)c, 'b'};
        CHECK(zc_slice_is_printable_ascii((struct zc_slice){text, 3}) == (c >= 0x20 && c <= 0x7e));
    }
    CHECK(zc_slice_is_printable_ascii(raw("")) && zc_slice_is_printable_ascii(zc_no_slice));
}

/* The block is as long as the slice, so a look past its end would be seen. */
static void
nothing_past_the_end_is_read(void)
{
    for (size_t len = 1; len <= 4; len++) {
        char *block = malloc(len);
        if (CHECK(block != NULL)) {
            memset(block, '1', len);
            struct zc_slice slice = {block, len};
            struct zc_slice rest = slice;
            struct zc_slice part;
            CHECK(zc_slice_is_digits(slice) && zc_slice_number(slice) > 0 && zc_slice_is_printable_ascii(slice));
            CHECK(!zc_slice_is(slice, "11111") && zc_slice_equals(zc_slice_trim(slice), slice));
            CHECK(zc_slice_next(&rest, ',', &part) && part.len == len);
            memset(block, ' ', len);
            CHECK(zc_slice_trim(slice).len == 0);
        }
        free(block);
    }
}

int
main(void)
{
    blanks_at_the_ends_are_trimmed_and_nothing_else();
    every_part_comes_once_empty_ones_too();
    names_are_equal_without_regard_to_ascii_case();
    values_are_equal_byte_by_byte();
    a_number_is_1_to_18_digits();
    digits_may_be_any_number_of_them();
    what_is_more_than_the_most_is_the_most();
    printable_is_from_the_blank_to_the_tilde();
    nothing_past_the_end_is_read();
    return check_done();
}
