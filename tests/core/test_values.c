/* Which values may travel: no header injection, nothing that HTTP would strip, Zuora's own limits. */
#include "check.h"

#include "core/values.h"

#include <stddef.h>
#include <string.h>

static const char *
problem_of(zc_argument argument, const char *bytes, size_t len)
{
    const struct zc_value value = {bytes, len};
    return zc_value_problem(argument, &value);
}

static bool
is_refused(zc_argument argument, const char *text)
{
    return problem_of(argument, text, strlen(text)) != NULL;
}

/* Is a text of `n` times this character taken? */
static bool
takes(zc_argument argument, size_t n, const char *character)
{
    char text[600] = "";
    size_t len = strlen(character);
    for (size_t i = 0; i < n; i++) {
        memcpy(text + i * len, character, len);
    }
    return !is_refused(argument, text);
}

static void
no_argument_takes_what_breaks_a_header(void)
{
    static const char *const bad[] = {"a\rb", "a\nb", "a\r\nX-Evil: 1", "a\n", "\ra", " a", "a ", "\ta", "a\t", " ", "\t"};
    static const char *const good[] = {"a", "a b", "a\tb", "pa:ss;\"w'd", "\x01\x7f", "\xc3\xa4\xe2\x82\xac", "\xc2\xa0"};
    for (zc_argument argument = 0; argument < ZC_N_ARGUMENTS; argument++) {
        const char *name = zc_argument_name(argument);
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
            CHECK_ROW(is_refused(argument, bad[i]), name);
        }
        CHECK_ROW(problem_of(argument, "ab\0cd", 5) != NULL, name);
        CHECK_ROW(problem_of(argument, "\0", 1) != NULL, name);
        CHECK_ROW(problem_of(argument, "ab\0\r\n", 5) != NULL, name);
        for (size_t i = 0; i < sizeof(good) / sizeof(good[0]) && argument != ZC_TRACK_ID; i++) {
            CHECK_ROW(problem_of(argument, good[i], strlen(good[i])) == NULL, name);
        }
    }
}

static void
empty_is_no_value_but_for_proxy_and_key_password(void)
{
    for (zc_argument argument = 0; argument < ZC_N_ARGUMENTS; argument++) {
        bool may_be_empty = argument == ZC_PROXY_URL || argument == ZC_CLIENT_KEY_PASSWORD;
        CHECK_ROW((problem_of(argument, "", 0) == NULL) == may_be_empty, zc_argument_name(argument));
        CHECK_ROW(problem_of(argument, NULL, 0) == NULL, zc_argument_name(argument));
    }
}

static void
track_id_is_64_plain_characters(void)
{
    CHECK(takes(ZC_TRACK_ID, 64, "x"));
    CHECK(!takes(ZC_TRACK_ID, 65, "x"));
    CHECK(!is_refused(ZC_TRACK_ID, "a b.c/d_e-f~"));
    static const char *const bad[] = {"a:b", "a;b", "a\"b", "a'b", ":", "\xc3\xa4", "\xff", "a\x80"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_ROW(is_refused(ZC_TRACK_ID, bad[i]), bad[i]);
    }
}

/* Characters are counted, not bytes. */
static void
idempotency_key_is_at_most_255_characters(void)
{
    CHECK(takes(ZC_IDEMPOTENCY_KEY, 255, "k"));
    CHECK(!takes(ZC_IDEMPOTENCY_KEY, 256, "k"));
    CHECK(takes(ZC_IDEMPOTENCY_KEY, 255, "\xc3\xa4"));
    CHECK(!takes(ZC_IDEMPOTENCY_KEY, 256, "\xc3\xa4"));
    CHECK(takes(ZC_PASSWORD, 500, "k"));
}

static void
arguments_have_the_names_of_connect(void)
{
    static const char *const names[ZC_N_ARGUMENTS] = {
        "username",   "password",    "base_url",      "entity_id",           "entity_name",
        "entity_ids", "track_id",    "authorization", "idempotency_key",     "ca_file",
        "ca_dir",     "client_cert", "client_key",    "client_key_password", "proxy",
    };
    for (zc_argument argument = 0; argument < ZC_N_ARGUMENTS; argument++) {
        CHECK_ROW(strcmp(zc_argument_name(argument), names[argument]) == 0, names[argument]);
    }
}

int
main(void)
{
    no_argument_takes_what_breaks_a_header();
    empty_is_no_value_but_for_proxy_and_key_password();
    track_id_is_64_plain_characters();
    idempotency_key_is_at_most_255_characters();
    arguments_have_the_names_of_connect();
    return check_done();
}
