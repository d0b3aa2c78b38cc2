/* Which proxy a login goes through. The variables are read here, in libcurl's order, rather than by libcurl: so they are read once,
 * by core/environment, and their password is known and can be masked. */
#include "core/proxy.h"

#include "core/environment.h"
#include "core/wipe.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* returns new through *copy (wiping_free) */
static zc_status
copy_text(const char *text, char **copy)
{
    *copy = zc_wiping_strdup(text);
    return *copy == NULL ? ZC_NO_MEMORY : ZC_OK;
}

/* The first that is set and not empty, as libcurl reads its environment; else an empty text. returns new through *value (wiping_free) */
static zc_status
copy_first_set(const char *const *names, size_t n, char **value)
{
    for (size_t i = 0; i < n; i++) {
        zc_status status = zc_environment_read(names[i], value);
        if (status != ZC_OK || (*value != NULL && (*value)[0] != '\0')) {
            return status;
        }
        zc_wiping_free(*value);
    }
    return copy_text("", value);
}

static bool
begins_with(const char *text, const char *start)
{
    return strncasecmp(text, start, strlen(start)) == 0;
}

/* returns new through *copy (wiping_free); leaves it NULL if there is no password */
static zc_status
copy_password(CURLU *parser, unsigned int flags, char **copy)
{
    char *part = NULL;
    CURLUcode code = curl_url_get(parser, CURLUPART_PASSWORD, &part, flags);
    if (code == CURLUE_OK) {
        *copy = zc_wiping_strdup(part);
        zc_wipe(part, strlen(part));
        curl_free(part);
    }
    return code == CURLUE_OUT_OF_MEMORY || (code == CURLUE_OK && *copy == NULL) ? ZC_NO_MEMORY : ZC_OK;
}

/* libcurl would take what stands before the slash for the host, look its name up, and name it in messages. */
static bool
has_user_info_cut_by_slash(const char *url)
{
    const char *scheme_end = strstr(url, "://");
    const char *slash = strchr(scheme_end == NULL ? url : scheme_end + 3, '/');
    return slash != NULL && strchr(slash, '@') != NULL;
}

static zc_status
read_url(struct zc_proxy *proxy, const char **problem)
{
    if (has_user_info_cut_by_slash(proxy->url)) {
        *problem = "has a slash before its @: in a user name or password it is written %2F";
        return ZC_INPUT;
    }
    zc_status status = ZC_NO_MEMORY;
    unsigned long failures_before = zc_wiping_failures();
    CURLU *parser = curl_url();
    if (parser == NULL) {
        goto done;
    }
    CURLUcode code = curl_url_set(parser, CURLUPART_URL, proxy->url, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
    if (code == CURLUE_OUT_OF_MEMORY) {
        goto done;
    }
    if (code != CURLUE_OK) {
        *problem = "is not a URL that libcurl can read";
        status = ZC_INPUT;
        goto done;
    }
    status = copy_password(parser, 0, &proxy->password);
    if (status == ZC_OK) {
        status = copy_password(parser, CURLU_URLDECODE, &proxy->password_decoded);
    }
done:
    curl_url_cleanup(parser);
    /* libcurl 7.88 calls a want of memory a bad login or a bad escape, too. */
    return zc_wiping_failures() == failures_before ? status : ZC_NO_MEMORY;
}

static const char *
argument_problem(const char *argument, const struct zc_base_url *target)
{
    if (!begins_with(argument, "http://") && !begins_with(argument, "https://") && !begins_with(argument, "socks5h://")) {
        return "does not begin with http://, https:// or socks5h://";
    }
    if (!target->is_https) {
        return "cannot be used with an http base_url: the password would travel in clear";
    }
    return NULL;
}

zc_status
zc_proxy_choose(struct zc_proxy *proxy, const char *argument, const struct zc_base_url *target, const char **problem)
{
    static const char *const variables[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    static const char *const exceptions[] = {"no_proxy", "NO_PROXY"};
    bool from_environment = argument == NULL && !target->is_loopback;

    *proxy = (struct zc_proxy){0};
    if (argument != NULL && argument[0] != '\0') {
        *problem = argument_problem(argument, target);
        if (*problem != NULL) {
            return ZC_INPUT;
        }
    }
    zc_status status =
        from_environment ? copy_first_set(variables, 4, &proxy->url) : copy_text(argument == NULL ? "" : argument, &proxy->url);
    if (status == ZC_OK) {
        status = copy_first_set(exceptions, from_environment ? 2 : 0, &proxy->no_proxy);
    }
    return status != ZC_OK || proxy->url[0] == '\0' ? status : read_url(proxy, problem);
}

zc_status
zc_proxy_mask(const struct zc_proxy *proxy, char **masked)
{
    size_t password_len = proxy->password == NULL ? 0 : strlen(proxy->password);
    *masked = NULL;
    if (password_len == 0) {
        *masked = zc_wiping_strdup(proxy->url);
        return *masked == NULL ? ZC_NO_MEMORY : ZC_OK;
    }
    const char *at = proxy->url; /* ":PASSWORD@" is there: libcurl's parser found it; without it nothing is shown */
    while (*at != '\0' && !(at[0] == ':' && strncmp(at + 1, proxy->password, password_len) == 0 && at[1 + password_len] == '@')) {
        at++;
    }
    size_t before_len = *at == '\0' ? 0 : (size_t)(at + 1 - proxy->url);
    const char *after = *at == '\0' ? "" : at + 1 + password_len;
    char *text = zc_wiping_malloc(before_len + sizeof("***") + strlen(after));
    if (text == NULL) {
        return ZC_NO_MEMORY;
    }
    memcpy(text, proxy->url, before_len);
    (void)stpcpy(stpcpy(text + before_len, "***"), after);
    *masked = text;
    return ZC_OK;
}

void
zc_proxy_clear(struct zc_proxy *proxy)
{
    zc_wiping_free(proxy->url);
    zc_wiping_free(proxy->no_proxy);
    zc_wiping_free(proxy->password);
    zc_wiping_free(proxy->password_decoded);
    *proxy = (struct zc_proxy){0};
}
