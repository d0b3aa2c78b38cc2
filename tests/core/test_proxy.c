/* Which proxy is taken: the argument's rules, libcurl's order of the variables, and the password to be masked. */
#include "check.h"

#include "core/proxy.h"
#include "core/wipe.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const variables[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
static const char *const others[] = {"http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"};

static const struct zc_base_url far = {.is_https = true};
static const struct zc_base_url near_tls = {.is_https = true, .is_loopback = true};
static const struct zc_base_url near_plain = {.is_loopback = true};

static void
clear_environment(void)
{
    for (size_t i = 0; i < 4; i++) {
        (void)unsetenv(variables[i]);
        (void)unsetenv(others[i]);
    }
}

static bool
same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

/* Is this the proxy that the environment says for a far host? */
static bool
environment_says(const char *url)
{
    struct zc_proxy proxy;
    const char *problem = NULL;
    bool so = zc_proxy_choose(&proxy, NULL, &far, &problem) == ZC_OK && same(proxy.url, url);
    zc_proxy_clear(&proxy);
    return so;
}

static void
an_argument_names_its_scheme(void)
{
    static const char *const good[] = {"http://p.example:3128", "HTTP://p.example", "https://p.example",
                                       "socks5h://p.example:1080"};
    static const char *const bad[] = {
        "p.example",
        "p.example:3128",
        "//p.example",
        "socks5://p.example",
        "socks4://p.example",
        "socks4a://p.example",
        "ftp://p.example",
        "http:/p.example",
        "http://",
        "http://p.example:port",
        "http://p p.example",
        "https://p.example:99999",
    };
    struct zc_proxy proxy;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const char *problem = NULL;
        CHECK_ROW(zc_proxy_choose(&proxy, good[i], &far, &problem) == ZC_OK && same(proxy.url, good[i]), good[i]);
        zc_proxy_clear(&proxy);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *problem = NULL;
        CHECK_ROW(zc_proxy_choose(&proxy, bad[i], &far, &problem) == ZC_INPUT && problem != NULL, bad[i]);
        CHECK_ROW(strstr(problem, "p.example") == NULL, bad[i]);
        zc_proxy_clear(&proxy);
    }
}

static void
a_plain_login_never_goes_through_a_proxy(void)
{
    struct zc_proxy proxy;
    const char *problem = NULL;
    CHECK(zc_proxy_choose(&proxy, "http://p.example", &near_plain, &problem) == ZC_INPUT && problem != NULL);
    zc_proxy_clear(&proxy);
    (void)setenv("http_proxy", "http://p.example", 1);
    (void)setenv("all_proxy", "http://p.example", 1);
    CHECK(zc_proxy_choose(&proxy, NULL, &near_plain, &problem) == ZC_OK && same(proxy.url, ""));
    zc_proxy_clear(&proxy);
    clear_environment();
}

static void
loopback_passes_by_the_environment_but_not_by_the_argument(void)
{
    struct zc_proxy proxy;
    const char *problem = NULL;
    (void)setenv("https_proxy", "http://env.example", 1);
    (void)setenv("no_proxy", "x.example", 1);
    CHECK(zc_proxy_choose(&proxy, NULL, &near_tls, &problem) == ZC_OK && same(proxy.url, "") && same(proxy.no_proxy, ""));
    zc_proxy_clear(&proxy);
    CHECK(zc_proxy_choose(&proxy, "http://arg.example", &near_tls, &problem) == ZC_OK && same(proxy.url, "http://arg.example"));
    zc_proxy_clear(&proxy);
    clear_environment();
}

/* Set from the last to the first, so that each takes over from the one before; one that is set but empty is passed over. */
static void
the_variables_are_asked_in_libcurls_order(void)
{
    static const char *const urls[] = {"http://a.example", "b.example:3128", "socks5://c.example", "https://d.example"};
    (void)setenv("http_proxy", "http://not.for.https", 1);
    (void)setenv("HTTP_PROXY", "http://not.for.https", 1);
    CHECK(environment_says(""));
    for (size_t i = 4; i > 0; i--) {
        (void)setenv(variables[i - 1], urls[i - 1], 1);
        CHECK_ROW(environment_says(urls[i - 1]), variables[i - 1]);
    }
    (void)setenv("https_proxy", "", 1);
    CHECK(environment_says(urls[1]));
    clear_environment();
}

static void
exceptions_come_with_the_environments_proxy_only(void)
{
    struct zc_proxy proxy;
    const char *problem = NULL;
    (void)setenv("https_proxy", "http://env.example", 1);
    (void)setenv("NO_PROXY", "upper.example", 1);
    CHECK(zc_proxy_choose(&proxy, NULL, &far, &problem) == ZC_OK && same(proxy.no_proxy, "upper.example"));
    zc_proxy_clear(&proxy);
    (void)setenv("no_proxy", "lower.example", 1);
    CHECK(zc_proxy_choose(&proxy, NULL, &far, &problem) == ZC_OK && same(proxy.no_proxy, "lower.example"));
    zc_proxy_clear(&proxy);
    CHECK(zc_proxy_choose(&proxy, "http://arg.example", &far, &problem) == ZC_OK && same(proxy.no_proxy, ""));
    zc_proxy_clear(&proxy);
    CHECK(zc_proxy_choose(&proxy, "", &far, &problem) == ZC_OK && same(proxy.url, "") && same(proxy.no_proxy, ""));
    zc_proxy_clear(&proxy);
    clear_environment();
}

static void
the_password_is_known_raw_and_decoded(void)
{
    static const struct {
        const char *url;
        const char *raw;
        const char *decoded;
    } rows[] = {
        {"http://user:s%65cret%21@p.example", "s%65cret%21", "secret!"},
        {"http://user:plain@p.example:3128/", "plain", "plain"},
        {"https://user@p.example", NULL, NULL},
        {"socks5h://p.example", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (int by_environment = 0; by_environment < 2; by_environment++) {
            struct zc_proxy proxy;
            const char *problem = NULL;
            (void)setenv("https_proxy", by_environment ? rows[i].url : "http://other:password@p.example", 1);
            const char *argument = by_environment ? NULL : rows[i].url;
            CHECK_ROW(zc_proxy_choose(&proxy, argument, &far, &problem) == ZC_OK, rows[i].url);
            CHECK_ROW(same(proxy.password, rows[i].raw) && same(proxy.password_decoded, rows[i].decoded), rows[i].url);
            zc_proxy_clear(&proxy);
        }
    }
    clear_environment();
}

static void
a_bad_variable_is_refused_as_the_argument_is(void)
{
    struct zc_proxy proxy;
    const char *problem = NULL;
    (void)setenv("https_proxy", "http://user:secret@p.example:port", 1);
    CHECK(zc_proxy_choose(&proxy, NULL, &far, &problem) == ZC_INPUT);
    CHECK(problem != NULL && strstr(problem, "secret") == NULL);
    zc_proxy_clear(&proxy);
    clear_environment();
}

static void
a_proxy_is_shown_without_its_password(void)
{
    static const struct {
        const char *given;
        const char *shown;
    } rows[] = {
        {"", ""},
        {"http://p.example:3128", "http://p.example:3128"},
        {"http://me@p.example", "http://me@p.example"},
        {"http://me:@p.example", "http://me:@p.example"},
        {"http://me:secret@p.example:3128", "http://me:***@p.example:3128"},
        {"http://me:x@p.example", "http://me:***@p.example"},
        {"http://:secret@p.example", "http://:***@p.example"},
        {"socks5h://me:a:b%40c@[::1]:1080", "socks5h://me:***@[::1]:1080"},
        {"https://p:p@p", "https://p:***@p"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct zc_proxy proxy;
        const char *problem = NULL;
        char *shown = NULL;
        CHECK_ROW(zc_proxy_choose(&proxy, rows[i].given, &far, &problem) == ZC_OK, rows[i].given);
        CHECK_ROW(zc_proxy_mask(&proxy, &shown) == ZC_OK && same(shown, rows[i].shown), rows[i].given);
        zc_wiping_free(shown);
        zc_proxy_clear(&proxy);
    }
    struct zc_proxy unlike = {.url = strdup("http://me:secret@p"), .password = strdup("other")};
    char *shown = NULL;
    CHECK(zc_proxy_mask(&unlike, &shown) == ZC_OK && same(shown, "***"));
    zc_wiping_free(shown);
    free(unlike.url);
    free(unlike.password);
}

int
main(void)
{
    clear_environment();
    an_argument_names_its_scheme();
    a_plain_login_never_goes_through_a_proxy();
    loopback_passes_by_the_environment_but_not_by_the_argument();
    the_variables_are_asked_in_libcurls_order();
    exceptions_come_with_the_environments_proxy_only();
    the_password_is_known_raw_and_decoded();
    a_bad_variable_is_refused_as_the_argument_is();
    a_proxy_is_shown_without_its_password();
    return check_done();
}
