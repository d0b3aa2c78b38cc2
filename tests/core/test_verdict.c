/* Bodies in, verdicts out. */
#include "check.h"
#include "failing.h"

#include "core/verdict.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* The body is freed before anything is looked at: a verdict does not borrow from it. */
static struct zc_verdict
read_bytes(const char *body, size_t len)
{
    struct zc_verdict verdict = {0};
    char *copy = malloc(len > 0 ? len : 1);
    if (CHECK(copy != NULL)) {
        memcpy(copy, body, len);
        CHECK(zc_verdict_read(&verdict, copy, len) == ZC_OK);
        free(copy);
    }
    return verdict;
}

static struct zc_verdict
read_body(const char *body)
{
    return read_bytes(body, strlen(body));
}

struct form {
    const char *body;
    bool in_form;
    bool success;
    size_t n_reasons;
};

static const struct form forms[] = {
    {"{\"success\" : true}", true, true, 0},
    {"\xef\xbb\xbf{\"success\":true}", true, true, 0},
    {" \r\n{\"success\":true}\n", true, true, 0},
    {"{\"success\":false}", true, false, 0},
    {"{\"success\":false,\"reasons\":[]}", true, false, 0},
    {"{\"reasons\":[]}", true, false, 0},
    {"{\"reasons\":[{}]}", true, false, 1},
    {"{\"success\":\"true\",\"reasons\":[]}", true, false, 0},
    {"{\"success\":1,\"reasons\":[]}", true, false, 0},
    {"{\"success\":true,\"reasons\":{}}", true, true, 0},
    {"{\"success\":true,\"reasons\":null}", true, true, 0},
    {"{\"SUCCESS\":true,\"success\":false}", true, false, 0},
    {"{\"succes\\u0073\":true}", true, true, 0},
    {"{\"success\":true,\"n\":1.5,\"m\":1e400}", true, true, 0},
    {"{\"success\":true,\"deep\":{\"success\":false}}", true, true, 0},
    {"", false, false, 0},
    {" ", false, false, 0},
    {"\xef\xbb\xbf", false, false, 0},
    {"\xef\xbb\xbf\xef\xbb\xbf{\"success\":true}", false, false, 0},
    {"<html></html>", false, false, 0},
    {"[]", false, false, 0},
    {"[{\"success\":true}]", false, false, 0},
    {"true", false, false, 0},
    {"null", false, false, 0},
    {"\"success\"", false, false, 0},
    {"{}", false, false, 0},
    {"{\"success\":\"true\"}", false, false, 0},
    {"{\"success\":1}", false, false, 0},
    {"{\"success\":1.5}", false, false, 0},
    {"{\"success\":null}", false, false, 0},
    {"{\"SUCCESS\":true}", false, false, 0},
    {"{\"Success\":false,\"Errors\":[]}", false, false, 0},
    {"{\"Reasons\":[]}", false, false, 0},
    {"{\"reasons\":\"none\"}", false, false, 0},
    {"{\"message\":\"no\"}", false, false, 0},
    {"{\"success\":true}{}", false, false, 0},
    {"{\"success\":true,\"success\":true}", false, false, 0},
    {"{\"success\":true,\"a\":\"\\u0000\"}", false, false, 0},
    {"{\"success\":true,\"a\":\"\\ud800\"}", false, false, 0},
    {"{\"success\":true,\"a\":\"\xff\"}", false, false, 0},
    {"{\"success\":true,\"a\":[{\"b\":0,\"b\":0}]}", false, false, 0},
};

static void
only_an_object_with_success_or_reasons_is_in_form(void)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        struct zc_verdict verdict = read_body(forms[i].body);
        CHECK_ROW(verdict.in_form == forms[i].in_form, forms[i].body);
        CHECK_ROW(verdict.success == forms[i].success, forms[i].body);
        CHECK_ROW(verdict.n_reasons == forms[i].n_reasons, forms[i].body);
        CHECK_ROW((verdict.why_not == NULL) == forms[i].in_form, forms[i].body);
        zc_verdict_clear(&verdict);
    }
}

static bool
is_refused_for(const char *body, const char *why_not)
{
    struct zc_verdict verdict = read_body(body);
    bool same = verdict.why_not != NULL && strstr(verdict.why_not, why_not) != NULL;
    zc_verdict_clear(&verdict);
    return same;
}

static void
what_is_not_in_form_says_why(void)
{
    CHECK(is_refused_for("", "empty"));
    CHECK(is_refused_for("<html>", "not JSON"));
    CHECK(is_refused_for("[]", "not an object"));
    CHECK(is_refused_for("{}", "`success`"));
    CHECK(is_refused_for("{\"success\":true,\"success\":true}", "twice"));
}

static void
a_nul_byte_does_not_end_the_body(void)
{
    static const char body[] = "{\"success\":true}\0{\"success\":false}";
    struct zc_verdict verdict = read_bytes(body, sizeof(body) - 1);
    CHECK(!verdict.in_form);
    zc_verdict_clear(&verdict);
}

static void
no_body_is_not_in_form(void)
{
    struct zc_verdict verdict;
    CHECK(zc_verdict_read(&verdict, NULL, 0) == ZC_OK);
    CHECK(!verdict.in_form && verdict.why_not != NULL);
    zc_verdict_clear(&verdict);
    zc_verdict_clear(&verdict);
}

struct code {
    const char *json;
    int64_t number;
    const char *text; /* NULL: the number counts */
};

static const struct code codes[] = {
    {"90000011", 90000011, NULL},
    {"70", 70, NULL},
    {"-1", -1, NULL},
    {"0", 0, NULL},
    {"-0", 0, NULL},
    {"7e1", 70, NULL},
    {"70.0", 70, NULL},
    {"70.000000000000000000000000000000000000000000000000000000000000000000000000", 70, NULL},
    {"9007199254740992", INT64_C(9007199254740992), NULL},
    {"-9007199254740992", INT64_C(-9007199254740992), NULL},
    {"9007199254740993", 0, NULL},
    {"1.5", 0, NULL},
    {"1e400", 0, NULL},
    {"\"90000011\"", 90000011, NULL},
    {"\"7\\u0030\"", 70, NULL},
    {"\"007\"", 7, NULL},
    {"\"0\"", 0, NULL},
    {"\"999999999\"", 999999999, NULL},
    {"\"1000000000\"", 0, "1000000000"},
    {"\"0000000000\"", 0, "0000000000"},
    {"\"\"", 0, ""},
    {"\"-1\"", 0, "-1"},
    {"\" 1\"", 0, " 1"},
    {"\"1.0\"", 0, "1.0"},
    {"\"INVALID\"", 0, "INVALID"},
    {"\"\\u0663\"", 0, "\xd9\xa3"},
    {"\"\\ud83d\\ude00\"", 0, "\xf0\x9f\x98\x80"},
    {"true", 0, NULL},
    {"null", 0, NULL},
    {"[70]", 0, NULL},
    {"{\"code\":70}", 0, NULL},
};

static void
a_code_is_a_whole_number_or_a_text(void)
{
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        char body[256];
        (void)snprintf(body, sizeof(body), "{\"reasons\":[{\"code\":%s}]}", codes[i].json);
        struct zc_verdict verdict = read_body(body);
        if (CHECK_ROW(verdict.n_reasons == 1, body)) {
            const struct zc_reason *reason = &verdict.reasons[0];
            CHECK_ROW(reason->code_is_text == (codes[i].text != NULL), body);
            CHECK_ROW(reason->code == codes[i].number, body);
            CHECK_ROW(codes[i].text == NULL || strcmp(reason->code_text, codes[i].text) == 0, body);
            CHECK_ROW(strcmp(reason->message, "") == 0, body);
        }
        zc_verdict_clear(&verdict);
    }
}

static void
reasons_keep_order_and_objects_only(void)
{
    struct zc_verdict verdict = read_body("{\"reasons\":[1,\"x\",null,[],{\"message\":\"caf\\u00e9\",\"code\":1},true,"
                                          "{\"Code\":2,\"MESSAGE\":\"no\"},{\"message\":5}]}");
    if (CHECK(verdict.n_reasons == 3)) {
        CHECK(verdict.reasons[0].code == 1 && strcmp(verdict.reasons[0].message, "caf\xc3\xa9") == 0);
        CHECK(verdict.reasons[1].code == 0 && strcmp(verdict.reasons[1].message, "") == 0);
        CHECK(verdict.reasons[2].code == 0 && strcmp(verdict.reasons[2].message, "") == 0);
    }
    zc_verdict_clear(&verdict);
}

static void
a_hundred_reasons_are_kept(void)
{
    static const char item[] = "0,{\"code\":%d},";
    char body[8192] = "{\"reasons\":[";
    size_t len = strlen(body);
    for (int i = 1; i <= 250; i++) {
        len += (size_t)snprintf(body + len, sizeof(body) - len, item, i);
    }
    (void)snprintf(body + len, sizeof(body) - len, "0]}");
    struct zc_verdict verdict = read_body(body);
    CHECK(verdict.n_reasons == 100 && verdict.reasons[0].code == 1 && verdict.reasons[99].code == 100);
    zc_verdict_clear(&verdict);
}

struct process {
    const char *body;
    const char *process_id;
};

static const struct process processes[] = {
    {"{\"success\":true,\"processId\":\"0F1E2D3C4B5A6978\"}", "0F1E2D3C4B5A6978"},
    {"{\"success\":true,\"processId\":\"\"}", ""},
    {"{\"success\":true,\"processId\":12}", NULL},
    {"{\"success\":true,\"processId\":null}", NULL},
    {"{\"success\":true,\"PROCESSID\":\"x\"}", NULL},
    {"{\"success\":true}", NULL},
};

static void
the_process_id_is_a_text_or_none(void)
{
    for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
        const char *wanted = processes[i].process_id;
        struct zc_verdict verdict = read_body(processes[i].body);
        CHECK_ROW((verdict.process_id == NULL) == (wanted == NULL), processes[i].body);
        CHECK_ROW(wanted == NULL || strcmp(verdict.process_id, wanted) == 0, processes[i].body);
        zc_verdict_clear(&verdict);
    }
}

struct category {
    const char *body;
    int category;
};

static const struct category categories[] = {
    {"{\"success\":true}", -1},
    {"{\"reasons\":[]}", -1},
    {"{\"reasons\":[{}]}", -1},
    {"{\"reasons\":[{\"code\":90000011}]}", 11},
    {"{\"reasons\":[{\"code\":\"90000020\"}]}", 20},
    {"{\"reasons\":[{\"code\":10000000}]}", 0},
    {"{\"reasons\":[{\"code\":99999999}]}", 99},
    {"{\"reasons\":[{\"code\":70}]}", 70},
    {"{\"reasons\":[{\"code\":\"70\"}]}", 70},
    {"{\"reasons\":[{\"code\":11}]}", -1},
    {"{\"reasons\":[{\"code\":9999999}]}", -1},
    {"{\"reasons\":[{\"code\":100000070}]}", -1},
    {"{\"reasons\":[{\"code\":-90000070}]}", -1},
    {"{\"reasons\":[{\"code\":\"x90000070\"}]}", -1},
    {"{\"reasons\":[{\"code\":1},{\"code\":50000070}]}", -1},
    {"{\"reasons\":[1,{\"code\":50000070}]}", 70},
};

static void
the_category_is_read_from_the_first_reason(void)
{
    for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
        struct zc_verdict verdict = read_body(categories[i].body);
        CHECK_ROW(zc_verdict_category(&verdict) == categories[i].category, categories[i].body);
        zc_verdict_clear(&verdict);
    }
}

static void
only_a_passing_trouble_says_wait(void)
{
    static const int waiting[] = {50, 60, 61, 70, 99};
    for (size_t i = 0; i < sizeof(waiting) / sizeof(waiting[0]); i++) {
        CHECK(zc_verdict_says_wait(200, waiting[i]));
    }
    static const int final[] = {-1, 0, 10, 11, 20, 30, 40, 90};
    for (size_t i = 0; i < sizeof(final) / sizeof(final[0]); i++) {
        CHECK(!zc_verdict_says_wait(200, final[i]) && !zc_verdict_says_wait(401, final[i]));
        CHECK(zc_verdict_says_wait(429, final[i]) && zc_verdict_says_wait(500, final[i]) && zc_verdict_says_wait(599, final[i]));
        CHECK(!zc_verdict_says_wait(499, final[i]) && !zc_verdict_says_wait(600, final[i]));
    }
}

static void *
read_often(void *n_right)
{
    for (int i = 0; i < 500; i++) {
        char good[] = "{\"success\":true,\"processId\":\"A\"}";
        char bad[] = "{\"success\":true";
        struct zc_verdict verdict;
        bool right = zc_verdict_read(&verdict, good, strlen(good)) == ZC_OK && verdict.success;
        zc_verdict_clear(&verdict);
        right = zc_verdict_read(&verdict, bad, strlen(bad)) == ZC_OK && !verdict.in_form && right;
        zc_verdict_clear(&verdict);
        *(int *)n_right += right;
    }
    return NULL;
}

static void
threads_read_their_own_bodies(void)
{
    pthread_t threads[4];
    int n_right[4] = {0};
    for (size_t i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, read_often, &n_right[i]) == 0);
    }
    for (size_t i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK(n_right[i] == 500);
    }
}

static void *
allocate(size_t size)
{
    return malloc(size);
}

static void
deallocate(void *block)
{
    free(block);
}

/* cJSON's allocations are made to fail as well. */
static void
without_memory_nothing_is_left_over(void)
{
    cJSON_Hooks ours = {allocate, deallocate};
    unsigned nth = 0;
    cJSON_InitHooks(&ours);
    do {
        char body[] = "{\"success\":false,\"reasons\":[{\"code\":\"x\",\"message\":\"m\"}]}";
        struct zc_verdict verdict;
        fail_allocation(++nth);
        zc_status status = zc_verdict_read(&verdict, body, strlen(body));
        CHECK(status == (allocation_failed() ? ZC_NO_MEMORY : ZC_OK));
        CHECK(verdict.in_form == !allocation_failed());
        zc_verdict_clear(&verdict);
    } while (allocation_failed());
    CHECK(nth > 10);
    fail_allocation(0);
    cJSON_InitHooks(NULL);
}

int
main(void)
{
    only_an_object_with_success_or_reasons_is_in_form();
    what_is_not_in_form_says_why();
    a_nul_byte_does_not_end_the_body();
    no_body_is_not_in_form();
    a_code_is_a_whole_number_or_a_text();
    reasons_keep_order_and_objects_only();
    a_hundred_reasons_are_kept();
    the_process_id_is_a_text_or_none();
    the_category_is_read_from_the_first_reason();
    only_a_passing_trouble_says_wait();
    threads_read_their_own_bodies();
    without_memory_nothing_is_left_over();
    return check_done();
}
