/* A buffer grows, never past its cap, and leaves nothing behind. */
#include "check.h"
#include "failing.h"

#include "core/buffer.h"

#include <stdint.h>
#include <string.h>

static void
bytes_are_kept_in_order_and_end_in_nul(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, 100000);
    CHECK(b.bytes == NULL && b.len == 0);
    for (int i = 0; i < 10000; i++) {
        char c = (char)('a' + i % 26);
        CHECK(zc_buffer_append(&b, &c, 1) == ZC_OK);
    }
    CHECK(b.len == 10000 && b.bytes[b.len] == '\0');
    CHECK(strncmp(b.bytes, "abcdefghijklmnopqrstuvwxyzabc", 29) == 0 && b.bytes[9999] == 'a' + 9999 % 26);
    zc_buffer_clear(&b);
}

static void
any_byte_is_kept(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, 10);
    CHECK(zc_buffer_append(&b, "a\0b\xff", 4) == ZC_OK);
    CHECK(b.len == 4 && memcmp(b.bytes, "a\0b\xff", 5) == 0);
    zc_buffer_clear(&b);
}

static void
texts_lie_one_after_the_other_each_with_its_nul(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, 6);
    CHECK(zc_buffer_append_text(&b, "ab", 2) == ZC_OK && zc_buffer_append_text(&b, "", 0) == ZC_OK);
    CHECK(zc_buffer_append_text(&b, "cd", 2) == ZC_BODY_TOO_LARGE && zc_buffer_append_text(&b, "c", 1) == ZC_OK);
    CHECK(b.len == 6 && memcmp(b.bytes, "ab\0\0c\0", 7) == 0);
    zc_buffer_clear(&b);
}

static void
the_cap_is_never_passed(void)
{
    char thousand[1000];
    memset(thousand, 'x', sizeof(thousand));
    for (size_t cap = 0; cap <= sizeof(thousand); cap++) {
        struct zc_buffer b;
        zc_buffer_init(&b, cap);
        CHECK(zc_buffer_append(&b, thousand, cap) == ZC_OK);
        CHECK(zc_buffer_append(&b, "y", 1) == ZC_BODY_TOO_LARGE);
        CHECK(zc_buffer_append(&b, "y", SIZE_MAX) == ZC_BODY_TOO_LARGE);
        CHECK(zc_buffer_append(&b, "y", 0) == ZC_OK);
        CHECK(b.len == cap && strspn(b.bytes, "x") == cap);
        zc_buffer_clear(&b);
    }
}

static void
a_buffer_may_have_no_cap(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, SIZE_MAX / 2);
    CHECK(zc_buffer_append(&b, "abc", 3) == ZC_OK);
    CHECK(strcmp(b.bytes, "abc") == 0);
    zc_buffer_clear(&b);
}

static void
reset_empties_and_clear_frees(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, 1000);
    zc_buffer_reset(&b);
    CHECK(b.bytes == NULL && b.len == 0);
    CHECK(zc_buffer_append(&b, "first", 5) == ZC_OK);
    zc_buffer_reset(&b);
    CHECK(b.len == 0 && b.bytes != NULL && b.bytes[0] == '\0');
    CHECK(zc_buffer_append(&b, "2nd", 3) == ZC_OK);
    CHECK(strcmp(b.bytes, "2nd") == 0);
    zc_buffer_clear(&b);
    CHECK(b.bytes == NULL && b.len == 0 && b.size == 0);
    zc_buffer_clear(&b);
    CHECK(zc_buffer_append(&b, "third", 5) == ZC_OK);
    CHECK(strcmp(b.bytes, "third") == 0);
    zc_buffer_clear(&b);
}

static void
without_memory_it_keeps_what_it_has(void)
{
    char much[5000] = {0};
    struct zc_buffer b;
    zc_buffer_init(&b, 10000);
    CHECK(zc_buffer_append(&b, "kept", 4) == ZC_OK);
    fail_allocation(1);
    CHECK(zc_buffer_append(&b, much, sizeof(much)) == ZC_NO_MEMORY);
    CHECK(allocation_failed());
    CHECK(strcmp(b.bytes, "kept") == 0 && b.len == 4);
    CHECK(zc_buffer_append(&b, much, sizeof(much)) == ZC_OK);
    CHECK(b.len == 5004);
    zc_buffer_clear(&b);
}

int
main(void)
{
    bytes_are_kept_in_order_and_end_in_nul();
    any_byte_is_kept();
    texts_lie_one_after_the_other_each_with_its_nul();
    the_cap_is_never_passed();
    a_buffer_may_have_no_cap();
    reset_empties_and_clear_frees();
    without_memory_it_keeps_what_it_has();
    return check_done();
}
