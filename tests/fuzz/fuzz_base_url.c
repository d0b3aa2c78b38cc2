/* A text of any bytes -> the URL that is logged in to, and the host that a Location names. */
#include "target.h"

#include "core/base_url.h"
#include "core/values.h"
#include "core/wipe.h"

#include <curl/curl.h>
#include <strings.h>

#define LOGIN_PATH "/v1/connections"

static bool
begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t len = strlen(text);
    return len >= strlen(end) && strcmp(text + len - strlen(end), end) == 0;
}

/* returns new (curl_free): one part of a URL as libcurl will take it, NULL if it cannot be read or has no such part */
static char *
part_of(const char *url, CURLUPart what)
{
    char *part = NULL;
    CURLU *parser = curl_url();
    PROMISE(parser != NULL);
    if (curl_url_set(parser, CURLUPART_URL, url, 0) == CURLUE_OK) {
        (void)curl_url_get(parser, what, &part, 0);
    }
    curl_url_cleanup(parser);
    return part;
}

/* Nothing but host, port and path is in the URL that libcurl gets, and it goes to the host that was judged. */
static void
check_parts(const char *text, const char *login)
{
    static const CURLUPart none[] = {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        PROMISE(part_of(login, none[i]) == NULL);
    }
    char *judged = part_of(text, CURLUPART_HOST);
    char *used = part_of(login, CURLUPART_HOST);
    PROMISE(judged != NULL && used != NULL && strcmp(judged, used) == 0);
    PROMISE(begins_with(login, "https://") || strcasecmp(used, "localhost") == 0 || strcmp(used, "[::1]") == 0 ||
            begins_with(used, "127."));
    curl_free(judged);
    curl_free(used);
}

static void
check_url(const char *text, const struct zc_base_url *url)
{
    PROMISE(begins_with(url->base, url->is_https ? "https://" : "http://"));
    PROMISE(url->is_https || url->is_loopback);
    PROMISE(strpbrk(text, "?#") == NULL);
    PROMISE(strpbrk(url->host, "@/") == NULL && url->host[0] != '\0');
    PROMISE(begins_with(url->base + strlen(url->is_https ? "https://" : "http://"), url->host));
    PROMISE(!ends_with(url->base, "/"));
    PROMISE(begins_with(url->login, url->base) && strcmp(url->login + strlen(url->base), LOGIN_PATH) == 0);
    check_parts(text, url->login);
}

/* A second look, which remembers the first, says the same. */
static void
check_memory(const char *text, const struct zc_base_url *url)
{
    struct zc_base_url again;
    const char *problem = NULL;
    PROMISE(zc_base_url_read(&again, text, &problem) == ZC_OK);
    PROMISE(strcmp(again.base, url->base) == 0 && strcmp(again.login, url->login) == 0 && strcmp(again.host, url->host) == 0);
    PROMISE(again.is_https == url->is_https && again.is_loopback == url->is_loopback);
    zc_base_url_clear(&again);
}

/* The base of a base is itself, unless it ends once more in what is dropped or refused. */
static void
check_settled(const char *base)
{
    struct zc_base_url again;
    const char *problem = NULL;
    if (!ends_with(base, "/v1") && !ends_with(base, "/connections")) {
        PROMISE(zc_base_url_read(&again, base, &problem) == ZC_OK && strcmp(again.base, base) == 0);
        zc_base_url_clear(&again);
    }
}

static void
check_base_url(const char *text)
{
    struct zc_base_url url;
    const char *problem = NULL;
    zc_status status = zc_base_url_read(&url, text, &problem);
    PROMISE(status == (problem == NULL ? ZC_OK : ZC_INPUT));
    if (status == ZC_OK) {
        check_url(text, &url);
        check_memory(text, &url);
        check_settled(url.base);
    }
    zc_base_url_clear(&url);
}

static void
check_location(const char *text)
{
    char *host = NULL;
    PROMISE(zc_location_host(text, &host) == ZC_OK);
    PROMISE(host == NULL || strpbrk(host, "/@?# \r\n") == NULL);
    zc_wiping_free(host);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    PROMISE(text != NULL);
    if (size > 0) {
        memcpy(text, data, size);
    }
    text[size] = '\0';
    const struct zc_value value = {text, size};
    if (zc_value_problem(ZC_BASE_URL, &value) == NULL) {
        check_base_url(text);
    }
    check_location(text);
    free(text);
    return 0;
}
