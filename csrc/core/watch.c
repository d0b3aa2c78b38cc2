/* What is known of a login while libcurl works on it. libcurl says little by itself, so sockets, times and lines are put together here;
 * each look names what it makes up for. */
#include "core/watch.h"

#include "core/tls.h"
#include "core/wipe.h"

#include <string.h>

#define HEADERS_CAP            ((size_t)256 * 1024)
#define HEADER_LINES_CAP       5000 /* libcurl's own since 8.9 */
#define REQUEST_BODY_LEN       2    /* {} */
#define VERIFICATION_UNDER_WAY 1    /* X509_V_ERR_UNSPECIFIED */

/* Before the end of the final headers these are pieces of header lines (CURLOPT_HEADER). */
static bool
may_be_stored(struct zc_watch *w, const char *bytes, size_t len)
{
    if (len == 0) {
        return true;
    }
    bool begins_blank = !w->is_mid_line && (bytes[0] == ' ' || bytes[0] == '\t');
    w->is_misframed = begins_blank && w->lines.n == 0;
    w->is_mid_line = bytes[len - 1] != '\n';
    return !w->is_misframed;
}

static size_t
take_body(char *bytes, size_t size, size_t n, void *user)
{
    struct zc_watch *w = user;
    if (!w->is_final) {
        return may_be_stored(w, bytes, size * n) ? size * n : 0;
    }
    zc_status status = zc_buffer_append(&w->body, bytes, size * n);
    w->body_full = status == ZC_BODY_TOO_LARGE;
    return status == ZC_OK ? size * n : 0;
}

/* Not so while libcurl makes a new connection because the kept one turned out dead. */
static bool
is_sent_on_this_connection(const struct zc_watch *w)
{
    return w->was_sent && w->opened_at_send == w->sockets.n_opened;
}

/* The number after the first blank, 0 if there is none. */
static int
status_of_line(const char *line, size_t len)
{
    const char *at = memchr(line, ' ', len);
    const char *end = line + len;
    int status = 0;
    if (at == NULL) {
        return 0;
    }
    for (at++; at < end && *at >= '0' && *at <= '9' && status < 100; at++) {
        status = status * 10 + (*at - '0');
    }
    return status;
}

/* Asked here, since libcurl takes the connection from the handle as soon as the answer is complete. */
static void
note_connection(struct zc_watch *w)
{
    struct curl_tlssessioninfo *session = NULL;
    w->ssl =
        curl_easy_getinfo(w->easy, CURLINFO_TLS_SSL_PTR, &session) == CURLE_OK && session != NULL ? session->internals : NULL;
}

/* The empty line: is what follows of any use? A proxy that refuses may send a body without end, which libcurl 7.88 reads without ever
 * coming back. */
static void
end_headers(struct zc_watch *w)
{
    w->in_headers = false;
    if (!w->was_sent) {
        w->is_enough = w->http_status >= 300;
        return;
    }
    note_connection(w);
    w->is_final = w->http_status >= 200 || w->http_status == 101;
    w->is_enough = is_sent_on_this_connection(w) && (w->http_status == 101 || w->http_status / 100 == 3);
}

/* A status line can come first, and after the headers of a 1xx or of the proxy's answer; what else comes there is a trailer. */
static zc_status
keep_line(struct zc_watch *w, const char *line, size_t len)
{
    if (!w->in_headers) {
        if (len >= 5 && memcmp(line, "HTTP/", 5) == 0 && !w->is_final) {
            w->in_headers = true;
            w->http_status = status_of_line(line, len);
            zc_header_lines_reset(&w->lines);
        }
        return ZC_OK;
    }
    if (line[0] == '\r' || line[0] == '\n') {
        end_headers(w);
        return ZC_OK;
    }
    zc_status status = zc_header_lines_add(&w->lines, line, len);
    w->is_misframed = status == ZC_FRAMING;
    return status;
}

/* Sees a line of any answer: a 1xx, the proxy's to CONNECT, the final one, trailers. */
static size_t
take_header(char *line, size_t size, size_t n, void *user)
{
    struct zc_watch *w = user;
    size_t len = size * n;
    w->answered = w->answered || is_sent_on_this_connection(w);
    w->n_header_bytes += len;
    w->n_header_lines++;
    w->headers_full = w->n_header_bytes > HEADERS_CAP || w->n_header_lines > HEADER_LINES_CAP;
    if (w->headers_full || keep_line(w, line, len) != ZC_OK || w->is_enough) {
        return 0;
    }
    return len;
}

/* The body comes last. */
static bool
is_uploaded(const struct zc_watch *w)
{
    curl_off_t uploaded = 0;
    (void)curl_easy_getinfo(w->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    return uploaded >= REQUEST_BODY_LEN;
}

static curl_off_t
first_byte_time(const struct zc_watch *w)
{
    curl_off_t started = 0;
    (void)curl_easy_getinfo(w->easy, CURLINFO_STARTTRANSFER_TIME_T, &started);
    return started;
}

/* The connection stands and the request goes out now. libcurl comes here twice when a kept connection turned out dead; after the first
 * byte of an answer it must not. */
static int
note_request(void *user, char *remote_ip, char *local_ip, int remote_port, int local_port)
{
    struct zc_watch *w = user;
    (void)remote_ip;
    (void)local_ip;
    (void)remote_port;
    (void)local_port;
    if (w->answered) {
        return CURL_PREREQFUNC_ABORT;
    }
    w->was_resent = w->was_resent || w->was_sent;
    w->was_sent = true;
    w->opened_at_send = w->sockets.n_opened;
    w->closed_at_send = w->sockets.n_closed;
    w->started_at_send = first_byte_time(w);
    w->is_uploading = false;
    w->is_final = false;
    return CURL_PREREQFUNC_OK;
}

void
zc_watch_init(struct zc_watch *w)
{
    *w = (struct zc_watch){0};
    zc_buffer_init(&w->body, ZC_BODY_CAP);
    zc_header_lines_init(&w->lines, HEADERS_CAP);
}

void
zc_watch_clear(struct zc_watch *w)
{
    zc_buffer_clear(&w->body);
    zc_header_lines_clear(&w->lines);
}

struct zc_callbacks
zc_watch_callbacks(struct zc_watch *w)
{
    return (struct zc_callbacks){
        .user = w,
        .body = take_body,
        .header = take_header,
        .before_request = note_request,
        .sockets = &w->sockets,
        .error_text = w->error_text,
    };
}

void
zc_watch_begin(struct zc_watch *w, const struct zc_request *request)
{
    w->request = request;
    w->phase = ZC_PHASE_RESOLVE;
    w->was_sent = w->was_resent = w->answered = w->body_full = w->headers_full = w->is_misframed = false;
    w->failures_before = zc_wiping_failures();
    w->opened_before = w->sockets.n_opened;
}

void
zc_watch_begin_try(struct zc_watch *w)
{
    w->is_mid_line = w->in_headers = w->is_final = w->is_enough = false;
    w->http_status = 0;
    w->ssl = NULL;
    w->n_header_bytes = 0;
    w->n_header_lines = 0;
    w->error_text[0] = '\0';
}

/* A proxy's part ends when the handshake with the server begins. libcurl (7.87 to 8.23, with OpenSSL) says X509_V_ERR_UNSPECIFIED as long
 * as that is under way, and keeps what it says of an https proxy's own handshake apart. */
static bool
is_at_proxy(const struct zc_watch *w)
{
    long verify_result = 0;
    (void)curl_easy_getinfo(w->easy, CURLINFO_SSL_VERIFYRESULT, &verify_result);
    return w->request->proxy.url[0] != '\0' && verify_result != VERIFICATION_UNDER_WAY;
}

/* Where the transfer is. libcurl's own times cannot say: 7.88 sets CURLINFO_CONNECT_TIME when TLS is done, too. */
static zc_phase
find_phase(const struct zc_watch *w)
{
    if (w->answered) {
        return ZC_PHASE_READ;
    }
    if (is_sent_on_this_connection(w)) {
        return is_uploaded(w) ? ZC_PHASE_WAIT : ZC_PHASE_SEND;
    }
    if (w->sockets.n_opened == w->opened_before) {
        return ZC_PHASE_RESOLVE;
    }
    if (!zc_sockets_connected(&w->sockets)) {
        return ZC_PHASE_CONNECT;
    }
    return is_at_proxy(w) ? ZC_PHASE_PROXY : ZC_PHASE_TLS;
}

/* The header callback hears of whole lines only. libcurl sets this time when it reads the first byte, but also when it reads an orderly
 * end in its place: so it counts while the transfer runs on this connection, or when it failed in another way. And libcurl 7 sets it
 * whenever it goes on with a request that did not go out at once. */
static void
look_for_first_byte(struct zc_watch *w)
{
    if (!is_sent_on_this_connection(w) || w->closed_at_send != w->sockets.n_closed) {
        return;
    }
    bool was_uploading = w->is_uploading;
    w->is_uploading = !is_uploaded(w);
    if (was_uploading || w->is_uploading) {
        w->started_at_send = first_byte_time(w);
    }
    else if (first_byte_time(w) != w->started_at_send) {
        w->answered = true;
    }
}

/* libcurl reads on at once, so a first byte and an orderly end may come in one step. Without TLS the byte can be seen before. */
void
zc_watch_look_before(struct zc_watch *w)
{
    if (!w->answered && !w->request->url.is_https && is_sent_on_this_connection(w)) {
        w->answered = zc_sockets_have_byte(&w->sockets);
    }
}

void
zc_watch_look_after(struct zc_watch *w)
{
    look_for_first_byte(w);
    w->phase = find_phase(w);
}

bool
zc_watch_has_unread(const struct zc_watch *w)
{
    return w->request->url.is_https && zc_tls_has_unread(w->ssl);
}

zc_status
zc_watch_judge(struct zc_watch *w, CURLcode code)
{
    if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && w->is_enough && w->was_sent)) {
        w->phase = ZC_PHASE_READ;
        return w->in_headers ? ZC_CUT_SHORT : ZC_OK; /* libcurl takes headers that break off in the middle for whole ones */
    }
    if (w->is_misframed) {
        w->phase = ZC_PHASE_READ;
        return ZC_FRAMING;
    }
    w->closed_at_send = w->sockets.n_closed; /* by now libcurl has closed the connection that failed */
    if (code != CURLE_GOT_NOTHING) {
        look_for_first_byte(w);
    }
    zc_phase phase = find_phase(w);
    if (code != CURLE_OPERATION_TIMEDOUT && phase > w->phase) {
        w->phase = phase; /* of a time-out the last look knows more: libcurl has closed its sockets by now */
    }
    struct zc_evidence seen = {
        .code = (int)code,
        .phase = w->phase,
        .body_full = w->body_full,
        .headers_full = w->headers_full,
        .allocation_failed = zc_wiping_failures() != w->failures_before,
        .behind_proxy = w->request->proxy.url[0] != '\0' && w->request->proxy.no_proxy[0] == '\0',
        .message = w->error_text,
    };
    (void)curl_easy_getinfo(w->easy, CURLINFO_HTTP_CONNECTCODE, &seen.connect_code);
    if (seen.connect_code == 0 && !w->was_sent) {
        seen.connect_code = w->http_status;
    }
    (void)curl_easy_getinfo(w->easy, CURLINFO_OS_ERRNO, &seen.os_errno);
    (void)curl_easy_getinfo(w->easy, CURLINFO_SSL_VERIFYRESULT, &seen.verify_result);
    if (seen.verify_result == 0) {
        (void)curl_easy_getinfo(w->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &seen.verify_result);
    }
    return zc_status_judge(&seen);
}
