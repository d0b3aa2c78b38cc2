/* Values in, header list out: what is sent, what is secret, which connection may be shared, and nothing left behind. */
#include "certificate.h"
#include "check.h"
#include "failing.h"
#include "freed.h"

#include "core/diversion.h"
#include "core/library.h"
#include "core/request.h"
#include "core/wipe.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER "marker-7f3a"

static struct zc_value
text(const char *bytes)
{
    return (struct zc_value){bytes, bytes == NULL ? 0 : strlen(bytes)};
}

/* The three values that are always there; tests add to them. */
struct values {
    struct zc_value of[ZC_N_ARGUMENTS];
};

static struct values
least(void)
{
    return (struct values){
        {[ZC_USERNAME] = text("user"), [ZC_PASSWORD] = text("pass word"), [ZC_BASE_URL] = text("https://rest.zuora.com")}};
}

static struct values
everything(void)
{
    struct values v = least();
    v.of[ZC_USERNAME] = text("user-" MARKER);
    v.of[ZC_PASSWORD] = text("pass-" MARKER);
    v.of[ZC_ENTITY_IDS] = text("2c92c0f8-1");
    v.of[ZC_TRACK_ID] = text("track");
    v.of[ZC_AUTHORIZATION] = text("Bearer token-" MARKER);
    v.of[ZC_IDEMPOTENCY_KEY] = text("key");
    v.of[ZC_CA_FILE] = text("ca.pem");
    v.of[ZC_CA_DIR] = text("hashed");
    v.of[ZC_CLIENT_CERT] = text("both.pem");
    v.of[ZC_CLIENT_KEY] = text("both.pem");
    v.of[ZC_CLIENT_KEY_PASSWORD] = text("keypass-" MARKER);
    v.of[ZC_PROXY_URL] = text("http://proxyuser:p%41ss-" MARKER "@proxy.example:3128");
    return v;
}

static struct zc_request *
build(struct values v)
{
    struct zc_request *request = NULL;
    struct zc_problem problem = {0};
    CHECK(zc_request_new(&request, v.of, &problem) == ZC_OK);
    return request;
}

/* Is the login refused, and is it this argument's fault? */
static bool
is_refused(struct values v, const char *argument)
{
    struct zc_request *request = NULL;
    struct zc_problem problem = {0};
    zc_status status = zc_request_new(&request, v.of, &problem);
    bool refused = status == ZC_INPUT && request == NULL && problem.text != NULL && strcmp(problem.argument, argument) == 0;
    zc_request_free(request);
    return refused;
}

static bool
sends(const struct zc_request *request, const char *const *lines, size_t n)
{
    size_t i = 0;
    for (const struct curl_slist *node = request->headers; node != NULL; node = node->next, i++) {
        if (i == n || strcmp(node->data, lines[i]) != 0) {
            return false;
        }
    }
    return i == n;
}

static void
headers_are_sent_as_zuora_names_them(void)
{
    static const char *const few[] = {"Content-Type: application/json", "Accept: application/json", "apiAccessKeyId: user",
                                      "apiSecretAccessKey: pass word"};
    static const char *const all[] = {"Content-Type: application/json",      "Accept: application/json",
                                      "apiAccessKeyId: user-" MARKER,        "apiSecretAccessKey: pass-" MARKER,
                                      "Zuora-Entity-Ids: 2c92c0f8-1",        "Zuora-Track-Id: track",
                                      "Authorization: Bearer token-" MARKER, "Idempotency-Key: key"};
    struct zc_request *request = build(least());
    CHECK(sends(request, few, 4));
    CHECK(strcmp(request->url.login, "https://rest.zuora.com/v1/connections") == 0);
    CHECK(request->ca_file == NULL && request->client_cert == NULL && strcmp(request->client_key_password, "") == 0);
    zc_request_free(request);
    request = build(everything());
    CHECK(sends(request, all, 8));
    CHECK(strcmp(request->ca_file, "ca.pem") == 0 && strcmp(request->client_key_password, "keypass-" MARKER) == 0);
    zc_request_free(request);
}

static void
one_entity_at_most_goes_out(void)
{
    static const struct {
        zc_argument argument;
        const char *line;
    } entities[] = {{ZC_ENTITY_ID, "entityId: e1"}, {ZC_ENTITY_NAME, "entityName: e1"}, {ZC_ENTITY_IDS, "Zuora-Entity-Ids: e1"}};
    for (size_t i = 0; i < 3; i++) {
        struct values v = least();
        v.of[entities[i].argument] = text("e1");
        struct zc_request *request = build(v);
        CHECK_ROW(strcmp(request->headers[request->n_headers - 1].data, entities[i].line) == 0, entities[i].line);
        zc_request_free(request);
        v.of[entities[(i + 1) % 3].argument] = text("e2");
        CHECK(is_refused(v, "entity_id, entity_name, entity_ids"));
    }
}

static void
the_argument_at_fault_is_named(void)
{
    for (zc_argument argument = 0; argument < ZC_N_ARGUMENTS; argument++) {
        struct values v = everything();
        v.of[argument] = text("a\r\nb");
        CHECK_ROW(is_refused(v, zc_argument_name(argument)), zc_argument_name(argument));
    }
    static const zc_argument files[] = {ZC_CA_FILE, ZC_CA_DIR, ZC_CLIENT_CERT, ZC_CLIENT_KEY};
    for (size_t i = 0; i < 4; i++) {
        struct values v = everything();
        v.of[files[i]] = text("missing");
        CHECK_ROW(is_refused(v, zc_argument_name(files[i])), zc_argument_name(files[i]));
    }
    struct values v = everything();
    v.of[ZC_CLIENT_CERT] = text(NULL);
    CHECK(is_refused(v, "client_key"));
    v = everything();
    v.of[ZC_CLIENT_KEY] = text("ca.pem");
    CHECK(is_refused(v, "client_key"));
    v = least();
    v.of[ZC_BASE_URL] = text("http://rest.zuora.com");
    CHECK(is_refused(v, "base_url"));
    v = everything();
    v.of[ZC_BASE_URL] = text("http://localhost");
    CHECK(is_refused(v, "proxy"));
}

static bool
knows_secret(const struct zc_request *request, const char *secret)
{
    for (size_t i = 0; i < request->secrets.n; i++) {
        const struct zc_secret *s = &request->secrets.list[i];
        if (s->len == strlen(secret) && memcmp(s->bytes, secret, s->len) == 0) {
            return true;
        }
    }
    return false;
}

static void
what_must_be_masked_is_known(void)
{
    struct zc_request *request = build(everything());
    CHECK(request->secrets.n == 5 && knows_secret(request, "user-" MARKER) && knows_secret(request, "pass-" MARKER));
    CHECK(knows_secret(request, "token-" MARKER));
    CHECK(knows_secret(request, "p%41ss-" MARKER) && knows_secret(request, "pAss-" MARKER));
    zc_request_free(request);
    struct values v = least();
    static const struct {
        const char *value;
        const char *secret;
    } authorizations[] = {
        {"bearer lower", "lower"},
        {"Bearer  two blanks", "two blanks"},
        {"Basic dXNlcg==", "dXNlcg=="},
        {"no-scheme", "no-scheme"},
    };
    for (size_t i = 0; i < sizeof(authorizations) / sizeof(authorizations[0]); i++) {
        v.of[ZC_AUTHORIZATION] = text(authorizations[i].value);
        request = build(v);
        CHECK_ROW(request->secrets.n == 3 && knows_secret(request, authorizations[i].secret), authorizations[i].value);
        zc_request_free(request);
    }
}

/* Users may share a connection; hosts, CAs and client certificates may not. */
static void
the_route_is_where_not_who(void)
{
    struct values v = everything();
    struct zc_request *one = build(v);
    v.of[ZC_USERNAME] = text("another");
    v.of[ZC_PASSWORD] = text("word");
    v.of[ZC_BASE_URL] = text("https://rest.zuora.com/v1/");
    v.of[ZC_TRACK_ID] = text("other");
    struct zc_request *same = build(v);
    CHECK(one->route == same->route);
    zc_request_free(same);
    static const struct {
        zc_argument argument;
        const char *value;
    } changes[] = {{ZC_BASE_URL, "https://rest.zuora.com:444"},
                   {ZC_BASE_URL, "https://rest.zuora.com/x"},
                   {ZC_CA_FILE, NULL},
                   {ZC_CA_FILE, "both.pem"},
                   {ZC_CA_DIR, NULL},
                   {ZC_CLIENT_KEY, NULL}};
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        v = everything();
        v.of[changes[i].argument] = text(changes[i].value);
        struct zc_request *other = build(v);
        CHECK_ROW(one->route != other->route, zc_argument_name(changes[i].argument));
        zc_request_free(other);
    }
    zc_request_free(one);
}

static void
no_freed_block_holds_a_secret(void)
{
    struct zc_request *request = build(everything());
    watch_frees(MARKER);
    zc_request_free(request);
    CHECK(n_freed > 10 && n_leaked == 0);
    watched = NULL;
    zc_request_free(NULL);
}

/* Where every login goes from now on; NULL: where it is meant to. */
static void
set_diversion(const char *text)
{
    char *before = NULL;
    CHECK(zc_diversion_exchange(text, &before) == ZC_OK);
    zc_wiping_free(before);
}

#define SANDBOX "https://127.0.0.1:4711/7 http://127.0.0.1:4712 ca.pem"

static void
a_diverted_login_tells_what_was_asked_and_goes_to_the_sandbox(void)
{
    char process[64];
    (void)snprintf(process, sizeof(process), "Zuora-Connect-Process: %ld", (long)getpid());
    const char *const lines[] = {"Content-Type: application/json",
                                 "Accept: application/json",
                                 "apiAccessKeyId: user-" MARKER,
                                 "apiSecretAccessKey: pass-" MARKER,
                                 "Zuora-Entity-Ids: 2c92c0f8-1",
                                 "Zuora-Track-Id: track",
                                 "Authorization: Bearer token-" MARKER,
                                 "Idempotency-Key: key",
                                 process,
                                 "Zuora-Connect-Base-Url: https://rest.zuora.com",
                                 "Zuora-Connect-Ca-File: nowhere.pem",
                                 "Zuora-Connect-Ca-Dir: hashed",
                                 "Zuora-Connect-Client-Cert: both.pem",
                                 "Zuora-Connect-Client-Key: both.pem",
                                 "Zuora-Connect-Proxy: http://proxyuser:***@proxy.example:3128"};
    struct values v = everything();
    v.of[ZC_CA_FILE] = text("nowhere.pem");
    set_diversion(SANDBOX);
    struct zc_request *request = build(v);
    CHECK(request->blocked == NULL && sends(request, lines, 15));
    CHECK(strcmp(request->url.login, "https://127.0.0.1:4711/7/v1/connections") == 0);
    CHECK(strcmp(request->url.base, "http://127.0.0.1:4712") == 0 && strcmp(request->url.host, "127.0.0.1:4711") == 0);
    CHECK(strcmp(request->ca_file, "ca.pem") == 0 && request->ca_dir == NULL && request->client_cert == NULL);
    CHECK(request->client_key == NULL && strcmp(request->client_key_password, "") == 0);
    CHECK(strcmp(request->proxy.url, "") == 0 && request->proxy.password == NULL);
    v = least();
    v.of[ZC_BASE_URL] = text("https://rest.eu.zuora.com");
    struct zc_request *other = build(v);
    CHECK(other->n_headers == 6 && other->route == request->route);
    zc_request_free(other);
    zc_request_free(request);
    set_diversion(NULL);
}

static void
a_diverted_login_is_judged_as_any_other(void)
{
    set_diversion(SANDBOX);
    struct values v = everything();
    v.of[ZC_CLIENT_CERT] = text(NULL);
    CHECK(is_refused(v, "client_key"));
    for (zc_argument argument = 0; argument < ZC_N_ARGUMENTS; argument++) {
        v = everything();
        v.of[argument] = text("a\r\nb");
        CHECK_ROW(is_refused(v, zc_argument_name(argument)), zc_argument_name(argument));
    }
    v = least();
    v.of[ZC_BASE_URL] = text("http://rest.zuora.com");
    CHECK(is_refused(v, "base_url"));
    v = everything();
    v.of[ZC_PROXY_URL] = text("proxy.example");
    CHECK(is_refused(v, "proxy"));
    set_diversion(NULL);
}

static void
a_blocked_login_says_so(void)
{
    set_diversion("offline");
    struct zc_request *request = build(everything());
    CHECK(request->blocked != NULL && strcmp(request->url.host, "rest.zuora.com") == 0);
    zc_request_free(request);
    struct values v = everything();
    v.of[ZC_CA_FILE] = text("nowhere.pem");
    CHECK(is_refused(v, "ca_file"));
    set_diversion("https://127.0.0.1:4711 http://127.0.0.1:4712 nowhere.pem");
    request = build(least());
    CHECK(request->blocked != NULL);
    zc_request_free(request);
    set_diversion(NULL);
}

/* The sanitizer sees what a request that could not be finished leaves behind. */
static void
each_allocation_may_fail(const char *diversion)
{
    struct values v = everything();
    unsigned nth = 0;
    zc_status status;
    set_diversion(diversion);
    do {
        struct zc_request *request = NULL;
        struct zc_problem problem = {0};
        watch_frees(MARKER);
        fail_allocation(++nth);
        status = zc_request_new(&request, v.of, &problem);
        bool failed = allocation_failed();
        fail_allocation(0);
        CHECK(status == (failed ? ZC_NO_MEMORY : ZC_OK) && (request == NULL) == failed && n_leaked == 0);
        zc_request_free(request);
        watched = NULL;
    } while (status == ZC_NO_MEMORY);
    CHECK(nth > 20);
    set_diversion(NULL);
}

static void
write_text(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(content, file) >= 0 && fclose(file) == 0);
}

/* libcurl's parser allocates through the core from here on: so its blocks are looked at, and may fail, too. */
int
main(void)
{
    CHECK(zc_library_init() == ZC_OK && zc_library_wipes());
    write_text("ca.pem", PEM_BLOCK("CERTIFICATE"));
    write_text("both.pem", PEM_BLOCK("CERTIFICATE") PEM_BLOCK("PRIVATE KEY"));
    CHECK(mkdir("hashed", 0700) == 0);
    write_text("hashed/0123abcd.0", PEM_BLOCK("CERTIFICATE"));
    headers_are_sent_as_zuora_names_them();
    one_entity_at_most_goes_out();
    the_argument_at_fault_is_named();
    what_must_be_masked_is_known();
    the_route_is_where_not_who();
    no_freed_block_holds_a_secret();
    a_diverted_login_tells_what_was_asked_and_goes_to_the_sandbox();
    a_diverted_login_is_judged_as_any_other();
    a_blocked_login_says_so();
    each_allocation_may_fail(NULL);
    each_allocation_may_fail(SANDBOX);
    return check_done();
}
