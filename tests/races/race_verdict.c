/* Threads read bodies, and ask for the version. cJSON itself is not instrumented, so the one global that it writes on every parse is
 * written here, too. */
#include "threads.h"

#include "core/verdict.h"

#include <cjson/cJSON.h>
#include <string.h>

#define N_TURNS 500

static const char *error_place; /* as cJSON's global_error */
static bool was_right[N_THREADS];

cJSON *
__real_cJSON_ParseWithLengthOpts(const char *text, size_t len, const char **end, cJSON_bool needs_nul);

cJSON *
__wrap_cJSON_ParseWithLengthOpts(const char *text, size_t len, const char **end, cJSON_bool needs_nul)
{
    error_place = text;
    return __real_cJSON_ParseWithLengthOpts(text, len, end, needs_nul);
}

static void *
read_often(void *number)
{
    size_t own = *(size_t *)number;
    char id[16];
    (void)snprintf(id, sizeof(id), "process-%zu", own);
    (void)pthread_barrier_wait(&at_once);
    const char *version = zc_verdict_parser_version();
    was_right[own] = version[0] == '1';
    for (int i = 0; i < N_TURNS; i++) {
        struct zc_verdict verdict;
        char body[80];
        int len = snprintf(body, sizeof(body), "{\"success\": true, \"processId\": \"%s\", \"reasons\": []}", id);
        zc_status status = zc_verdict_read(&verdict, body, (size_t)len);
        was_right[own] = was_right[own] && status == ZC_OK && verdict.success && strcmp(verdict.process_id, id) == 0;
        zc_verdict_clear(&verdict);
    }
    return NULL;
}

int
main(void)
{
    run_threads(read_often);
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(was_right[i]);
    }
    CHECK(error_place != NULL);
    return check_done();
}
