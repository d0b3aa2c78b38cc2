/* One login to send: values -> URL and header list. */
#include "core/request.h"

#include "core/diversion.h"
#include "core/files.h"
#include "core/wipe.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { N_STAMPS = 3 }; /* of ca_file, client_cert, client_key */

/* Zuora's API reference names these headers; the first two carry the login. */
static const struct {
    zc_argument argument;
    const char *header;
} header_of[] = {
    {ZC_USERNAME, "apiAccessKeyId"},     {ZC_PASSWORD, "apiSecretAccessKey"},     {ZC_ENTITY_ID, "entityId"},
    {ZC_ENTITY_NAME, "entityName"},      {ZC_ENTITY_IDS, "Zuora-Entity-Ids"},     {ZC_TRACK_ID, "Zuora-Track-Id"},
    {ZC_AUTHORIZATION, "Authorization"}, {ZC_IDEMPOTENCY_KEY, "Idempotency-Key"},
};

static const char *
judge_file(const struct zc_value *value, const char *label, uint64_t *stamp)
{
    return value->bytes == NULL ? NULL : zc_file_problem(value->bytes, label, stamp);
}

static bool
judge_values(const struct zc_value values[ZC_N_ARGUMENTS], struct zc_problem *problem)
{
    for (int i = 0; i < ZC_N_ARGUMENTS; i++) {
        *problem = (struct zc_problem){zc_argument_name((zc_argument)i), zc_value_problem((zc_argument)i, &values[i])};
        if (problem->text != NULL) {
            return false;
        }
    }
    int n_entities =
        (values[ZC_ENTITY_ID].bytes != NULL) + (values[ZC_ENTITY_NAME].bytes != NULL) + (values[ZC_ENTITY_IDS].bytes != NULL);
    if (n_entities > 1) {
        *problem = (struct zc_problem){"entity_id, entity_name, entity_ids", "give at most one of them"};
        return false;
    }
    if (values[ZC_CLIENT_KEY].bytes != NULL && values[ZC_CLIENT_CERT].bytes == NULL) {
        *problem = (struct zc_problem){"client_key", "is of no use without client_cert"};
        return false;
    }
    return true;
}

static bool
judge_files(const struct zc_value values[ZC_N_ARGUMENTS], uint64_t stamps[N_STAMPS], struct zc_problem *problem)
{
    const struct zc_problem found[] = {
        {"ca_file", judge_file(&values[ZC_CA_FILE], "CERTIFICATE", &stamps[0])},
        {"ca_dir", values[ZC_CA_DIR].bytes == NULL ? NULL : zc_directory_problem(values[ZC_CA_DIR].bytes)},
        {"client_cert", judge_file(&values[ZC_CLIENT_CERT], "CERTIFICATE", &stamps[1])},
        {"client_key", judge_file(&values[ZC_CLIENT_KEY], "PRIVATE KEY", &stamps[2])},
    };
    for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
        if (found[i].text != NULL) {
            *problem = found[i];
            return false;
        }
    }
    return true;
}

/* Appends "NAME: VALUE" to the list; the value's copy is what `secrets` points into. */
static zc_status
add_header(struct zc_request *request, const char *name, const char *value)
{
    char *line = zc_wiping_malloc(strlen(name) + 2 + strlen(value) + 1);
    if (line == NULL) {
        return ZC_NO_MEMORY;
    }
    (void)stpcpy(stpcpy(stpcpy(line, name), ": "), value);
    struct curl_slist *node = &request->headers[request->n_headers];
    *node = (struct curl_slist){.data = line};
    if (request->n_headers > 0) {
        request->headers[request->n_headers - 1].next = node;
    }
    request->n_headers++;
    return ZC_OK;
}

static void
add_secret(struct zc_request *request, const char *text)
{
    if (text != NULL) {
        zc_secrets_add(&request->secrets, text, strlen(text));
    }
}

static zc_status
add_headers(struct zc_request *request, const struct zc_value values[ZC_N_ARGUMENTS])
{
    zc_status status = add_header(request, "Content-Type", "application/json");
    if (status == ZC_OK) {
        status = add_header(request, "Accept", "application/json");
    }
    for (size_t i = 0; i < sizeof(header_of) / sizeof(header_of[0]) && status == ZC_OK; i++) {
        zc_argument argument = header_of[i].argument;
        if (values[argument].bytes == NULL) {
            continue;
        }
        status = add_header(request, header_of[i].header, values[argument].bytes);
        if (status != ZC_OK) {
            break;
        }
        const char *copy = request->headers[request->n_headers - 1].data + strlen(header_of[i].header) + 2;
        if (argument == ZC_USERNAME || argument == ZC_PASSWORD) {
            add_secret(request, copy);
        }
        if (argument == ZC_ENTITY_ID || argument == ZC_ENTITY_NAME || argument == ZC_ENTITY_IDS) {
            request->entity = copy;
        }
        if (argument == ZC_AUTHORIZATION) {
            const char *token = copy + strcspn(copy, " \t"); /* behind the scheme, which is no secret */
            token += strspn(token, " \t");
            add_secret(request, *token == '\0' ? copy : token);
        }
    }
    return status;
}

static zc_status
copy_text(char **copy, const struct zc_value *value)
{
    if (value->bytes == NULL) {
        return ZC_OK;
    }
    *copy = zc_wiping_strdup(value->bytes);
    return *copy == NULL ? ZC_NO_MEMORY : ZC_OK;
}

static zc_status
copy_files(struct zc_request *request, const struct zc_value values[ZC_N_ARGUMENTS])
{
    static const struct zc_value no_password = {"", 0};
    const struct zc_value *password = &values[ZC_CLIENT_KEY_PASSWORD];
    const struct {
        char **copy;
        const struct zc_value *value;
    } texts[] = {
        {&request->ca_file, &values[ZC_CA_FILE]},
        {&request->ca_dir, &values[ZC_CA_DIR]},
        {&request->client_cert, &values[ZC_CLIENT_CERT]},
        {&request->client_key, &values[ZC_CLIENT_KEY]},
        {&request->client_key_password, password->bytes == NULL ? &no_password : password},
    };
    zc_status status = ZC_OK;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && status == ZC_OK; i++) {
        status = copy_text(texts[i].copy, texts[i].value);
    }
    return status;
}

/* FNV-1a over the texts that decide which connection is meant. */
static uint64_t
hash_route(const struct zc_request *request, const uint64_t stamps[N_STAMPS])
{
    const char *const texts[] = {request->url.login, request->proxy.url,   request->ca_file,
                                 request->ca_dir,    request->client_cert, request->client_key};
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        for (const char *at = texts[i] == NULL ? "" : texts[i]; *at != '\0'; at++) {
            hash = (hash ^ (unsigned char)*at) * 0x100000001b3U;
        }
        hash = (hash ^ 0xFF) * 0x100000001b3U;
    }
    /* libcurl keeps what it read of a bundle, and connections, by the paths: a file with other contents is another route. */
    for (size_t i = 0; i < N_STAMPS; i++) {
        hash = (hash ^ stamps[i]) * 0x100000001b3U;
    }
    return hash;
}

/* What the caller asked for, which only the sandbox gets to know; it shows it to the test. */
static zc_status
add_what_was_asked(struct zc_request *request, const struct zc_value values[ZC_N_ARGUMENTS])
{
    char *proxy = NULL;
    char process[24];
    zc_status status = zc_proxy_mask(&request->proxy, &proxy);
    (void)snprintf(process, sizeof(process), "%ld", (long)getpid());
    const struct {
        const char *header;
        const char *value;
    } asked[] = {
        {"Zuora-Connect-Process", process},
        {"Zuora-Connect-Base-Url", request->url.base},
        {"Zuora-Connect-Ca-File", values[ZC_CA_FILE].bytes},
        {"Zuora-Connect-Ca-Dir", values[ZC_CA_DIR].bytes},
        {"Zuora-Connect-Client-Cert", values[ZC_CLIENT_CERT].bytes},
        {"Zuora-Connect-Client-Key", values[ZC_CLIENT_KEY].bytes},
        {"Zuora-Connect-Proxy", proxy},
    };
    for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]) && status == ZC_OK; i++) {
        if (asked[i].value != NULL && asked[i].value[0] != '\0') {
            status = add_header(request, asked[i].header, asked[i].value);
        }
    }
    zc_wiping_free(proxy);
    return status;
}

/* Takes the URLs of `to` and gives it those that were asked for. */
static void
swap_urls(struct zc_request *request, struct zc_diversion *to)
{
    struct zc_base_url asked = request->url;
    char *base = to->login.base;
    request->url = to->login;
    request->url.base = to->follow_up.base;
    to->follow_up.base = base;
    to->login = asked;
}

/* The way of the login becomes the way to the sandbox. */
static zc_status
divert(struct zc_request *request, const struct zc_value values[ZC_N_ARGUMENTS], struct zc_diversion *to,
       uint64_t stamps[N_STAMPS])
{
    const char *unused = NULL;
    const struct zc_value own_files[ZC_N_ARGUMENTS] = {[ZC_CA_FILE] = {to->ca_file, strlen(to->ca_file)}};
    zc_status status = add_what_was_asked(request, values);
    if (status != ZC_OK) {
        return status;
    }
    if (judge_file(&own_files[ZC_CA_FILE], "CERTIFICATE", &stamps[0]) != NULL) {
        request->blocked = "the sandbox that it would go to is gone";
    }
    swap_urls(request, to);
    zc_proxy_clear(&request->proxy);
    status = zc_proxy_choose(&request->proxy, "", &request->url, &unused);
    return status == ZC_OK ? copy_files(request, own_files) : status;
}

static zc_status
fill(struct zc_request *request, const struct zc_value values[ZC_N_ARGUMENTS], struct zc_diversion *to,
     struct zc_problem *problem)
{
    uint64_t stamps[N_STAMPS] = {0};
    problem->argument = "base_url";
    zc_status status = zc_base_url_read(&request->url, values[ZC_BASE_URL].bytes, &problem->text);
    if (status == ZC_OK) {
        problem->argument = "proxy";
        status = zc_proxy_choose(&request->proxy, values[ZC_PROXY_URL].bytes, &request->url, &problem->text);
    }
    if (status == ZC_OK) {
        status = add_headers(request, values);
    }
    if (status != ZC_OK) {
        return status;
    }
    request->blocked = to->blocked;
    if (zc_diversion_is_on(to)) {
        status = divert(request, values, to, stamps);
    }
    else {
        status = judge_files(values, stamps, problem) ? copy_files(request, values) : ZC_INPUT;
    }
    add_secret(request, request->proxy.password);
    add_secret(request, request->proxy.password_decoded);
    request->route = hash_route(request, stamps);
    return status;
}

zc_status
zc_request_new(struct zc_request **out, const struct zc_value values[ZC_N_ARGUMENTS], struct zc_problem *problem)
{
    *out = NULL;
    if (!judge_values(values, problem)) {
        return ZC_INPUT;
    }
    struct zc_request *request = zc_wiping_calloc(1, sizeof(*request));
    if (request == NULL) {
        return ZC_NO_MEMORY;
    }
    struct zc_diversion to;
    zc_status status = zc_diversion_get(&to);
    if (status == ZC_OK) {
        status = fill(request, values, &to, problem);
    }
    zc_diversion_clear(&to);
    if (status != ZC_OK) {
        zc_request_free(request);
        return status;
    }
    *out = request;
    return ZC_OK;
}

void
zc_request_free(struct zc_request *request)
{
    if (request == NULL) {
        return;
    }
    for (size_t i = 0; i < request->n_headers; i++) {
        zc_wiping_free(request->headers[i].data);
    }
    zc_wiping_free(request->client_key_password);
    zc_wiping_free(request->client_key);
    zc_wiping_free(request->client_cert);
    zc_wiping_free(request->ca_dir);
    zc_wiping_free(request->ca_file);
    zc_proxy_clear(&request->proxy);
    zc_base_url_clear(&request->url);
    zc_wiping_free(request);
}
