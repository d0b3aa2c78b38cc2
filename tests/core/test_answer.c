/* Header lines in, what a login needs to know out. */
#include "check.h"
#include "failing.h"

#include "core/answer.h"

#include <string.h>

#define NOW INT64_C(1704067200) /* Mon, 01 Jan 2024 00:00:00 GMT */

struct line {
    const char *name;
    const char *value;
};

static zc_status
read_lines(struct zc_answer *answer, const struct line *lines, size_t n)
{
    struct zc_header headers[8];
    CHECK(n <= sizeof(headers) / sizeof(headers[0]));
    for (size_t i = 0; i < n; i++) {
        headers[i] = (struct zc_header){zc_slice_of(lines[i].name), zc_slice_of(lines[i].value)};
    }
    return zc_answer_read(answer, headers, n, NOW);
}

#define READ(answer, ...)                                                              \
    do {                                                                               \
        const struct line lines[] = {__VA_ARGS__};                                     \
        CHECK(read_lines((answer), lines, sizeof(lines) / sizeof(lines[0])) == ZC_OK); \
    } while (0)

static bool
is_text(struct zc_slice slice, const char *text)
{
    return slice.bytes != NULL && slice.len == strlen(text) && memcmp(slice.bytes, text, slice.len) == 0;
}

struct cookie {
    const char *line;
    const char *value; /* NULL: no session */
    bool bad;
};

static const struct cookie cookies[] = {
    {"ZSession=abc; Path=/; Secure; HttpOnly", "abc", false},
    {"ZSession=abc", "abc", false},
    {"ZSession=-a_b%3D", "-a_b%3D", false},
    {"ZSession=a=b==; Path=/", "a=b==", false},
    {" \tZSession\t =  a b \t; Path=/", "a b", false},
    {"ZSession=\"abc\"; Path=/", "\"abc\"", false},
    {"ZSession=\"\"", "\"\"", false},
    {"ZSession=a,b", "a,b", false},
    {"ZSession=abc;Max-Age=900", "abc", false},
    {"ZSession=abc; max-age = 1", "abc", false},
    {"ZSession=abc; Max-Age=999999999999999999999999999", "abc", false},
    {"ZSession=abc; Max-Age=soon", "abc", false},
    {"ZSession=abc; Max-Age=", "abc", false},
    {"ZSession=abc; Max-Age", "abc", false},
    {"ZSession=abc; Max-Age=-", "abc", false},
    {"ZSession=abc; Max-Age=+0", "abc", false},
    {"ZSession=abc; Max-Age=\"0\"", "abc", false},
    {"ZSession=abc; X-Max-Age=0", "abc", false},
    {"ZSession=abc; Max-Age=0; Max-Age=900", "abc", false},
    {"ZSession=abc; Expires=Mon, 01 Jan 2024 00:00:01 GMT", "abc", false},
    {"ZSession=abc; Expires=Mon, 01-Jan-2029 00:00:00 GMT", "abc", false},
    {"ZSession=abc; Expires=0", "abc", false},
    {"ZSession=abc; Expires=", "abc", false},
    {"ZSession=abc; Expires", "abc", false},
    {"ZSession=abc; Expires=Mon, 99 Jan 1990 00:00:00 GMT", "abc", false},
    {"ZSession=abc; Max-Age=900; ; =; ==;", "abc", false},
    {"ZSession=", NULL, false},
    {"ZSession= \t; Path=/", NULL, false},
    {"ZSession", NULL, false},
    {"ZSession; a=b", NULL, false},
    {"zsession=abc", NULL, false},
    {"ZSESSION=abc", NULL, false},
    {"ZSessionX=abc", NULL, false},
    {"XZSession=abc", NULL, false},
    {"\"ZSession\"=abc", NULL, false},
    {"a=b; ZSession=abc", NULL, false},
    {"=ZSession=abc", NULL, false},
    {"", NULL, false},
    {";", NULL, false},
    {"=", NULL, false},
    {"ZSession=abc; Max-Age=0", NULL, false},
    {"ZSession=abc;MAX-AGE=00", NULL, false},
    {"ZSession=abc; Max-Age=-1", NULL, false},
    {"ZSession=abc; Max-Age=-99999999999999999999999999", NULL, false},
    {"ZSession=abc; Max-Age=900; Max-Age=0; Max-Age=soon", NULL, false},
    {"ZSession=abc; Expires=Thu, 01 Jan 1970 00:00:00 GMT", NULL, false},
    {"ZSession=abc; Expires=Mon, 01 Jan 2024 00:00:00 GMT", NULL, false},
    {"ZSession=abc; expires=Thu, 01-Jan-70 00:00:00 GMT; Path=/", NULL, false},
    {"ZSession=abc; Max-Age=900; Expires=Thu, 01 Jan 1970 00:00:00 GMT", NULL, false},
    {"ZSession=abc; Expires=Mon, 01-Jan-2029 00:00:00 GMT; Max-Age=0", NULL, false},
    {"ZSession=a\tb", NULL, true},
    {"ZSession=a\x01", NULL, true},
    {"ZSession=a\x7f; Path=/", NULL, true},
    {"ZSession=caf\xc3\xa9", NULL, true},
    {"ZSession=\xff", NULL, true},
    {"ZSession=a\x01; Max-Age=0", NULL, false},
    {"ZSession=abc; Path=/\x01\xff", "abc", false},
};

static void
only_a_living_zsession_opens_a_session(void)
{
    for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
        const struct cookie *row = &cookies[i];
        struct zc_answer answer;
        READ(&answer, {"Set-Cookie", row->line});
        CHECK_ROW(row->value != NULL ? is_text(answer.cookie, row->value) : answer.cookie.bytes == NULL, row->line);
        CHECK_ROW(answer.cookie_is_bad == row->bad, row->line);
        zc_answer_clear(&answer);
    }
}

static void
the_last_zsession_line_counts(void)
{
    struct zc_answer answer;
    READ(&answer, {"Set-Cookie", "ZSession=first"}, {"SET-COOKIE", "AWSALB=x"}, {"set-cookie", "ZSession=second"},
         {"Set-Cookie", "zsession=x"});
    CHECK(is_text(answer.cookie, "second"));
    zc_answer_clear(&answer);
    READ(&answer, {"Set-Cookie", "ZSession=first"}, {"Set-Cookie", "ZSession=; Max-Age=0"});
    CHECK(answer.cookie.bytes == NULL && !answer.cookie_is_bad);
    zc_answer_clear(&answer);
    READ(&answer, {"Set-Cookie", "ZSession=; Max-Age=0"}, {"Set-Cookie", "ZSession=second"});
    CHECK(is_text(answer.cookie, "second"));
    zc_answer_clear(&answer);
    READ(&answer, {"Set-Cookie", "ZSession=\x01"}, {"Set-Cookie", "ZSession=second"});
    CHECK(is_text(answer.cookie, "second") && !answer.cookie_is_bad);
    zc_answer_clear(&answer);
    READ(&answer, {"Set-Cookie", "ZSession=first"}, {"Set-Cookie", "ZSession=\x01"});
    CHECK(answer.cookie.bytes == NULL && answer.cookie_is_bad);
    zc_answer_clear(&answer);
    READ(&answer, {"Set-Cookie2", "ZSession=x"}, {"Cookie", "ZSession=x"}, {"X-Set-Cookie", "ZSession=x"});
    CHECK(answer.cookie.bytes == NULL);
    zc_answer_clear(&answer);
}

struct limit {
    const char *first;
    const char *second; /* NULL: one line */
    const char *older;  /* NULL: none */
    int64_t limit;
    const char *policy;
};

static const struct limit limits[] = {
    {"2250000, 50000;w=60, 2250000;w=3600", NULL, NULL, 2250000, "2250000, 50000;w=60, 2250000;w=3600"},
    {"100", NULL, "7", 100, "100"},
    {"100;w=60", NULL, NULL, 100, "100;w=60"},
    {"100 ; w=60", NULL, NULL, 100, "100 ; w=60"},
    {"100", "200;w=60", NULL, 100, "100, 200;w=60"},
    {"0", NULL, NULL, 0, "0"},
    {"999999999999999999", NULL, NULL, INT64_C(999999999999999999), "999999999999999999"},
    {"1000000000000000000", NULL, NULL, -1, "1000000000000000000"},
    {"many", NULL, NULL, -1, "many"},
    {"many", NULL, "7", 7, "7"},
    {"many", NULL, "few", -1, "many"},
    {"", NULL, NULL, -1, NULL},
    {"", NULL, "", -1, NULL},
    {"", NULL, "7", 7, "7"},
    {"-1", NULL, NULL, -1, "-1"},
    {"1.5", NULL, NULL, -1, "1.5"},
    {"w=60, 100", NULL, NULL, -1, "w=60, 100"},
    {"10 20", NULL, NULL, -1, "10 20"},
};

static void
the_limit_is_the_first_number_and_the_policy_is_its_header(void)
{
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        const struct limit *row = &limits[i];
        const struct line lines[] = {
            {"RateLimit-Limit", row->first},
            {row->second != NULL ? "ratelimit-LIMIT" : "X-Other", row->second != NULL ? row->second : "1"},
            {row->older != NULL ? "X-RateLimit-Limit-minute" : "X-Other", row->older != NULL ? row->older : "1"},
        };
        struct zc_answer answer;
        CHECK(read_lines(&answer, lines, 3) == ZC_OK);
        CHECK_ROW(answer.limit == row->limit, row->first);
        CHECK_ROW((answer.policy.bytes == NULL) == (row->policy == NULL), row->first);
        CHECK_ROW(row->policy == NULL || strcmp(answer.policy.bytes, row->policy) == 0, row->first);
        zc_answer_clear(&answer);
    }
}

static void
remaining_and_reset_fall_back_to_the_older_headers(void)
{
    struct zc_answer answer;
    READ(&answer, {"RateLimit-Remaining", "1"}, {"RateLimit-Reset", "2"}, {"X-RateLimit-Remaining-minute", "3"},
         {"X-RateLimit-Reset-minute", "4"});
    CHECK(answer.remaining == 1 && answer.reset == 2);
    zc_answer_clear(&answer);
    READ(&answer, {"RateLimit-Remaining", "1, 1"}, {"RateLimit-Reset", "1.5"}, {"x-ratelimit-remaining-MINUTE", "3"},
         {"X-RateLimit-Reset-minute", "4"});
    CHECK(answer.remaining == 3 && answer.reset == 4);
    zc_answer_clear(&answer);
    READ(&answer, {"RateLimit-Remaining", "1"}, {"RateLimit-Remaining", "1"}, {"X-RateLimit-Remaining-minute", "3"},
         {"RateLimit-Reset", "1000000000000000000"});
    CHECK(answer.remaining == 3 && answer.reset == -1);
    zc_answer_clear(&answer);
    READ(&answer, {"X-RateLimit-Remaining-minute", "1"}, {"X-RateLimit-Remaining-minute", "1"}, {"RateLimit-Reset", ""});
    CHECK(answer.remaining == -1 && answer.reset == -1);
    zc_answer_clear(&answer);
}

struct wait {
    const char *retry_after;
    double wait; /* -1: the next source */
};

static const struct wait waits[] = {
    {"0", 0},
    {"120", 120},
    {"86400", 86400},
    {"86401", 86400},
    {"99999999999999999999999999999999", 86400},
    {"00000000000000000000000000000005", 5},
    {"Mon, 01 Jan 2024 00:02:00 GMT", 120},
    {"Monday, 01-Jan-24 00:02:00 GMT", 120},
    {"Mon Jan  1 00:02:00 2024", 120},
    {"Mon, 01 Jan 2024 00:00:00 GMT", 0},
    {"Sun, 06 Nov 1994 08:49:37 GMT", 0},
    {"Fri, 31 Dec 9999 23:59:59 GMT", 86400},
    {"", -1},
    {"-1", -1},
    {"+1", -1},
    {"1.5", -1},
    {"1e3", -1},
    {"0x10", -1},
    {"120 seconds", -1},
    {"120, 120", -1},
    {"soon", -1},
    {"2024-01-01T00:02:00Z", -1},
};

static void
the_wait_is_retry_after_or_else_the_reset(void)
{
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        struct zc_answer answer;
        READ(&answer, {"Retry-After", waits[i].retry_after});
        CHECK_ROW(answer.wait == waits[i].wait, waits[i].retry_after);
        zc_answer_clear(&answer);
        READ(&answer, {"RateLimit-Reset", "600"}, {"retry-after", waits[i].retry_after});
        CHECK_ROW(answer.wait == (waits[i].wait >= 0 ? waits[i].wait : 600), waits[i].retry_after);
        zc_answer_clear(&answer);
    }
    struct zc_answer answer;
    READ(&answer, {"Retry-After", "1"}, {"Retry-After", "1"}, {"X-RateLimit-Reset-minute", "7"});
    CHECK(answer.wait == 7);
    zc_answer_clear(&answer);
    READ(&answer, {"RateLimit-Reset", "999999999999999999"});
    CHECK(answer.wait == 86400);
    zc_answer_clear(&answer);
}

struct framing {
    const char *name;
    const char *first;
    const char *second; /* NULL: one line */
    bool bad;
};

static const struct framing framings[] = {
    {"Transfer-Encoding", "chunked", NULL, false},
    {"Transfer-Encoding", "Chunked ", NULL, false},
    {"Transfer-Encoding", "gzip, chunked", NULL, true},
    {"Transfer-Encoding", "chunked, chunked", NULL, true},
    {"Transfer-Encoding", "chunked", "chunked", true},
    {"Transfer-Encoding", "xchunked", NULL, true},
    {"Transfer-Encoding", "identity", NULL, true},
    {"Transfer-Encoding", "", NULL, true},
    {"Content-Length", "17", NULL, false},
    {"Content-Length", "17", "17", false},
    {"Content-Length", "17, 17", NULL, false},
    {"Content-Length", "17", "18", true},
    {"Content-Length", "17, 18", NULL, true},
    {"Content-Length", "-17", NULL, true},
    {"Content-Length", "+17", NULL, true},
    {"Content-Length", "17x", NULL, true},
    {"Content-Length", "", NULL, true},
};

static void
a_length_that_can_be_read_two_ways_is_seen(void)
{
    for (size_t i = 0; i < sizeof(framings) / sizeof(framings[0]); i++) {
        const struct framing *row = &framings[i];
        const struct line lines[] = {{row->name, row->first}, {row->name, row->second}};
        struct zc_answer answer;
        CHECK(read_lines(&answer, lines, row->second != NULL ? 2 : 1) == ZC_OK);
        CHECK_ROW(answer.misframed == row->bad, row->first);
        zc_answer_clear(&answer);
    }
}

static void
any_content_coding_but_identity_is_seen(void)
{
    static const char *const plain[] = {"identity", "Identity", " identity , identity", "", ","};
    static const char *const encoded[] = {"gzip", "br", "x-identity", "identity, gzip", "gzip, identity", "identity;q=1"};
    struct zc_answer answer;
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        READ(&answer, {"Content-Encoding", plain[i]});
        CHECK_ROW(!answer.encoded, plain[i]);
        zc_answer_clear(&answer);
    }
    for (size_t i = 0; i < sizeof(encoded) / sizeof(encoded[0]); i++) {
        READ(&answer, {"content-encoding", "identity"}, {"Content-Encoding", encoded[i]});
        CHECK_ROW(answer.encoded, encoded[i]);
        zc_answer_clear(&answer);
    }
}

static void
ids_and_location_are_as_sent(void)
{
    struct zc_answer answer;
    READ(&answer, {"zuora-request-ID", "r-1"}, {"Zuora-Track-Id", "t-1"}, {"Location", "https://elsewhere.example/"},
         {"Zuora-Request-Id", "r-2"});
    CHECK(is_text(answer.request_id, "r-1"));
    CHECK(is_text(answer.track_id, "t-1"));
    CHECK(is_text(answer.location, "https://elsewhere.example/"));
    zc_answer_clear(&answer);
    READ(&answer, {"Zuora-Request-Id", ""});
    CHECK(answer.request_id.bytes == NULL && answer.track_id.bytes == NULL && answer.location.bytes == NULL);
    zc_answer_clear(&answer);
}

static void
no_header_at_all_says_nothing(void)
{
    struct zc_answer answer;
    CHECK(zc_answer_read(&answer, NULL, 0, NOW) == ZC_OK);
    CHECK(answer.cookie.bytes == NULL && !answer.cookie_is_bad && !answer.encoded && !answer.misframed);
    CHECK(answer.limit == -1 && answer.remaining == -1 && answer.reset == -1 && answer.wait == -1);
    CHECK(answer.policy.bytes == NULL && answer.request_id.bytes == NULL);
    zc_answer_clear(&answer);
    zc_answer_clear(&answer);
}

static void
without_memory_nothing_is_left_over(void)
{
    char policy[2001];
    memset(policy, 'x', sizeof(policy) - 1);
    policy[sizeof(policy) - 1] = '\0';
    const struct line lines[] = {{"RateLimit-Limit", "many"}, {"RateLimit-Limit", policy}, {"X-RateLimit-Limit-minute", "7"}};
    unsigned nth = 0;
    do {
        struct zc_answer answer;
        fail_allocation(++nth);
        zc_status status = read_lines(&answer, lines, 3);
        CHECK(status == (allocation_failed() ? ZC_NO_MEMORY : ZC_OK));
        zc_answer_clear(&answer);
    } while (allocation_failed());
    CHECK(nth == 4);
    fail_allocation(0);
}

int
main(void)
{
    only_a_living_zsession_opens_a_session();
    the_last_zsession_line_counts();
    the_limit_is_the_first_number_and_the_policy_is_its_header();
    remaining_and_reset_fall_back_to_the_older_headers();
    the_wait_is_retry_after_or_else_the_reset();
    a_length_that_can_be_read_two_ways_is_seen();
    any_content_coding_but_identity_is_seen();
    ids_and_location_are_as_sent();
    no_header_at_all_says_nothing();
    without_memory_nothing_is_left_over();
    return check_done();
}
