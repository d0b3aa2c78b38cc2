/* See login.h. */
#define _POSIX_C_SOURCE 200809L

#include "login.h"

#include <cjson/cJSON.h>
#include <string.h>
#include <sys/stat.h>

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

CURL *
login_new(const char *url, const char *ca)
{
    struct stat info;
    int is_dir = stat(ca, &info) == 0 && S_ISDIR(info.st_mode);
    CURL *easy = curl_easy_init();
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_CAINFO, is_dir ? NULL : ca);
    curl_easy_setopt(easy, CURLOPT_CAPATH, is_dir ? ca : NULL);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{}");
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, 2L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 30000L);
    return easy;
}

const char *
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
