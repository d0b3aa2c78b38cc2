/* No text quotes a secret after it is masked. */
#include "check.h"
#include "failing.h"

#include "core/secret.h"

#include <stdlib.h>
#include <string.h>

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
    secrets_shorter_than_four_characters_are_not_kept();
    what_quotes_a_secret_is_masked();
    a_text_that_takes_long_to_search_is_masked();
    three_characters_are_too_few_however_many_bytes();
    a_nul_byte_does_not_end_the_search();
    without_memory_nothing_is_masked_halfway();
    return check_done();
}
