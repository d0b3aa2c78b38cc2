/* No freed block holds a secret, and no text quotes one after it is masked. */
#include "check.h"
#include "failing.h"
#include "freed.h"

#include "core/buffer.h"
#include "core/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MARKER "marker-7f3a"

static void
the_watch_sees_a_block_that_is_not_wiped(void)
{
    watch_frees(MARKER);
    volatile char *block = malloc(64);
    for (size_t i = 0; block != NULL && i < sizeof(MARKER); i++) {
        block[i] = MARKER[i];
    }
    free((void *)block);
    watched = NULL;
    CHECK(n_leaked == 1);
}

static void
a_freed_block_was_wiped(void)
{
    char *copy = zc_wiping_strdup("a " MARKER " b");
    CHECK(copy != NULL && strcmp(copy, "a " MARKER " b") == 0);
    watch_frees(MARKER);
    zc_wiping_free(copy);
    zc_wiping_free(NULL);
    watched = NULL;
    CHECK(n_freed == 1 && n_leaked == 0);
}

static void
a_block_that_moves_leaves_nothing_behind(void)
{
    watch_frees(MARKER);
    char *block = zc_wiping_realloc(NULL, sizeof(MARKER));
    if (CHECK(block != NULL)) {
        memcpy(block, MARKER, sizeof(MARKER));
    }
    block = zc_wiping_realloc(block, 100000);
    CHECK(block != NULL && strcmp(block, MARKER) == 0);
    block = zc_wiping_realloc(block, 6);
    CHECK(block != NULL && memcmp(block, MARKER, 6) == 0);
    zc_wiping_free(block);
    watched = NULL;
    CHECK(n_freed == 3 && n_leaked == 0);
}

static void
a_buffer_leaves_nothing_behind(void)
{
    struct zc_buffer b;
    zc_buffer_init(&b, 100000);
    watch_frees(MARKER);
    for (int i = 0; i < 1000; i++) {
        CHECK(zc_buffer_append(&b, MARKER, sizeof(MARKER) - 1) == ZC_OK);
    }
    zc_buffer_clear(&b);
    watched = NULL;
    CHECK(n_freed > 1 && n_leaked == 0);
}

static void
blocks_are_aligned_and_calloc_clears(void)
{
    for (size_t size = 0; size < 100; size++) {
        char *block = zc_wiping_calloc(size, 3);
        if (CHECK(block != NULL)) {
            CHECK((uintptr_t)block % _Alignof(max_align_t) == 0);
            for (size_t i = 0; i < size * 3; i++) {
                CHECK(block[i] == 0);
            }
        }
        zc_wiping_free(block);
    }
}

static void
sizes_that_cannot_be_are_refused_and_counted(void)
{
    unsigned long n_before = zc_wiping_failures();
    CHECK(zc_wiping_malloc(SIZE_MAX) == NULL);
    CHECK(zc_wiping_malloc(SIZE_MAX - 8) == NULL);
    CHECK(zc_wiping_calloc(SIZE_MAX / 2, 3) == NULL);
    char *block = zc_wiping_strdup("stays");
    CHECK(zc_wiping_realloc(block, SIZE_MAX) == NULL);
    CHECK(block != NULL && strcmp(block, "stays") == 0);
    zc_wiping_free(block);
    CHECK(zc_wiping_failures() == n_before + 4);
}

static void
blocks_and_failures_are_counted(void)
{
    unsigned long n_blocks = zc_wiping_count();
    unsigned long n_failures = zc_wiping_failures();
    fail_allocation(1);
    CHECK(zc_wiping_strdup("x") == NULL);
    zc_wiping_free(zc_wiping_strdup("x"));
    CHECK(zc_wiping_count() == n_blocks + 1);
    CHECK(zc_wiping_failures() == n_failures + 1);
}

struct masking {
    const char *text;
    const char *masked;
};

/* With the secrets "secret", "etcetera", "s3c", "caf\xc3\xa9", "50% @x", "a%25b" and "". */
static const struct masking maskings[] = {
    {"", ""},
    {"nothing here", "nothing here"},
    {"secret", "***"},
    {"a secret, a secret", "a ***, a ***"},
    {"secretsecret", "******"},
    {"Secret SECRET secre ecret", "Secret SECRET secre ecret"},
    {"xsecretx", "x***x"},
    {"secretcetera", "***"},
    {"secretcetera!", "***!"},
    {"secsecret", "sec***"},
    {"s3c", "s3c"},
    {"caf\xc3\xa9!", "***!"},
    {"caf\xc3", "caf\xc3"},
    {"<%73ecret>", "<***>"},
    {"<s%65cr%65%74>", "<***>"},
    {"<%73%65%63%72%65%74%63etera>", "<***>"},
    {"caf%c3%A9", "***"},
    {"50% @x, 50%25%20%40x, 50%25+@x", "***, ***, ***"},
    {"a%25b a%2525b a%b", "*** *** a%b"},
    {"secre%74", "***"},
    {"secre%7", "secre%7"},
    {"secre%", "secre%"},
    {"secre%7g secre%g4 secre%", "secre%7g secre%g4 secre%"},
    {"s+cret %ecret %", "s+cret %ecret %"},
    {"< lead><+lead><%20lead>", "<***><***><***>"},
    {"+lead", "***"},
};

static struct zc_secrets secrets;

static void
secrets_shorter_than_four_characters_are_not_kept(void)
{
    zc_secrets_add(&secrets, "secret", 6);
    zc_secrets_add(&secrets, "etcetera", 8);
    zc_secrets_add(&secrets, "s3c", 3);
    zc_secrets_add(&secrets, "caf\xc3\xa9", 5);
    zc_secrets_add(&secrets, "\xc3\xa9\xc3\xa9\xc3\xa9", 6);
    zc_secrets_add(&secrets, "50% @x", 6);
    zc_secrets_add(&secrets, "a%25b", 5);
    zc_secrets_add(&secrets, " lead", 5);
    zc_secrets_add(&secrets, "", 0);
    CHECK(secrets.n == 6);
}

static void
what_quotes_a_secret_is_masked(void)
{
    for (size_t i = 0; i < sizeof(maskings) / sizeof(maskings[0]); i++) {
        const struct masking *row = &maskings[i];
        struct zc_buffer out;
        zc_buffer_init(&out, 1000);
        CHECK(zc_secret_mask(&out, row->text, strlen(row->text), &secrets) == ZC_OK);
        CHECK_ROW(out.bytes != NULL && strcmp(out.bytes, row->masked) == 0, row->text);
        CHECK_ROW(zc_secret_is_quoted(row->text, strlen(row->text), &secrets) == (strcmp(row->text, row->masked) != 0),
                  row->text);
        zc_buffer_clear(&out);
    }
}

static void
three_characters_are_too_few_however_many_bytes(void)
{
    static const char text[] = "\xc3\xa9\xc3\xa9\xc3\xa9";
    CHECK(!zc_secret_is_quoted(text, sizeof(text) - 1, &secrets));
}

static void
a_nul_byte_does_not_end_the_search(void)
{
    static const char text[] = "a\0secret\0b";
    struct zc_buffer out;
    zc_buffer_init(&out, 100);
    CHECK(zc_secret_mask(&out, text, sizeof(text) - 1, &secrets) == ZC_OK);
    CHECK(out.len == 7 && memcmp(out.bytes, "a\0***\0b", 7) == 0);
    zc_buffer_clear(&out);
}

static void
without_memory_nothing_is_masked_halfway(void)
{
    struct zc_buffer out;
    zc_buffer_init(&out, 100);
    fail_allocation(1);
    CHECK(zc_secret_mask(&out, "a secret", 8, &secrets) == ZC_NO_MEMORY);
    CHECK(out.len == 0);
    zc_buffer_clear(&out);
}

#define LONG_TEXT   1000000
#define LONG_SECRET 60000

/* Byte by byte from every place it would take minutes. */
static void
a_text_that_takes_long_to_search_is_masked(void)
{
    char *text = malloc(LONG_TEXT);
    char *password = malloc(LONG_SECRET);
    if (CHECK(text != NULL && password != NULL)) {
        memset(text, 'a', LONG_TEXT);
        memset(password, 'a', LONG_SECRET);
        memcpy(text, "<", 1);
        for (int i = 0; i < 2; i++) {
            struct zc_secrets one = {0};
            struct zc_buffer out;
            password[LONG_SECRET - 1] = "ab"[i]; /* all of it is quoted; all but its last byte is */
            zc_secrets_add(&one, password, LONG_SECRET);
            zc_buffer_init(&out, LONG_TEXT + ZC_MASK_LEN);
            CHECK(zc_secret_is_quoted(text, LONG_TEXT, &one));
            CHECK(zc_secret_mask(&out, text, LONG_TEXT, &one) == ZC_OK);
            CHECK(out.len >= 4 && out.len < LONG_SECRET && out.bytes[0] == '<' && memcmp(out.bytes + out.len - 3, "***", 3) == 0);
            zc_buffer_clear(&out);
        }
    }
    free(password);
    free(text);
}

int
main(void)
{
    the_watch_sees_a_block_that_is_not_wiped();
    a_freed_block_was_wiped();
    a_block_that_moves_leaves_nothing_behind();
    a_buffer_leaves_nothing_behind();
    blocks_are_aligned_and_calloc_clears();
    sizes_that_cannot_be_are_refused_and_counted();
    blocks_and_failures_are_counted();
    secrets_shorter_than_four_characters_are_not_kept();
    what_quotes_a_secret_is_masked();
    a_text_that_takes_long_to_search_is_masked();
    three_characters_are_too_few_however_many_bytes();
    a_nul_byte_does_not_end_the_search();
    without_memory_nothing_is_masked_halfway();
    return check_done();
}
