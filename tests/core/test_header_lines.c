/* Raw header lines -> names and values. */
#include "check.h"
#include "core/header_lines.h"
#include "failing.h"

#include <string.h>

static struct zc_header_lines lines;
static const struct zc_header *headers;

static zc_status
add(const char *line)
{
    return zc_header_lines_add(&lines, line, strlen(line));
}

static bool
is(size_t at, const char *name, const char *value)
{
    return at < lines.n && strcmp(headers[at].name.bytes, name) == 0 && strlen(name) == headers[at].name.len &&
           strcmp(headers[at].value.bytes, value) == 0 && strlen(value) == headers[at].value.len;
}

static void
lines_keep_their_order_and_lose_their_blanks(void)
{
    zc_header_lines_init(&lines, 1000);
    CHECK(add("Content-Type: application/json\r\n") == ZC_OK);
    CHECK(add("Set-Cookie:\t ZSession=a; Path=/ \t\r\n") == ZC_OK);
    CHECK(add("Empty:\r\n") == ZC_OK && add("Set-Cookie: b\n") == ZC_OK && add("a:b:c\r\n") == ZC_OK);
    CHECK(zc_header_lines_read(&lines, &headers) == ZC_OK && lines.n == 5);
    CHECK(is(0, "Content-Type", "application/json") && is(1, "Set-Cookie", "ZSession=a; Path=/"));
    CHECK(is(2, "Empty", "") && is(3, "Set-Cookie", "b") && is(4, "a", "b:c"));
    zc_header_lines_clear(&lines);
}

static void
a_line_that_begins_with_a_blank_goes_on(void)
{
    zc_header_lines_init(&lines, 1000);
    CHECK(add(" stray: 1\r\n") == ZC_FRAMING && add("no colon\r\n") == ZC_OK);
    CHECK(add("Long: one\r\n") == ZC_OK && add(" \ttwo \r\n") == ZC_OK && add("\tthree\r\n") == ZC_OK);
    CHECK(add("Next: 1\r\n") == ZC_OK && add(" \t\r\n") == ZC_OK);
    CHECK(add("Late:\r\n") == ZC_OK && add(" \r\n") == ZC_OK && add(" 2\r\n") == ZC_OK && add(" 3\r\n") == ZC_OK);
    CHECK(zc_header_lines_read(&lines, &headers) == ZC_OK && lines.n == 3);
    CHECK(is(0, "Long", "one two three") && is(1, "Next", "1") && is(2, "Late", "2 3"));
    zc_header_lines_clear(&lines);
}

/* Names and values are told apart by their NULs. */
static void
a_line_that_holds_a_nul_is_refused(void)
{
    zc_header_lines_init(&lines, 1000);
    CHECK(add("a: 1\r\n") == ZC_OK);
    CHECK(zc_header_lines_add(&lines, "b: \0: 2\r\n", 9) == ZC_FRAMING && zc_header_lines_add(&lines, " \0\n", 3) == ZC_FRAMING);
    CHECK(zc_header_lines_read(&lines, &headers) == ZC_OK && lines.n == 1 && is(0, "a", "1"));
    zc_header_lines_clear(&lines);
}

static void
a_reset_forgets_the_lines(void)
{
    zc_header_lines_init(&lines, 1000);
    CHECK(add("a: 1\r\n") == ZC_OK && add("b: 2\r\n") == ZC_OK);
    zc_header_lines_reset(&lines);
    CHECK(zc_header_lines_read(&lines, &headers) == ZC_OK && lines.n == 0);
    CHECK(add("c: 3\r\n") == ZC_OK && zc_header_lines_read(&lines, &headers) == ZC_OK && lines.n == 1 && is(0, "c", "3"));
    zc_header_lines_clear(&lines);
}

/* Raw lines never need more room here than they had. */
static void
the_cap_holds_what_the_raw_lines_held(void)
{
    zc_header_lines_init(&lines, 8);
    CHECK(add("a:b\n") == ZC_OK && add("c:\n") == ZC_OK);
    CHECK(add("d:\n") == ZC_BODY_TOO_LARGE && lines.n == 2);
    zc_header_lines_clear(&lines);
}

static void
without_memory_there_are_no_lines(void)
{
    for (unsigned nth = 1; nth <= 2; nth++) {
        zc_header_lines_init(&lines, 1000);
        fail_allocation(nth);
        zc_status status = add("a: 1\r\n");
        if (status == ZC_OK) {
            status = zc_header_lines_read(&lines, &headers);
        }
        fail_allocation(0);
        CHECK(status == ZC_NO_MEMORY);
        zc_header_lines_clear(&lines);
    }
}

int
main(void)
{
    lines_keep_their_order_and_lose_their_blanks();
    a_line_that_begins_with_a_blank_goes_on();
    a_line_that_holds_a_nul_is_refused();
    a_reset_forgets_the_lines();
    the_cap_holds_what_the_raw_lines_held();
    without_memory_there_are_no_lines();
    return check_done();
}
