/* One libcurl handle and what it carries, driven by curl_multi even though it is one call: so the wait is cut into ticks. */
#include "core/transfer.h"

#include "core/clock.h"
#include "core/curl_version.h"
#include "core/gate.h"
#include "core/options.h"
#include "core/registers.h"
#include "core/stores.h"
#include "core/watch.h"
#include "core/wipe.h"

#include <curl/curl.h>

/* CURLMOPT_QUICK_EXIT of libcurl 8.20, whose resolver threads belong to the multi handle; older ones do not know it, and obey
 * CURLOPT_QUICK_EXIT. */
#define MULTI_QUICK_EXIT ((CURLMoption)21)

/* libcurl since 8.7 keeps the bytes of the last request in the easy handle, out of reach: there every login gets a new one, and what is
 * worth keeping lies in the other two. */
#define KEEPS_THE_REQUEST 0x080700

struct zc_transfer {
    CURL *easy;
    CURLM *multi;  /* connection and CA cache */
    CURLSH *share; /* TLS sessions, where the easy handle is not kept */
    struct zc_watch watch;
    const struct zc_header *headers; /* borrowed from the watch */
    struct zc_parsed_url url;
    struct zc_stores stores;

    /* this login */
    int64_t deadline;         /* on zc_clock_ms, as the next */
    int64_t connect_deadline; /* of this try */
    bool is_running;          /* the easy handle is in the multi handle */

    /* between logins */
    curl_socket_t kept; /* the connection kept open, or CURL_SOCKET_BAD */
    uint64_t route;     /* of all its logins */
    int64_t idle_since;
    unsigned int libcurl; /* its version_num, which takes long to be told */
    bool is_broken;
    bool is_abandoned;
};

static bool
keeps_easy(const struct zc_transfer *t)
{
    return t->libcurl < KEEPS_THE_REQUEST;
}

static zc_status
make_easy(struct zc_transfer *t)
{
    t->easy = curl_easy_init();
    if (t->easy == NULL) {
        return ZC_NO_MEMORY;
    }
    t->watch.easy = t->easy;
    const struct zc_callbacks callbacks = zc_watch_callbacks(&t->watch);
    return zc_options_set_always(t->easy, &callbacks, t->share, t->libcurl);
}

static zc_status
make_handles(struct zc_transfer *t)
{
    zc_watch_init(&t->watch);
    t->multi = curl_multi_init();
    if (t->multi == NULL) {
        return ZC_NO_MEMORY;
    }
    if (curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        return ZC_INTERNAL;
    }
    (void)curl_multi_setopt(t->multi, MULTI_QUICK_EXIT, 1L);
    t->libcurl = zc_curl_version()->version_num;
    if (keeps_easy(t)) {
        return make_easy(t);
    }
    t->share = curl_share_init();
    bool is_shared = t->share != NULL && curl_share_setopt(t->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK;
    return is_shared ? ZC_OK : ZC_NO_MEMORY;
}

zc_status
zc_transfer_new(struct zc_transfer **out, uint64_t route)
{
    struct zc_transfer *t = zc_wiping_calloc(1, sizeof(*t));
    *out = t;
    if (t == NULL) {
        return ZC_NO_MEMORY;
    }
    t->kept = CURL_SOCKET_BAD;
    t->route = route;
    zc_gate_enter();
    zc_status status = make_handles(t);
    if (status != ZC_OK) {
        zc_transfer_free(t);
        *out = NULL;
    }
    zc_gate_leave();
    return status;
}

/* Out of the multi handle: what is still under way is broken off. */
static void
stop_running(struct zc_transfer *t)
{
    if (t->is_running) {
        t->is_running = false;
        t->is_broken = curl_multi_remove_handle(t->multi, t->easy) != CURLM_OK || t->is_broken;
    }
}

void
zc_transfer_free(struct zc_transfer *t)
{
    if (t == NULL || t->is_abandoned) {
        return;
    }
    stop_running(t);
    curl_easy_cleanup(t->easy);
    (void)curl_multi_cleanup(t->multi);
    (void)curl_share_cleanup(t->share);
    zc_parsed_url_clear(&t->url);
    zc_stores_clear(&t->stores);
    zc_watch_clear(&t->watch);
    zc_wiping_free(t);
}

/* Sends the handle off with the current store. */
static zc_status
start_try(struct zc_transfer *t, int64_t connect_timeout_ms)
{
    int64_t now = zc_clock_ms();
    int64_t left = t->deadline - now;
    if (left <= 0 || connect_timeout_ms <= 0) {
        return ZC_TIMEOUT;
    }
    int64_t connect_left = connect_timeout_ms < left ? connect_timeout_ms : left;
    bool fresh = !zc_sockets_quiet(&t->watch.sockets, t->kept);
    t->connect_deadline = now + connect_left;
    zc_watch_begin_try(&t->watch);
    zc_status status = zc_options_set_try(t->easy, zc_stores_current(&t->stores), (long)left, (long)connect_left, fresh);
    if (status == ZC_OK) {
        CURLMcode code = curl_multi_add_handle(t->multi, t->easy);
        status = code == CURLM_OK ? ZC_PENDING : code == CURLM_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
        t->is_running = status == ZC_PENDING;
    }
    return status;
}

zc_status
zc_transfer_start(struct zc_transfer *t, const struct zc_request *request, const char *last_resort, int64_t timeout_ms,
                  int64_t connect_timeout_ms)
{
    t->deadline = zc_clock_ms() + timeout_ms;
    zc_watch_begin(&t->watch, request);
    zc_status status = zc_stores_begin(&t->stores, request, last_resort);
    if (status != ZC_OK) {
        return status;
    }
    zc_gate_enter();
    status = t->easy == NULL ? make_easy(t) : ZC_OK;
    if (status == ZC_OK) {
        status = zc_parsed_url_read(&t->url, request->url.login);
    }
    if (status == ZC_OK) {
        status = zc_options_set_request(t->easy, t->url.handle, request);
    }
    if (status == ZC_OK) {
        status = start_try(t, connect_timeout_ms);
    }
    zc_gate_leave();
    return status == ZC_PENDING ? ZC_OK : status;
}

/* The socket must be asked for before the handle leaves the multi handle. */
static zc_status
end_well(struct zc_transfer *t)
{
    t->kept = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &t->kept);
    t->is_broken = t->is_broken || (t->kept != CURL_SOCKET_BAD && zc_watch_has_unread(&t->watch));
    zc_stores_settle(&t->stores);
    return zc_header_lines_read(&t->watch.lines, &t->headers);
}

static zc_status
end_try(struct zc_transfer *t, CURLcode code)
{
    zc_status status = zc_watch_judge(&t->watch, code);
    if (status == ZC_OK) {
        return end_well(t);
    }
    stop_running(t);
    if (status == ZC_TLS_ISSUER && !t->watch.was_sent && zc_stores_next(&t->stores)) {
        return start_try(t, t->connect_deadline - zc_clock_ms());
    }
    return status;
}

static CURLcode
read_result(struct zc_transfer *t)
{
    int n_queued = 0;
    const CURLMsg *message;
    while ((message = curl_multi_info_read(t->multi, &n_queued)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            return message->data.result;
        }
    }
    return CURLE_FAILED_INIT;
}

/* Lets libcurl do what it can without waiting. */
static zc_status
perform(struct zc_transfer *t)
{
    zc_status status;
    do {
        zc_watch_look_before(&t->watch);
        int n_running = 0;
        CURLMcode code = curl_multi_perform(t->multi, &n_running);
        if (code != CURLM_OK) {
            return code == CURLM_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
        }
        if (n_running > 0) {
            zc_watch_look_after(&t->watch);
            return ZC_PENDING;
        }
        status = end_try(t, read_result(t));
    } while (status == ZC_PENDING);
    return status;
}

zc_status
zc_transfer_step_nogil(struct zc_transfer *t, int tick_ms)
{
    int64_t tick_end = zc_clock_ms() + tick_ms;
    while (!t->is_abandoned) {
        zc_gate_enter();
        zc_status status = perform(t);
        zc_gate_leave();
        zc_registers_wipe();
        if (status != ZC_PENDING) {
            return status;
        }
        int64_t now = zc_clock_ms();
        int64_t end = t->watch.phase < ZC_PHASE_SEND && t->connect_deadline < t->deadline ? t->connect_deadline : t->deadline;
        if (now >= end) {
            return ZC_TIMEOUT;
        }
        if (now >= tick_end) {
            return ZC_PENDING;
        }
        int64_t wait_ms = (end < tick_end ? end : tick_end) - now;
        CURLMcode code = curl_multi_poll(t->multi, NULL, 0, (int)wait_ms, NULL);
        if (code != CURLM_OK) {
            return code == CURLM_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
        }
    }
    return ZC_FORKED;
}

/* Says goodbye without waiting for the server's, for which libcurl 8.10 would leave a connection open for up to two seconds. Returns
 * whether nothing is open then but the kept connection. */
static bool
hang_up(struct zc_transfer *t)
{
    size_t n_kept = t->kept == CURL_SOCKET_BAD ? 0 : 1;
    if (t->watch.sockets.n_open > n_kept) {
        int n_running = 0;
        zc_sockets_hang_up(&t->watch.sockets, t->kept);
        (void)curl_multi_perform(t->multi, &n_running);
    }
    return t->watch.sockets.n_open == n_kept;
}

bool
zc_transfer_finish(struct zc_transfer *t)
{
    if (t->is_abandoned) {
        return false;
    }
    /* What is no success may have been on its way when the request went out, as a late 408 is: what the server says to the request would
     * follow on this connection. */
    bool got_answer = t->headers != NULL && zc_transfer_http_status(t) / 100 == 2;
    /* libcurl does not look at the key's password before it uses a connection again. */
    bool fits_the_next = got_answer && t->watch.request->client_key_password[0] == '\0';
    zc_gate_enter();
    stop_running(t);
    if (keeps_easy(t)) {
        zc_options_forget_request(t->easy);
    }
    else {
        curl_easy_cleanup(t->easy);
        t->easy = NULL;
    }
    bool is_clean = hang_up(t);
    zc_gate_leave();
    zc_watch_clear(&t->watch);
    t->headers = NULL;
    t->idle_since = zc_clock_ms();
    /* libcurl 7.88 counts its new connections for dead ones over a handle's whole life, and gives up at the sixth. */
    return fits_the_next && !t->is_broken && !t->watch.was_resent && is_clean;
}

long
zc_transfer_http_status(const struct zc_transfer *t)
{
    long status = 0;
    if (t->easy != NULL) {
        (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    }
    return status;
}

const struct zc_header *
zc_transfer_headers(const struct zc_transfer *t, size_t *n)
{
    *n = t->watch.lines.n;
    return t->headers;
}

struct zc_buffer *
zc_transfer_body(struct zc_transfer *t)
{
    return &t->watch.body;
}

zc_phase
zc_transfer_phase(const struct zc_transfer *t)
{
    return t->watch.phase;
}

bool
zc_transfer_was_sent(const struct zc_transfer *t)
{
    return t->watch.was_sent;
}

const char *
zc_transfer_message(const struct zc_transfer *t)
{
    return t->watch.error_text;
}

uint64_t
zc_transfer_route(const struct zc_transfer *t)
{
    return t->route;
}

int64_t
zc_transfer_idle_since(const struct zc_transfer *t)
{
    return t->idle_since;
}

void
zc_transfer_abandon(struct zc_transfer *t)
{
    zc_sockets_abandon(&t->watch.sockets);
    t->is_abandoned = true;
}
