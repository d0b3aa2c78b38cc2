/* The floor: the login as a bare C program makes it with libcurl and cJSON, on one kept handle. It sets what does not change once,
 * reads the same answer as zuora_connect and checks nothing else: what any client on these libraries has to pay.
 *
 * floor N URL CA: one login, then N that are timed (N = 0: the first one is). CA is a bundle or a hashed directory.
 * Prints wall and CPU microseconds a login, RssAnon and peak RSS in kB. */
#define _POSIX_C_SOURCE 200809L

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct body {
    char bytes[4096];
    size_t len;
};

static size_t
on_body(char *data, size_t size, size_t n, void *user)
{
    struct body *body = user;
    size_t len = size * n;
    if (len >= sizeof body->bytes - body->len) {
        return 0;
    }
    memcpy(body->bytes + body->len, data, len);
    body->len += len;
    body->bytes[body->len] = '\0';
    return len;
}

static double
clock_us(clockid_t id)
{
    struct timespec now;
    clock_gettime(id, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static long
memory_kb(const char *field)
{
    char line[128];
    long kb = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        if (strncmp(line, field, strlen(field)) == 0) {
            kb = strtol(line + strlen(field), NULL, 10);
        }
    }
    if (status != NULL) {
        fclose(status);
    }
    return kb;
}

static void
set_up(CURL *easy, const char *url, const char *ca)
{
    struct stat info;
    int is_dir = stat(ca, &info) == 0 && S_ISDIR(info.st_mode);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_CAINFO, is_dir ? NULL : ca);
    curl_easy_setopt(easy, CURLOPT_CAPATH, is_dir ? ca : NULL);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{}");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, 2L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
}

/* Returns what failed, or NULL. */
static const char *
log_in(CURL *easy)
{
    static const char *const wanted[] = {"Set-Cookie", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"};
    struct body body = {.len = 0};
    struct curl_slist *headers = curl_slist_append(NULL, "apiAccessKeyId: user");
    headers = curl_slist_append(headers, "apiSecretAccessKey: secret");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Accept: application/json");
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);

    CURLcode code = curl_easy_perform(easy);
    curl_slist_free_all(headers);
    if (code != CURLE_OK) {
        return curl_easy_strerror(code);
    }
    cJSON *json = cJSON_Parse(body.bytes);
    int success = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "success"));
    cJSON_Delete(json);
    if (!success) {
        return "no success in the answer";
    }
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct curl_header *line;
        if (curl_easy_header(easy, wanted[i], 0, CURLH_HEADER, -1, &line) != CURLHE_OK) {
            return wanted[i];
        }
    }
    return NULL;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: floor N URL CA\n", stderr);
        return 2;
    }
    long n = strtol(argv[1], NULL, 10);
    double wall = clock_us(CLOCK_MONOTONIC), cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *easy = curl_easy_init();
    set_up(easy, argv[2], argv[3]);
    const char *fault = log_in(easy);
    if (n > 0) {
        wall = clock_us(CLOCK_MONOTONIC);
        cpu = clock_us(CLOCK_PROCESS_CPUTIME_ID);
    }
    for (long i = 0; i < n && fault == NULL; i++) {
        fault = log_in(easy);
    }
    double timed = n > 0 ? (double)n : 1;
    wall = (clock_us(CLOCK_MONOTONIC) - wall) / timed;
    cpu = (clock_us(CLOCK_PROCESS_CPUTIME_ID) - cpu) / timed;
    if (fault != NULL) {
        fprintf(stderr, "floor: %s\n", fault);
        return 1;
    }
    printf("%.2f %.2f %ld %ld\n", wall, cpu, memory_kb("RssAnon:"), memory_kb("VmHWM:"));
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return 0;
}
