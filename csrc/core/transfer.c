/* One libcurl handle and what it carries, driven by curl_multi even though it is one call: so the wait is cut into ticks. */
#include "core/transfer.h"

#include "core/buffer.h"
#include "core/clock.h"
#include "core/gate.h"
#include "core/options.h"
#include "core/secret.h"
#include "core/sockets.h"
#include "core/trust.h"

#include <curl/curl.h>
#include <string.h>

#define HEADERS_CAP      ((size_t)256 * 1024)
#define HEADER_LINES_CAP 5000 /* libcurl's own since 8.9; its walk over the lines takes the square of their number */
#define BODY_LEN         2    /* of the request: {} */

struct zc_transfer {
    CURL *easy;
    CURLM *multi;
    struct zc_sockets sockets;
    struct zc_buffer body;
    struct zc_header *headers; /* borrow from the easy handle */
    size_t n_headers;
    size_t headers_room;
    char error_text[CURL_ERROR_SIZE];

    /* this login */
    const struct zc_request *request;
    struct zc_trust *trust;
    size_t n_stores_tried;
    int64_t deadline;              /* on zc_clock_ms, as the next */
    int64_t connect_deadline;      /* of this try */
    unsigned long failures_before; /* of the allocator */
    unsigned long opened_before;   /* sockets, before this login */
    unsigned long sent_on;         /* sockets ever opened when the request last went out */
    unsigned long closed_before;   /* sockets, at that moment */
    curl_off_t started_before;     /* CURLINFO_STARTTRANSFER_TIME_T at that moment */
    size_t header_bytes;
    size_t header_lines;
    bool is_running; /* the easy handle is in the multi handle */
    bool was_sent;
    bool answered; /* a first byte of an answer came */
    bool tls_began;
    bool body_full;
    bool headers_full;
    bool headers_ended; /* an empty line came after the last status line */
    zc_phase phase;

    /* between logins */
    curl_socket_t kept; /* the connection kept open, or CURL_SOCKET_BAD */
    size_t good_store;  /* which store knew the server of `route` */
    uint64_t route;
    int64_t idle_since;
    bool is_broken;
    bool is_worn; /* libcurl 7.88 counts its retries over a handle's whole life, and gives up at the sixth */
    bool is_abandoned;
};

static size_t
take_body(char *bytes, size_t size, size_t n, void *user)
{
    struct zc_transfer *t = user;
    zc_status status = zc_buffer_append(&t->body, bytes, size * n);
    t->body_full = status == ZC_BODY_TOO_LARGE;
    return status == ZC_OK ? size * n : 0;
}

/* Sees a line of any answer: a 1xx, the proxy's to CONNECT, the final one, trailers. libcurl takes headers that break off in the
 * middle for whole ones, so their end is looked for here. */
static size_t
take_header(char *bytes, size_t size, size_t n, void *user)
{
    struct zc_transfer *t = user;
    if (n >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        t->headers_ended = false;
    }
    else if (bytes[0] == '\r' || bytes[0] == '\n') {
        t->headers_ended = true;
    }
    t->answered = t->answered || t->was_sent;
    t->header_bytes += size * n;
    t->header_lines++;
    t->headers_full = t->header_bytes > HEADERS_CAP || t->header_lines > HEADER_LINES_CAP;
    return t->headers_full ? 0 : size * n;
}

static curl_off_t
first_byte_time(const struct zc_transfer *t)
{
    curl_off_t started = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &started);
    return started;
}

/* The connection stands and the request goes out now. libcurl comes here twice when a kept connection turned out dead; after the first
 * byte of an answer it must not. */
static int
note_request(void *user, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    struct zc_transfer *t = user;
    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    if (t->answered) {
        return CURL_PREREQFUNC_ABORT;
    }
    t->is_worn = t->is_worn || t->was_sent;
    t->was_sent = true;
    t->sent_on = t->sockets.n_opened;
    t->closed_before = t->sockets.n_closed;
    t->started_before = first_byte_time(t);
    return CURL_PREREQFUNC_OK;
}

/* Not so while libcurl makes a new connection because the kept one turned out dead. */
static bool
is_sent_on_this_connection(const struct zc_transfer *t)
{
    return t->was_sent && t->sent_on == t->sockets.n_opened;
}

static int
note_tls(CURL *easy, curl_infotype type, char *bytes, size_t len, void *user)
{
    struct zc_transfer *t = user;
    (void)easy;
    (void)bytes;
    (void)len;
    t->tls_began = t->tls_began || type == CURLINFO_SSL_DATA_OUT;
    return 0;
}

static zc_status
make_handles(struct zc_transfer *t)
{
    t->easy = curl_easy_init();
    t->multi = curl_multi_init();
    if (t->easy == NULL || t->multi == NULL) {
        return ZC_NO_MEMORY;
    }
    if (curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        return ZC_INTERNAL;
    }
    const struct zc_callbacks callbacks = {
        .user = t,
        .body = take_body,
        .header = take_header,
        .before_request = note_request,
        .debug = note_tls,
        .sockets = &t->sockets,
        .error_text = t->error_text,
    };
    return zc_options_set_always(t->easy, &callbacks);
}

zc_status
zc_transfer_new(struct zc_transfer **out)
{
    struct zc_transfer *t = zc_wiping_calloc(1, sizeof(*t));
    *out = t;
    if (t == NULL) {
        return ZC_NO_MEMORY;
    }
    zc_buffer_init(&t->body, ZC_BODY_CAP);
    t->kept = CURL_SOCKET_BAD;
    zc_gate_enter();
    zc_status status = make_handles(t);
    zc_gate_leave();
    if (status != ZC_OK) {
        zc_transfer_free(t);
        *out = NULL;
    }
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
    zc_gate_enter();
    stop_running(t);
    curl_easy_cleanup(t->easy);
    (void)curl_multi_cleanup(t->multi);
    zc_gate_leave();
    zc_trust_release(t->trust);
    zc_buffer_clear(&t->body);
    zc_wiping_free(t->headers);
    zc_wiping_free(t);
}

static const struct zc_store *
current_store(const struct zc_transfer *t)
{
    if (t->trust->n_stores == 0) {
        return NULL;
    }
    return &t->trust->stores[(t->good_store + t->n_stores_tried) % t->trust->n_stores];
}

/* Sends the handle off with the next store. */
static zc_status
start_try(struct zc_transfer *t, int64_t connect_timeout_ms)
{
    int64_t now = zc_clock_ms();
    int64_t left = t->deadline - now;
    if (left <= 0) {
        return ZC_TIMEOUT;
    }
    int64_t connect_left = connect_timeout_ms < left ? connect_timeout_ms : left;
    bool fresh = !zc_sockets_quiet(&t->sockets, t->kept);
    t->connect_deadline = now + connect_left;
    t->tls_began = false;
    t->header_bytes = 0;
    t->header_lines = 0;
    t->error_text[0] = '\0';
    zc_status status = zc_options_set_try(t->easy, current_store(t), (long)left, (long)connect_left, fresh);
    if (status == ZC_OK) {
        CURLMcode code = curl_multi_add_handle(t->multi, t->easy);
        status = code == CURLM_OK ? ZC_PENDING : code == CURLM_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
        t->is_running = status == ZC_PENDING;
    }
    return status;
}

static zc_status
choose_trust(struct zc_transfer *t, const struct zc_request *request, const char *last_resort)
{
    struct zc_trust *trust = NULL;
    zc_status status = ZC_OK;
    if (!request->url.is_https || last_resort != NULL) {
        status = zc_trust_from(&trust, NULL, last_resort);
    }
    else if (request->ca_dir != NULL || request->ca_file != NULL) {
        status = zc_trust_from(&trust, request->ca_dir, request->ca_file);
    }
    else {
        status = zc_trust_find(&trust);
    }
    if (status != ZC_OK) {
        return status;
    }
    if (request->route != t->route || t->trust == NULL || t->trust->n_stores != trust->n_stores) {
        t->good_store = 0;
    }
    zc_trust_release(t->trust);
    t->trust = trust;
    t->n_stores_tried = 0;
    return request->url.is_https && trust->n_stores == 0 ? ZC_TLS_NO_STORE : ZC_OK;
}

zc_status
zc_transfer_start(struct zc_transfer *t, const struct zc_request *request, const char *last_resort, int64_t timeout_ms,
                  int64_t connect_timeout_ms)
{
    t->request = request;
    t->deadline = zc_clock_ms() + timeout_ms;
    t->failures_before = zc_wiping_failures();
    t->opened_before = t->sockets.n_opened;
    t->was_sent = t->answered = t->body_full = t->headers_full = false;
    t->phase = ZC_PHASE_RESOLVE;
    zc_status status = choose_trust(t, request, last_resort);
    if (status != ZC_OK) {
        return status;
    }
    t->route = request->route;
    zc_gate_enter();
    status = zc_options_set_request(t->easy, request);
    if (status == ZC_OK) {
        status = start_try(t, connect_timeout_ms);
    }
    zc_gate_leave();
    return status == ZC_PENDING ? ZC_OK : status;
}

/* An https proxy's own handshake comes before its tunnel; other proxies let the first TLS byte through when they are done. */
static bool
is_at_proxy(const struct zc_transfer *t)
{
    const struct zc_proxy *proxy = &t->request->proxy;
    if (proxy->url[0] == '\0') {
        return false;
    }
    long connect_code = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &connect_code);
    return proxy->speaks_tls ? connect_code / 100 != 2 : !t->tls_began;
}

/* Where the transfer is. libcurl's own times cannot say: 7.88 sets CURLINFO_CONNECT_TIME when TLS is done, too. */
static zc_phase
find_phase(const struct zc_transfer *t)
{
    if (t->answered) {
        return ZC_PHASE_READ;
    }
    if (is_sent_on_this_connection(t)) {
        curl_off_t uploaded = 0;
        (void)curl_easy_getinfo(t->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
        return uploaded < BODY_LEN ? ZC_PHASE_SEND : ZC_PHASE_WAIT;
    }
    if (t->sockets.n_opened == t->opened_before) {
        return ZC_PHASE_RESOLVE;
    }
    if (!zc_sockets_connected(&t->sockets)) {
        return ZC_PHASE_CONNECT;
    }
    return is_at_proxy(t) ? ZC_PHASE_PROXY : ZC_PHASE_TLS;
}

/* The header callback hears of whole lines only. libcurl sets this time when it reads the first byte, but also when it reads an orderly
 * end in its place: so it counts while the transfer runs on this connection, or when it failed in another way. */
static void
look_for_first_byte(struct zc_transfer *t)
{
    if (is_sent_on_this_connection(t) && t->closed_before == t->sockets.n_closed && first_byte_time(t) != t->started_before) {
        t->answered = true;
    }
}

/* libcurl reads on at once, so a first byte and an orderly end may come in one step. Without TLS the byte can be seen before. */
static void
look_ahead(struct zc_transfer *t)
{
    if (!t->answered && !t->request->url.is_https && is_sent_on_this_connection(t)) {
        t->answered = zc_sockets_have_byte(&t->sockets);
    }
}

static zc_status
judge_failure(struct zc_transfer *t, CURLcode code)
{
    t->closed_before = t->sockets.n_closed; /* by now libcurl has closed the connection that failed */
    if (code != CURLE_GOT_NOTHING) {
        look_for_first_byte(t);
    }
    struct zc_evidence seen = {
        .code = (int)code,
        .phase = find_phase(t) > t->phase ? find_phase(t) : t->phase,
        .body_full = t->body_full,
        .headers_full = t->headers_full,
        .allocation_failed = zc_wiping_failures() != t->failures_before,
        .message = t->error_text,
    };
    (void)curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &seen.connect_code);
    (void)curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &seen.os_errno);
    (void)curl_easy_getinfo(t->easy, CURLINFO_SSL_VERIFYRESULT, &seen.verify_result);
    if (seen.verify_result == 0) {
        (void)curl_easy_getinfo(t->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &seen.verify_result);
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        seen.phase = t->phase; /* libcurl has closed its sockets by now: the last look counts */
    }
    t->phase = seen.phase;
    return zc_status_judge(&seen);
}

/* Takes the final answer's header lines; not those of a proxy, a 1xx or trailers. */
static zc_status
collect_headers(struct zc_transfer *t)
{
    struct curl_header *line = NULL;
    t->n_headers = 0;
    while ((line = curl_easy_nextheader(t->easy, CURLH_HEADER, -1, line)) != NULL) {
        if (t->n_headers == t->headers_room) {
            size_t room = t->headers_room == 0 ? 32 : t->headers_room * 2;
            struct zc_header *headers = zc_wiping_realloc(t->headers, room * sizeof(*headers));
            if (headers == NULL) {
                return ZC_NO_MEMORY;
            }
            t->headers = headers;
            t->headers_room = room;
        }
        t->headers[t->n_headers++] = (struct zc_header){line->name, line->value};
    }
    return ZC_OK;
}

/* The socket must be asked for before the handle leaves the multi handle. */
static zc_status
end_well(struct zc_transfer *t)
{
    t->kept = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &t->kept);
    t->good_store = t->trust->n_stores == 0 ? 0 : (t->good_store + t->n_stores_tried) % t->trust->n_stores;
    t->n_stores_tried = 0;
    t->phase = ZC_PHASE_READ;
    return t->headers_ended ? collect_headers(t) : ZC_CUT_SHORT;
}

static zc_status
end_try(struct zc_transfer *t, CURLcode code)
{
    if (code == CURLE_OK) {
        return end_well(t);
    }
    zc_status status = judge_failure(t, code);
    stop_running(t);
    if (status == ZC_TLS_ISSUER && !t->was_sent && t->n_stores_tried + 1 < t->trust->n_stores) {
        t->n_stores_tried++;
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
        look_ahead(t);
        int n_running = 0;
        CURLMcode code = curl_multi_perform(t->multi, &n_running);
        if (code != CURLM_OK) {
            return code == CURLM_OUT_OF_MEMORY ? ZC_NO_MEMORY : ZC_INTERNAL;
        }
        if (n_running > 0) {
            look_for_first_byte(t);
            t->phase = find_phase(t);
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
        if (status != ZC_PENDING) {
            return status;
        }
        int64_t now = zc_clock_ms();
        int64_t end = t->phase < ZC_PHASE_SEND && t->connect_deadline < t->deadline ? t->connect_deadline : t->deadline;
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

bool
zc_transfer_finish(struct zc_transfer *t)
{
    if (t->is_abandoned) {
        return false;
    }
    bool got_answer = t->is_running && t->phase == ZC_PHASE_READ && t->n_headers > 0;
    zc_gate_enter();
    stop_running(t);
    zc_options_forget_request(t->easy);
    zc_gate_leave();
    zc_buffer_clear(&t->body);
    t->n_headers = 0;
    t->request = NULL;
    t->idle_since = zc_clock_ms();
    size_t n_kept = t->kept == CURL_SOCKET_BAD ? 0 : 1;
    return got_answer && !t->is_broken && !t->is_worn && t->sockets.n_open == n_kept;
}

long
zc_transfer_http_status(const struct zc_transfer *t)
{
    long status = 0;
    (void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

const struct zc_header *
zc_transfer_headers(const struct zc_transfer *t, size_t *n)
{
    *n = t->n_headers;
    return t->headers;
}

struct zc_buffer *
zc_transfer_body(struct zc_transfer *t)
{
    return &t->body;
}

zc_phase
zc_transfer_phase(const struct zc_transfer *t)
{
    return t->phase;
}

bool
zc_transfer_was_sent(const struct zc_transfer *t)
{
    return t->was_sent;
}

const char *
zc_transfer_message(const struct zc_transfer *t)
{
    return t->error_text;
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
    zc_sockets_abandon(&t->sockets);
    t->is_abandoned = true;
}
