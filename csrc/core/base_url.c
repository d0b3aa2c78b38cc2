/* base_url -> the URL that is logged in to. The parser's view of host and path decides; the caller's spelling of the host is kept
 * for what people read. */
#include "core/base_url.h"

#include "core/wipe.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#define LOGIN_PATH "/v1/connections"

static bool
is_loopback(const char *host)
{
    struct in_addr address;
    return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

/* Both as it is spelled and as libcurl understands it: not %6cocalhost, and no name that only looks like it. */
static bool
is_plainly_loopback(const char *parsed_host, const char *authority, size_t authority_len)
{
    char spelled[64];
    size_t len = authority[0] == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");
    if (len > authority_len || len >= sizeof(spelled)) {
        return false;
    }
    memcpy(spelled, authority, len);
    spelled[len] = '\0';
    return is_loopback(parsed_host) && is_loopback(spelled);
}

static bool
ends_with(const char *text, size_t len, const char *end)
{
    size_t end_len = strlen(end);
    return len >= end_len && memcmp(text + len - end_len, end, end_len) == 0;
}

static char *
append(char *at, const char *text, size_t len)
{
    memcpy(at, text, len);
    return at + len;
}

/* returns new (wiping_free): the texts one after the other */
static char *
join(const char *scheme, const char *host, size_t host_len, const char *path, size_t path_len, const char *tail)
{
    char *joined = zc_wiping_malloc(strlen(scheme) + host_len + path_len + strlen(tail) + 1);
    if (joined != NULL) {
        char *at = append(joined, scheme, strlen(scheme));
        at = append(append(at, host, host_len), path, path_len);
        (void)append(at, tail, strlen(tail) + 1);
    }
    return joined;
}

/* A URL as libcurl's parser understands it; released by curl_free. */
struct parsed {
    char *host;
    char *path;
};

static zc_status
parse(struct parsed *parsed, const char *text, const char **problem)
{
    CURLU *parser = curl_url();
    if (parser == NULL) {
        return ZC_NO_MEMORY;
    }
    CURLUcode code = curl_url_set(parser, CURLUPART_URL, text, 0);
    if (code == CURLUE_OK) {
        code = curl_url_get(parser, CURLUPART_HOST, &parsed->host, 0);
    }
    if (code == CURLUE_OK) {
        code = curl_url_get(parser, CURLUPART_PATH, &parsed->path, 0);
    }
    curl_url_cleanup(parser);
    if (code == CURLUE_OUT_OF_MEMORY) {
        return ZC_NO_MEMORY;
    }
    if (code != CURLUE_OK || parsed->host[0] == '\0') {
        *problem = "is not a URL that libcurl can read";
        return ZC_INPUT;
    }
    return ZC_OK;
}

/* What the parser made of the last text in this thread: a program logs in to one place again and again. Nothing in it is a secret, as
 * a base URL holds neither user info nor a query. */
static _Thread_local struct {
    char text[128];
    char path[128];
    bool is_loopback;
} last;

static void
remember(const char *text, const char *path, bool is_loopback)
{
    size_t text_size = strlen(text) + 1;
    size_t path_size = strlen(path) + 1;
    if (text_size <= sizeof(last.text) && path_size <= sizeof(last.path)) {
        memcpy(last.text, text, text_size);
        memcpy(last.path, path, path_size);
        last.is_loopback = is_loopback;
    }
}

/* What the parser is lenient about: empty parts and odd numbers of slashes. */
static const char *
problem_of_spelling(const char *text, const char *authority, size_t authority_len)
{
    if (authority == NULL) {
        return "does not begin with https:// or http://";
    }
    if (memchr(authority, '@', authority_len) != NULL) {
        return "holds user info: user name and password are arguments of their own";
    }
    if (strpbrk(text, "?#") != NULL) {
        return "holds a query or a fragment";
    }
    if (authority_len == 0) {
        return "names no host";
    }
    return NULL;
}

zc_status
zc_base_url_read(struct zc_base_url *url, const char *text, const char **problem)
{
    zc_status status = ZC_INPUT;
    struct parsed parsed = {NULL, NULL};
    *url = (struct zc_base_url){.is_https = strncasecmp(text, "https://", 8) == 0};

    const char *authority = url->is_https ? text + 8 : strncasecmp(text, "http://", 7) == 0 ? text + 7 : NULL;
    size_t authority_len = authority == NULL ? 0 : strcspn(authority, "/?#");
    *problem = problem_of_spelling(text, authority, authority_len);
    if (*problem != NULL) {
        goto done;
    }
    const char *path = last.path;
    url->is_loopback = last.is_loopback;
    if (strcmp(text, last.text) != 0) {
        status = parse(&parsed, text, problem);
        if (status != ZC_OK) {
            goto done;
        }
        path = parsed.path;
        url->is_loopback = is_plainly_loopback(parsed.host, authority, authority_len);
        remember(text, path, url->is_loopback);
    }
    status = ZC_INPUT;
    if (!url->is_https && !url->is_loopback) {
        *problem = "is http, which is allowed to localhost, 127.x.x.x and [::1] only: the password would travel in clear";
        goto done;
    }
    size_t path_len = strlen(path);
    while (path_len > 0 && path[path_len - 1] == '/') {
        path_len--;
    }
    if (ends_with(path, path_len, "/connections")) {
        *problem = "ends in /connections: give what stands before /v1/connections";
        goto done;
    }
    if (ends_with(path, path_len, "/v1")) {
        path_len -= strlen("/v1");
        while (path_len > 0 && path[path_len - 1] == '/') {
            path_len--;
        }
    }
    const char *scheme = url->is_https ? "https://" : "http://";
    url->base = join(scheme, authority, authority_len, path, path_len, "");
    url->login = join(scheme, authority, authority_len, path, path_len, LOGIN_PATH);
    url->host = join("", authority, authority_len, "", 0, "");
    status = url->base == NULL || url->login == NULL || url->host == NULL ? ZC_NO_MEMORY : ZC_OK;
done:
    curl_free(parsed.path);
    curl_free(parsed.host);
    return status;
}

zc_status
zc_location_host(const char *location, char **host)
{
    zc_status status = ZC_NO_MEMORY;
    char *part = NULL;
    CURLU *parser = curl_url();
    *host = NULL;
    if (parser == NULL) {
        return status;
    }
    bool has_scheme = strncmp(location, "//", 2) != 0;
    CURLUcode code = curl_url_set(parser, CURLUPART_URL, has_scheme ? location : location + 2,
                                  has_scheme ? CURLU_NON_SUPPORT_SCHEME : CURLU_GUESS_SCHEME);
    if (code == CURLUE_OK) {
        code = curl_url_get(parser, CURLUPART_HOST, &part, 0);
    }
    if (code == CURLUE_OK) {
        *host = zc_wiping_strdup(part);
    }
    if (code != CURLUE_OUT_OF_MEMORY && (part == NULL || *host != NULL)) {
        status = ZC_OK;
    }
    curl_free(part);
    curl_url_cleanup(parser);
    return status;
}

void
zc_base_url_clear(struct zc_base_url *url)
{
    zc_wiping_free(url->base);
    zc_wiping_free(url->login);
    zc_wiping_free(url->host);
    *url = (struct zc_base_url){0};
}

/* libcurl before 8.3 copies the handle without it, which would send a link-local address out by no interface. */
static bool
has_zone(CURLU *url)
{
    char *zone = NULL;
    bool has = curl_url_get(url, CURLUPART_ZONEID, &zone, 0) != CURLUE_NO_ZONEID;
    curl_free(zone);
    return has;
}

zc_status
zc_parsed_url_read(struct zc_parsed_url *url, const char *text)
{
    if (url->text != NULL && strcmp(url->text, text) == 0) {
        return ZC_OK;
    }
    zc_parsed_url_clear(url);
    url->handle = curl_url();
    url->text = zc_wiping_strdup(text);
    bool has_memory = url->handle != NULL && url->text != NULL;
    CURLUcode code = has_memory ? curl_url_set(url->handle, CURLUPART_URL, text, 0) : CURLUE_OUT_OF_MEMORY;
    if (code != CURLUE_OK) {
        zc_parsed_url_clear(url);
    }
    else if (has_zone(url->handle)) {
        curl_url_cleanup(url->handle);
        url->handle = NULL;
    }
    return code == CURLUE_OK ? ZC_OK : code == CURLUE_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
}

void
zc_parsed_url_clear(struct zc_parsed_url *url)
{
    curl_url_cleanup(url->handle);
    zc_wiping_free(url->text);
    *url = (struct zc_parsed_url){0};
}
