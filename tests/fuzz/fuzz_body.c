/* A body of any bytes -> is it JSON -> the verdict. What the judge accepts, cJSON reads, and finds no oddity in. */
#include "target.h"

#include "core/json_strict.h"
#include "core/verdict.h"

#include <cjson/cJSON.h>

#define MAX_WHOLE      9007199254740992.0 /* 2^53 */
#define MAX_NUMBER_LEN 63

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_of_number(char c)
{
    return c != '\0' && strchr("0123456789+-.eE", c) != NULL;
}

/* cJSON reads the point by the locale, and 63 characters at most. */
static void
check_numbers(const char *text, size_t len)
{
    bool in_string = false;
    size_t n_characters = 0;
    for (size_t i = 0; i < len; i++) {
        if (in_string && text[i] == '\\') {
            i++;
        }
        else if (in_string) {
            in_string = text[i] != '"';
        }
        else {
            in_string = text[i] == '"';
            n_characters = is_of_number(text[i]) ? n_characters + 1 : 0;
            PROMISE(text[i] != '.' && n_characters <= MAX_NUMBER_LEN);
        }
    }
}

static void
check_keys(const cJSON *object)
{
    for (const cJSON *a = object->child; a != NULL; a = a->next) {
        for (const cJSON *b = a->next; b != NULL; b = b->next) {
            PROMISE(strcmp(a->string, b->string) != 0);
        }
    }
}

static void
check_tree(const cJSON *value, int depth)
{
    bool is_open = cJSON_IsArray(value) || cJSON_IsObject(value);
    PROMISE(depth + is_open <= ZC_JSON_MAX_DEPTH);
    if (cJSON_IsNumber(value)) {
        double number = value->valuedouble;
        PROMISE(number >= -MAX_WHOLE && number <= MAX_WHOLE && number == (double)(int64_t)number);
    }
    if (cJSON_IsObject(value)) {
        check_keys(value);
    }
    for (const cJSON *item = value->child; item != NULL; item = item->next) {
        check_tree(item, depth + 1);
    }
}

/* Judged again, it stays as it is. */
static void
check_settled(const char *text, size_t len)
{
    char *again = copy_of(text, len);
    PROMISE(zc_json_strict(again, len) == ZC_JSON_OK);
    PROMISE(memcmp(again, text, len) == 0);
    free(again);
}

/* Without its last bracket or quote it is no JSON any more. */
static void
check_end(const char *sent, size_t len)
{
    while (is_blank(sent[len - 1])) {
        len--;
    }
    if (strchr("]}\"", sent[len - 1]) != NULL) {
        char *cut = copy_of(sent, len - 1);
        PROMISE(zc_json_strict(cut, len - 1) != ZC_JSON_OK);
        free(cut);
    }
}

static void
check_accepted(const char *sent, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        PROMISE(text[i] == sent[i] || is_of_number(sent[i]));
    }
    check_numbers(text, len);
    check_settled(text, len);
    check_end(sent, len);
    cJSON *tree = cJSON_ParseWithLengthOpts(text, len, NULL, 0);
    PROMISE(tree != NULL);
    check_tree(tree, 0);
    char *printed = cJSON_PrintUnformatted(tree);
    PROMISE(printed != NULL && zc_json_strict(printed, strlen(printed)) == ZC_JSON_OK);
    cJSON_free(printed);
    cJSON_Delete(tree);
}

static zc_json
check_judge(const char *sent, size_t len)
{
    char *text = copy_of(sent, len);
    zc_json problem = zc_json_strict(text, len);
    PROMISE((unsigned)problem < ZC_JSON_N && problem != ZC_JSON_NO_MEMORY);
    if (problem == ZC_JSON_OK) {
        check_accepted(sent, text, len);
    }
    free(text);
    return problem;
}

static void
check_reason(const struct zc_reason *reason)
{
    PROMISE(reason->message != NULL);
    if (reason->code_is_text) {
        size_t len = strlen(reason->code_text);
        PROMISE(len == 0 || len > 9 || strspn(reason->code_text, "0123456789") < len);
    }
    else {
        PROMISE((double)reason->code >= -MAX_WHOLE && (double)reason->code <= MAX_WHOLE);
    }
}

static void
check_verdict(const char *sent, size_t len, zc_json problem)
{
    struct zc_verdict verdict;
    char *body = copy_of(sent, len);
    PROMISE(zc_verdict_read(&verdict, body, len) == ZC_OK);
    free(body); /* the verdict borrows nothing from it */
    PROMISE(verdict.in_form == (verdict.why_not == NULL));
    PROMISE(!verdict.in_form || problem == ZC_JSON_OK);
    PROMISE(problem == ZC_JSON_OK || strcmp(verdict.why_not, zc_json_text(problem)) == 0);
    PROMISE(verdict.in_form || (!verdict.success && verdict.n_reasons == 0 && verdict.process_id == NULL));
    PROMISE(verdict.n_reasons <= ZC_MAX_REASONS);
    for (size_t i = 0; i < verdict.n_reasons; i++) {
        check_reason(&verdict.reasons[i]);
    }
    int category = zc_verdict_category(&verdict);
    PROMISE(category >= -1 && category <= 99);
    zc_verdict_clear(&verdict);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool has_mark = size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0;
    const char *sent = (const char *)data + (has_mark ? 3 : 0);
    zc_json problem = check_judge(sent, size - (has_mark ? 3 : 0));
    check_verdict((const char *)data, size, problem);
    return 0;
}
