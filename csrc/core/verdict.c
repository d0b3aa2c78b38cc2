/* json_strict lets through only what cJSON reads rightly: no look-up here has to ask again, and a parse that fails lacks memory. */
#include "core/verdict.h"

#include "core/json_strict.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_CODE_DIGITS 9

static pthread_mutex_t parse_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t version_once = PTHREAD_ONCE_INIT; /* cJSON writes its answer into the same memory each time */
static const char *version;

static void
ask_version(void)
{
    version = cJSON_Version();
}

const char *
zc_verdict_parser_version(void)
{
    (void)pthread_once(&version_once, ask_version);
    return version;
}

void
zc_verdict_lock(void)
{
    (void)pthread_mutex_lock(&parse_lock);
}

void
zc_verdict_unlock(void)
{
    (void)pthread_mutex_unlock(&parse_lock);
}

static void
read_code(struct zc_reason *reason, const cJSON *code)
{
    if (cJSON_IsNumber(code)) {
        reason->code = (int64_t)code->valuedouble;
        return;
    }
    if (!cJSON_IsString(code)) {
        return;
    }
    const char *text = code->valuestring;
    size_t len = strlen(text);
    if (len >= 1 && len <= MAX_CODE_DIGITS && strspn(text, "0123456789") == len) {
        reason->code = strtol(text, NULL, 10);
        return;
    }
    reason->code_is_text = true;
    reason->code_text = text;
}

static zc_status
read_reasons(struct zc_verdict *verdict, const cJSON *list)
{
    if (!cJSON_IsArray(list) || list->child == NULL) {
        return ZC_OK;
    }
    verdict->reasons = calloc(ZC_MAX_REASONS, sizeof(*verdict->reasons));
    if (verdict->reasons == NULL) {
        return ZC_NO_MEMORY;
    }
    for (const cJSON *item = list->child; item != NULL && verdict->n_reasons < ZC_MAX_REASONS; item = item->next) {
        if (!cJSON_IsObject(item)) {
            continue;
        }
        struct zc_reason *reason = &verdict->reasons[verdict->n_reasons++];
        const char *message = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "message"));
        reason->message = message != NULL ? message : "";
        read_code(reason, cJSON_GetObjectItemCaseSensitive(item, "code"));
    }
    return ZC_OK;
}

static const char *
find_fault(const cJSON *tree, const cJSON *success, const cJSON *reasons)
{
    if (!cJSON_IsObject(tree)) {
        return "it is JSON, but not an object";
    }
    if (!cJSON_IsBool(success) && !cJSON_IsArray(reasons)) {
        return "it has neither a true or false `success` nor a list of `reasons`";
    }
    return NULL;
}

zc_status
zc_verdict_read(struct zc_verdict *verdict, char *body, size_t len)
{
    *verdict = (struct zc_verdict){0};
    if (len >= 3 && memcmp(body, "\xef\xbb\xbf", 3) == 0) {
        body += 3;
        len -= 3;
    }
    zc_json problem = zc_json_strict(body, len);
    if (problem == ZC_JSON_NO_MEMORY) {
        return ZC_NO_MEMORY;
    }
    if (problem != ZC_JSON_OK) {
        verdict->why_not = zc_json_text(problem);
        return ZC_OK;
    }
    zc_verdict_lock();
    cJSON *tree = cJSON_ParseWithLengthOpts(body, len, NULL, 0);
    zc_verdict_unlock();
    if (tree == NULL) {
        return ZC_NO_MEMORY;
    }
    const cJSON *success = cJSON_GetObjectItemCaseSensitive(tree, "success");
    const cJSON *reasons = cJSON_GetObjectItemCaseSensitive(tree, "reasons");
    verdict->why_not = find_fault(tree, success, reasons);
    if (verdict->why_not != NULL) {
        cJSON_Delete(tree);
        return ZC_OK;
    }
    verdict->tree = tree;
    verdict->in_form = true;
    verdict->success = cJSON_IsTrue(success);
    verdict->process_id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(tree, "processId"));
    zc_status status = read_reasons(verdict, reasons);
    if (status != ZC_OK) {
        zc_verdict_clear(verdict);
    }
    return status;
}

void
zc_verdict_clear(struct zc_verdict *verdict)
{
    free(verdict->reasons);
    cJSON_Delete(verdict->tree);
    *verdict = (struct zc_verdict){0};
}

int
zc_verdict_category(const struct zc_verdict *verdict)
{
    if (verdict->n_reasons == 0 || verdict->reasons[0].code_is_text) {
        return -1;
    }
    int64_t code = verdict->reasons[0].code;
    if (code == 70) {
        return 70;
    }
    return code >= 10000000 && code <= 99999999 ? (int)(code % 100) : -1;
}

bool
zc_verdict_says_wait(int http_status, int category)
{
    return http_status == 429 || (http_status >= 500 && http_status <= 599) || category == 50 || category == 60 ||
           category == 61 || category == 70 || category == 99;
}
