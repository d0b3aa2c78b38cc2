/* Each group of options is taken by a real handle and says what the header file promises; a refused one is not passed over. */
#include "check.h"
#include "failing.h"
#include "freed.h"
#include "login.h"
#include "server.h"

#include "core/library.h"
#include "core/options.h"

#include <stdlib.h>

#define MARKER   "marker-2b8e"
#define TOO_LONG 8000001 /* libcurl takes texts of up to 8,000,000 bytes */

static struct server server;
static struct zc_sockets sockets;
static char error_text[CURL_ERROR_SIZE];

static size_t
take_all(char *bytes, size_t size, size_t n, void *user)
{
    (void)bytes;
    (void)user;
    return size * n;
}

static int
let_pass(void *user, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    (void)user;
    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    return CURL_PREREQFUNC_OK;
}

static const struct zc_callbacks callbacks = {
    .body = take_all,
    .header = take_all,
    .before_request = let_pass,
    .sockets = &sockets,
    .error_text = error_text,
};

/* A handle ready for its first request. */
static CURL *
new_handle(void)
{
    CURL *easy = curl_easy_init();
    CHECK(easy != NULL && zc_options_set_always(easy, &callbacks, NULL, LIBCURL_VERSION_NUM) == ZC_OK);
    CHECK(zc_options_set_try(easy, NULL, 5000, 5000, true) == ZC_OK);
    return easy;
}

/* Good until the next call. Any scheme will do: libcurl itself has to turn down what it may not speak. */
static CURLU *
url_of(const struct zc_request *request)
{
    static CURLU *url;
    curl_url_cleanup(url);
    url = curl_url();
    CHECK(url != NULL && curl_url_set(url, CURLUPART_URL, request->url.login, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK);
    return url;
}

static zc_status
set_request(CURL *easy, const struct zc_request *request)
{
    return zc_options_set_request(easy, url_of(request), request);
}

/* returns new: one that uses what it can, through a proxy that is not there */
static struct zc_request *
request_by_proxy(void)
{
    const struct zc_value values[ZC_N_ARGUMENTS] = {
        [ZC_USERNAME] = {"other", 5},
        [ZC_PASSWORD] = {"secret", 6},
        [ZC_BASE_URL] = {"https://127.0.0.1:1", 19},
        [ZC_TRACK_ID] = {"track-1", 7},
        [ZC_PROXY_URL] = {"http://me:" MARKER "@127.0.0.1:1", 33},
    };
    struct zc_request *request = NULL;
    struct zc_problem problem = {0};
    CHECK(zc_request_new(&request, values, &problem) == ZC_OK);
    return request;
}

static void
every_group_is_taken(void)
{
    static char directory[] = "/etc/ssl/certs";
    static char bundle[] = "/etc/ssl/cert.pem";
    const struct zc_store stores[] = {{true, directory}, {false, bundle}};
    struct zc_request *requests[] = {request_to(server.port, "user", NULL), request_by_proxy()};
    CURL *easy = new_handle();
    for (size_t i = 0; i < 2; i++) {
        CHECK(set_request(easy, requests[i]) == ZC_OK);
        CHECK(zc_options_set_try(easy, &stores[i], 1, 1, i == 0) == ZC_OK);
        zc_options_forget_request(easy);
    }
    CHECK(zc_options_set_always(easy, &callbacks, NULL, LIBCURL_VERSION_NUM) == ZC_OK);
    curl_easy_cleanup(easy);
    zc_request_free(requests[0]);
    zc_request_free(requests[1]);
}

static void
a_login_is_sent_as_it_is_said(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    CURL *easy = new_handle();
    CHECK(set_request(easy, request) == ZC_OK && curl_easy_perform(easy) == CURLE_OK);
    CHECK(server_was_told(&server, "POST /v1/connections HTTP/1.1\r\n") && server_was_told(&server, "apiAccessKeyId: user\r\n"));
    CHECK(server_was_told(&server, "User-Agent: zuora_connect/" ZC_VERSION "\r\n") && server_was_told(&server, "\r\n\r\n{}"));
    CHECK(!server_was_told(&server, "Cookie:") && !server_was_told(&server, "Expect:"));
    curl_easy_cleanup(easy);
    zc_request_free(request);
}

static void
a_redirect_is_not_followed(void)
{
    char answer[200];
    long status = 0;
    int n_before = server_logins(&server);
    int len = snprintf(answer, sizeof(answer), "HTTP/1.1 307 R\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:%d/\r\n\r\n",
                       server.port);
    server_answers(&server, answer, (size_t)len, KEEP);
    struct zc_request *request = request_to(server.port, "user", NULL);
    CURL *easy = new_handle();
    CHECK(set_request(easy, request) == ZC_OK && curl_easy_perform(easy) == CURLE_OK);
    CHECK(curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 307);
    CHECK(server_logins(&server) == n_before + 1);
    curl_easy_cleanup(easy);
    zc_request_free(request);
    server_answers(&server, NULL, 0, KEEP);
}

/* The judge of base URLs lets none of these through; libcurl has to turn them down by itself as well. */
static void
only_the_judged_scheme_is_spoken(void)
{
    static const char *const schemes[] = {"http", "https", "ftp", "file", "gopher", "dict", "telnet", "ldap", "smtp", "ws"};
    char address[32];
    (void)snprintf(address, sizeof(address), "127.0.0.1:%d/", server.port);
    int n_before = server_logins(&server);
    struct zc_request *request = request_to(server.port, "user", NULL);
    CURL *easy = new_handle();
    for (size_t i = 0; i < 2 * sizeof(schemes) / sizeof(schemes[0]); i++) {
        char url[100];
        const char *scheme = schemes[i / 2];
        struct zc_request other = *request;
        other.url.is_https = i % 2 != 0;
        if (strcmp(scheme, other.url.is_https ? "https" : "http") != 0) {
            (void)snprintf(url, sizeof(url), "%s://%s", scheme, strcmp(scheme, "file") == 0 ? "/etc/passwd" : address);
            other.url.login = url;
            CHECK(set_request(easy, &other) == ZC_OK);
            CHECK_ROW(curl_easy_perform(easy) == CURLE_UNSUPPORTED_PROTOCOL, scheme);
        }
    }
    CHECK(server_logins(&server) == n_before);
    curl_easy_cleanup(easy);
    zc_request_free(request);
}

static void
nothing_is_left_over_from_the_login_before(void)
{
    struct zc_request *before = request_by_proxy();
    struct zc_request *request = request_to(server.port, "user", NULL);
    CURL *easy = new_handle();
    CHECK(set_request(easy, before) == ZC_OK && curl_easy_perform(easy) == CURLE_COULDNT_CONNECT);
    CHECK(set_request(easy, request) == ZC_OK && curl_easy_perform(easy) == CURLE_OK);
    CHECK(server_was_told(&server, "apiAccessKeyId: user\r\n") && !server_was_told(&server, "track-1"));
    curl_easy_cleanup(easy);
    zc_request_free(before);
    zc_request_free(request);
}

/* The next login of this handle would touch the freed header list. */
static void
a_request_that_is_forgotten_may_be_freed(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    CURL *easy = new_handle();
    CHECK(set_request(easy, request) == ZC_OK);
    zc_options_forget_request(easy);
    zc_request_free(request);
    CHECK(curl_easy_perform(easy) == CURLE_OK);
    CHECK(server_was_told(&server, "POST ") && !server_was_told(&server, "apiAccessKeyId"));
    curl_easy_cleanup(easy);
}

static void
secrets_that_are_forgotten_are_wiped_at_once(void)
{
    static char key_password[] = "key-" MARKER;
    struct zc_request *request = request_by_proxy();
    struct zc_request with_key = *request;
    with_key.client_key_password = key_password;
    CURL *easy = new_handle();
    CHECK(set_request(easy, &with_key) == ZC_OK);
    watch_frees(MARKER);
    zc_options_forget_request(easy);
    watched = NULL;
    CHECK(n_freed >= 2 && n_leaked == 0);
    curl_easy_cleanup(easy);
    zc_request_free(request);
}

static void
a_refused_option_is_internal(void)
{
    struct zc_request *request = request_by_proxy();
    CURL *easy = new_handle();
    char *long_text = malloc(TOO_LONG + 1);
    if (CHECK(long_text != NULL)) {
        memset(long_text, 'x', TOO_LONG);
        long_text[TOO_LONG] = '\0';
        struct zc_request refused = *request;
        refused.client_key_password = long_text;
        CHECK(set_request(easy, &refused) == ZC_INTERNAL);
        struct zc_store store = {true, long_text};
        CHECK(zc_options_set_try(easy, &store, 5000, 5000, false) == ZC_INTERNAL);
    }
    CHECK(set_request(easy, request) == ZC_OK);
    CHECK(zc_options_set_try(easy, NULL, 5000, 5000, false) == ZC_OK);
    curl_easy_cleanup(easy);
    zc_request_free(request);
    free(long_text);
}

static zc_status
set_all(CURL *easy, CURLU *url, const struct zc_request *request)
{
    static char bundle[] = "/etc/ssl/cert.pem";
    const struct zc_store store = {false, bundle};
    zc_status status = zc_options_set_always(easy, &callbacks, NULL, LIBCURL_VERSION_NUM);
    if (status == ZC_OK) {
        status = zc_options_set_request(easy, url, request);
    }
    return status == ZC_OK ? zc_options_set_try(easy, &store, 5000, 5000, false) : status;
}

static void
without_memory_a_group_says_so(void)
{
    struct zc_request *request = request_by_proxy();
    CURLU *url = url_of(request);
    unsigned nth = 0;
    bool failed = true;
    while (failed) {
        CURL *easy = curl_easy_init();
        fail_allocation(++nth);
        zc_status status = set_all(easy, url, request);
        failed = allocation_failed();
        fail_allocation(0);
        CHECK(status == (failed ? ZC_NO_MEMORY : ZC_OK));
        curl_easy_cleanup(easy);
    }
    CHECK(nth > 5);
    zc_request_free(request);
}

int
main(void)
{
    CHECK(zc_library_init() == NULL && zc_library_wipes());
    server_start(&server);
    every_group_is_taken();
    a_login_is_sent_as_it_is_said();
    a_redirect_is_not_followed();
    only_the_judged_scheme_is_spoken();
    nothing_is_left_over_from_the_login_before();
    a_request_that_is_forgotten_may_be_freed();
    secrets_that_are_forgotten_are_wiped_at_once();
    a_refused_option_is_internal();
    without_memory_a_group_says_so();
    server_stop(&server);
    return check_done();
}
