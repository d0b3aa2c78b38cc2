/* How a base URL is read, joined and judged, and who counts as loopback. */
#include "check.h"

#include "core/base_url.h"
#include "core/wipe.h"

#include <stddef.h>
#include <string.h>

static bool
same(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

struct join {
    const char *text;
    const char *base;
    const char *host;
};

static const struct join joins[] = {
    {"https://rest.zuora.com", "https://rest.zuora.com", "rest.zuora.com"},
    {"https://rest.zuora.com/", "https://rest.zuora.com", "rest.zuora.com"},
    {"https://rest.zuora.com///", "https://rest.zuora.com", "rest.zuora.com"},
    {"https://rest.zuora.com/v1", "https://rest.zuora.com", "rest.zuora.com"},
    {"https://rest.zuora.com/v1/", "https://rest.zuora.com", "rest.zuora.com"},
    {"https://rest.zuora.com//v1//", "https://rest.zuora.com", "rest.zuora.com"},
    {"https://rest.zuora.com/v1/v1", "https://rest.zuora.com/v1", "rest.zuora.com"},
    {"https://rest.zuora.com/V1", "https://rest.zuora.com/V1", "rest.zuora.com"},
    {"https://rest.zuora.com/av1", "https://rest.zuora.com/av1", "rest.zuora.com"},
    {"https://rest.zuora.com/v1/x", "https://rest.zuora.com/v1/x", "rest.zuora.com"},
    {"https://api.zuora.com/rest", "https://api.zuora.com/rest", "api.zuora.com"},
    {"https://api.zuora.com/rest/v1/", "https://api.zuora.com/rest", "api.zuora.com"},
    {"https://host.example/myconnections", "https://host.example/myconnections", "host.example"},
    {"https://host.example/Connections", "https://host.example/Connections", "host.example"},
    {"https://host.example/connections/x", "https://host.example/connections/x", "host.example"},
    {"https://host.example/a%20b", "https://host.example/a%20b", "host.example"},
    {"https://host.example/a/../b/./c", "https://host.example/b/c", "host.example"},
    {"https://host.example/a/..", "https://host.example", "host.example"},
    {"https://host.example/x/../v1", "https://host.example", "host.example"},
    {"HTTPS://Rest.Zuora.COM/Rest", "https://Rest.Zuora.COM/Rest", "Rest.Zuora.COM"},
    {"hTtPs://rest.zuora.com:8443/v1", "https://rest.zuora.com:8443", "rest.zuora.com:8443"},
    {"https://10.0.0.1:443", "https://10.0.0.1:443", "10.0.0.1:443"},
    {"https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x", "[2001:db8::1]:8443"},
    {"HTTP://LOCALHOST:8080/v1", "http://LOCALHOST:8080", "LOCALHOST:8080"},
};

static void
the_login_is_v1_connections_below_the_base(void)
{
    for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
        struct zc_base_url url;
        const char *problem = NULL;
        char login[200];
        (void)snprintf(login, sizeof(login), "%s/v1/connections", joins[i].base);
        CHECK_ROW(zc_base_url_read(&url, joins[i].text, &problem) == ZC_OK && problem == NULL, joins[i].text);
        CHECK_ROW(same(url.base, joins[i].base) && same(url.login, login) && same(url.host, joins[i].host), joins[i].text);
        CHECK_ROW(url.is_https == (strncmp(joins[i].base, "https:", 6) == 0), joins[i].text);
        zc_base_url_clear(&url);
    }
}

static void
a_base_that_was_read_reads_as_itself(void)
{
    for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++) {
        struct zc_base_url once = {0};
        struct zc_base_url twice = {0};
        const char *problem = NULL;
        CHECK_ROW(zc_base_url_read(&once, joins[i].text, &problem) == ZC_OK, joins[i].text);
        bool ends_in_v1 = strcmp(once.base, "https://rest.zuora.com/v1") == 0; /* where the prefix itself is called so */
        CHECK_ROW(zc_base_url_read(&twice, once.base, &problem) == ZC_OK, joins[i].text);
        CHECK_ROW(same(once.base, twice.base) != ends_in_v1, joins[i].text);
        zc_base_url_clear(&twice);
        zc_base_url_clear(&once);
    }
}

/* The last one is remembered, with its path and whether it is this machine. */
static void
the_same_base_reads_the_same_again_and_another_does_not(void)
{
    static const char *const bases[] = {"https://localhost/a/../b", "https://localhost/c", "https://rest.zuora.com"};
    static const char *const logins[] = {"https://localhost/b/v1/connections", "https://localhost/c/v1/connections",
                                         "https://rest.zuora.com/v1/connections"};
    for (size_t i = 0; i < 9; i++) {
        struct zc_base_url url;
        const char *problem = NULL;
        CHECK(zc_base_url_read(&url, bases[i / 3], &problem) == ZC_OK && same(url.login, logins[i / 3]));
        CHECK(url.is_loopback == (i < 6));
        zc_base_url_clear(&url);
    }
    char long_path[300] = "https://rest.zuora.com/";
    memset(long_path + 23, 'x', sizeof(long_path) - 24);
    for (size_t i = 0; i < 2; i++) {
        struct zc_base_url url;
        const char *problem = NULL;
        CHECK(zc_base_url_read(&url, long_path, &problem) == ZC_OK && same(url.base, long_path) && !url.is_loopback);
        zc_base_url_clear(&url);
    }
}

static void
what_is_no_base_url_is_refused_without_being_quoted(void)
{
    static const char *const bad[] = {
        "",
        "rest.zuora.com",
        "//rest.zuora.com",
        "ftp://rest.zuora.com",
        "file:///etc/passwd",
        "https:/rest.zuora.com",
        "https:rest.zuora.com",
        "https//rest.zuora.com",
        " https://rest.zuora.com",
        "https://",
        "https:///v1",
        "https://:443",
        "https://rest zuora.com",
        "https://rest.zuora.com/a b",
        "https://rest.zuora.com:port",
        "https://rest.zuora.com:65536",
        "https://rest.zuora.com:-1",
        "https://[::1",
        "https://[rest.zuora.com]",
        "https://rest.zuora.com\\@evil.example",
        "https://rest\x01.zuora.com",
        "https://user@rest.zuora.com",
        "https://user:secret@rest.zuora.com",
        "https://@rest.zuora.com",
        "https://:@rest.zuora.com",
        "https://rest.zuora.com?",
        "https://rest.zuora.com/?",
        "https://rest.zuora.com/v1?a=b",
        "https://rest.zuora.com#",
        "https://rest.zuora.com/#",
        "https://rest.zuora.com/v1#f",
        "https://rest.zuora.com?@evil.example",
        "https://rest.zuora.com/connections",
        "https://rest.zuora.com/v1/connections",
        "https://rest.zuora.com/v1/connections/",
        "https://rest.zuora.com/x/../v1/connections",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct zc_base_url url;
        const char *problem = NULL;
        CHECK_ROW(zc_base_url_read(&url, bad[i], &problem) == ZC_INPUT, bad[i]);
        CHECK_ROW(problem != NULL && strstr(problem, "zuora.com") == NULL && strstr(problem, "secret") == NULL, bad[i]);
        zc_base_url_clear(&url);
    }
}

/* Both as it is spelled and as libcurl understands it. */
static void
http_goes_to_loopback_only(void)
{
    static const char *const loopback[] = {
        "localhost", "LOCALHOST", "LocalHost:8080", "127.0.0.1", "127.0.0.1:8080", "127.255.255.255", "[::1]", "[::1]:8080",
    };
    static const char *const elsewhere[] = {
        "rest.zuora.com",
        "127.0.0.1.evil.com",
        "127.0.0.1.",
        "127.evil.com",
        "127.0.0.256",
        "127.0.0.0.1",
        "128.0.0.1",
        "10.0.0.1",
        "0.0.0.0",
        "localhost.",
        "localhost.evil.com",
        "xlocalhost",
        "localhost%2eevil.com",
        "127.0.0.1%2eevil.com",
        "[::2]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "ip6-localhost",
        "127.1",
        "0x7f.1",
        "2130706433",
        "%6cocalhost",
    };
    char text[100];
    const char *problem = NULL;
    for (size_t i = 0; i < sizeof(loopback) / sizeof(loopback[0]); i++) {
        struct zc_base_url url;
        (void)snprintf(text, sizeof(text), "http://%s/v1", loopback[i]);
        CHECK_ROW(zc_base_url_read(&url, text, &problem) == ZC_OK && url.is_loopback && !url.is_https, loopback[i]);
        CHECK_ROW(same(url.host, loopback[i]), loopback[i]);
        zc_base_url_clear(&url);
    }
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++) {
        struct zc_base_url url;
        (void)snprintf(text, sizeof(text), "http://%s", elsewhere[i]);
        CHECK_ROW(zc_base_url_read(&url, text, &problem) == ZC_INPUT && !url.is_loopback, elsewhere[i]);
        zc_base_url_clear(&url);
        (void)snprintf(text, sizeof(text), "https://%s", elsewhere[i]);
        if (zc_base_url_read(&url, text, &problem) == ZC_OK) {
            CHECK_ROW(!url.is_loopback, elsewhere[i]);
        }
        zc_base_url_clear(&url);
    }
}

static void
a_redirect_names_its_host(void)
{
    static const char *const rows[][2] = {
        {"https://evil.example/login?x=y#z", "evil.example"},
        {"http://evil.example:8080", "evil.example"},
        {"//evil.example/x", "evil.example"},
        {"https://user:pass@evil.example/", "evil.example"},
        {"ftp://evil.example/", "evil.example"},
        {"gopherx://evil.example/", "evil.example"},
        {"/login", NULL},
        {"", NULL},
        {"//", NULL},
        {"https://", NULL},
        {"not a url", NULL},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *host = NULL;
        CHECK_ROW(zc_location_host(rows[i][0], &host) == ZC_OK && same(host, rows[i][1]), rows[i][0]);
        zc_wiping_free(host);
    }
}

static void
a_login_url_is_parsed_when_it_is_another(void)
{
    struct zc_parsed_url url = {0};
    char *host = NULL;
    CHECK(zc_parsed_url_read(&url, "https://one.example/v1/connections") == ZC_OK);
    unsigned long n_blocks = zc_wiping_count();
    CHECK(zc_parsed_url_read(&url, "https://one.example/v1/connections") == ZC_OK && zc_wiping_count() == n_blocks);
    CHECK(zc_parsed_url_read(&url, "https://other.example/v1/connections") == ZC_OK && zc_wiping_count() > n_blocks);
    CHECK(curl_url_get(url.handle, CURLUPART_HOST, &host, 0) == CURLUE_OK && same(host, "other.example"));
    curl_free(host);
    CHECK(zc_parsed_url_read(&url, "other.example") == ZC_INTERNAL && url.handle == NULL && url.text == NULL);
    CHECK(zc_parsed_url_read(&url, "https://[fe80::1%25lo]/") == ZC_OK && url.handle == NULL);
    CHECK(zc_parsed_url_read(&url, "https://[fe80::1%25lo]/") == ZC_OK && url.handle == NULL);
    CHECK(zc_parsed_url_read(&url, "https://[fe80::1]/") == ZC_OK && url.handle != NULL);
    CHECK(zc_parsed_url_read(&url, "https://one.example/") == ZC_OK && same(url.text, "https://one.example/"));
    zc_parsed_url_clear(&url);
}

int
main(void)
{
    the_login_is_v1_connections_below_the_base();
    a_base_that_was_read_reads_as_itself();
    the_same_base_reads_the_same_again_and_another_does_not();
    what_is_no_base_url_is_refused_without_being_quoted();
    http_goes_to_loopback_only();
    a_redirect_names_its_host();
    a_login_url_is_parsed_when_it_is_another();
    return check_done();
}
