/* One login after the other against a server that misbehaves in every way: what comes out, and what is kept. */
#include "certificate.h"
#include "check.h"
#include "login.h"
#include "server.h"

#include "core/clock.h"
#include "core/library.h"
#include "core/transfer.h"
#include "core/wipe.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define SLACK_MS 2000

static struct server server;

/* One login on a fresh transfer; its phase is handed back where wanted. */
static zc_status
log_in_afresh(const char *ca_dir, int timeout_ms, zc_phase *phase)
{
    struct zc_transfer *transfer = NULL;
    struct zc_request *request = request_to(server.port, "user", ca_dir);
    zc_status status = zc_transfer_new(&transfer, 0);
    CHECK(status == ZC_OK);
    if (status == ZC_OK) {
        status = log_in(transfer, request, timeout_ms);
        if (phase != NULL) {
            *phase = zc_transfer_phase(transfer);
        }
        bool is_success = status == ZC_OK && zc_transfer_http_status(transfer) / 100 == 2;
        bool is_kept = zc_transfer_finish(transfer);
        CHECK(is_kept == is_success);
    }
    zc_transfer_free(transfer);
    zc_request_free(request);
    return status;
}

static zc_status
log_in_to(const char *answer, size_t len, enum server_then then)
{
    server_answers(&server, answer, len, then);
    return log_in_afresh(NULL, 5000, NULL);
}

struct answer {
    const char *bytes;
    enum server_then then;
    zc_status status;
};

#define OK_HEAD   "HTTP/1.1 200 OK\r\n"
#define LOGGED_IN OK_HEAD "Content-Length: 16\r\nX-Answer: first\r\n\r\n{\"success\":true}"

static const struct answer answers[] = {
    {LOGGED_IN, KEEP, ZC_OK},
    {LOGGED_IN, HANG_UP, ZC_OK},
    {OK_HEAD "Connection: close\r\n\r\n{}", HANG_UP, ZC_OK},
    {OK_HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n", KEEP, ZC_OK},
    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" LOGGED_IN, KEEP, ZC_OK},
    {"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", KEEP, ZC_OK},
    {"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Length: 2\r\n\r\n{}", KEEP, ZC_OK},
    {"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", KEEP, ZC_OK},
    {"", HANG_UP, ZC_RESET},
    {"", RESET, ZC_RESET},
    {"H", HANG_UP_LATER, ZC_CUT_SHORT},
    {"HTTP/1.1 2", HANG_UP_LATER, ZC_CUT_SHORT},
    {"HTTP/1.1 200 OK\r\n", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Content-Le", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Content-Length: 5\r\n", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Content-Length: 5\r\n\r\n", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Content-Length: 5\r\n\r\n{}", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n{}", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", HANG_UP, ZC_CUT_SHORT},
    {"HTTP/1.1 100 Continue\r\n\r\n", HANG_UP, ZC_CUT_SHORT},
    {OK_HEAD "Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n", KEEP, ZC_FRAMING},
    {OK_HEAD "Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", KEEP, ZC_ENCODED},
    {OK_HEAD "Content-Length: -5\r\n\r\n{}", KEEP, ZC_FRAMING},
    {OK_HEAD "Content-Length: 99999999999999999999\r\n\r\n{}", KEEP, ZC_BODY_TOO_LARGE},
    {OK_HEAD "Content-Length: 1048577\r\n\r\n", KEEP, ZC_BODY_TOO_LARGE},
    {"SSH-2.0-OpenSSH_9.2\r\n", KEEP, ZC_NOT_HTTP},
    {"220 mail.example ESMTP\r\n", HANG_UP, ZC_NOT_HTTP},
};

static void
every_answer_has_its_outcome(void)
{
    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        int n_before = server_logins(&server);
        zc_status status = log_in_to(answers[i].bytes, strlen(answers[i].bytes), answers[i].then);
        if (!CHECK_ROW(status == answers[i].status, answers[i].bytes)) {
            (void)fprintf(stderr, "    came out as %d\n", (int)status);
        }
        CHECK_ROW(server_logins(&server) == n_before + 1, answers[i].bytes);
    }
}

/* A head, then `n` times a piece. */
static zc_status
log_in_to_much(const char *head, size_t n, const char *piece, const char *end)
{
    size_t head_len = strlen(head);
    size_t piece_len = strlen(piece);
    size_t len = head_len + n * piece_len + strlen(end);
    char *bytes = malloc(len);
    if (!CHECK(bytes != NULL)) {
        return ZC_NO_MEMORY;
    }
    memcpy(bytes, head, head_len);
    for (size_t i = 0; i < n; i++) {
        memcpy(bytes + head_len + i * piece_len, piece, piece_len);
    }
    memcpy(bytes + head_len + n * piece_len, end, strlen(end));
    zc_status status = log_in_to(bytes, len, HANG_UP);
    server_answers(&server, NULL, 0, KEEP);
    free(bytes);
    return status;
}

static void
body_and_headers_have_their_caps(void)
{
    char kib[1025];
    char line[1025];
    memset(kib, 'x', 1024);
    memset(line, 'x', 1024);
    memcpy(line, "X-A: ", 5);
    memcpy(line + 1022, "\r\n", 2);
    kib[1024] = line[1024] = '\0';
    CHECK(log_in_to_much(OK_HEAD "Content-Length: 1048576\r\n\r\n", 1024, kib, "") == ZC_OK);
    CHECK(log_in_to_much(OK_HEAD "Connection: close\r\n\r\n", 1024, kib, "") == ZC_OK);
    CHECK(log_in_to_much(OK_HEAD "Connection: close\r\n\r\n", 1024, kib, "x") == ZC_BODY_TOO_LARGE);
    CHECK(log_in_to_much(OK_HEAD "Transfer-Encoding: chunked\r\n\r\n100001\r\n", 1024, kib, "x\r\n0\r\n\r\n") ==
          ZC_BODY_TOO_LARGE);
    CHECK(log_in_to_much(OK_HEAD, 250, line, "Content-Length: 2\r\n\r\n{}") == ZC_OK);
    CHECK(log_in_to_much(OK_HEAD, 257, line, "Content-Length: 2\r\n\r\n{}") == ZC_HEADERS_TOO_LARGE);
    CHECK(log_in_to_much(OK_HEAD "X-Long: ", 300, kib, "\r\n\r\n{}") == ZC_HEADERS_TOO_LARGE);
    CHECK(log_in_to_much(OK_HEAD, 4000, "A: b\r\n", "Content-Length: 2\r\n\r\n{}") == ZC_OK);
    CHECK(log_in_to_much(OK_HEAD, 5001, "A: b\r\n", "Content-Length: 2\r\n\r\n{}") == ZC_HEADERS_TOO_LARGE);
    CHECK(log_in_to_much("", 300, "HTTP/1.1 100 Continue\r\nX: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n\r\n", LOGGED_IN) ==
          ZC_OK);
    CHECK(log_in_to_much("", 20000, "HTTP/1.1 100 Continue\r\n\r\n", LOGGED_IN) == ZC_HEADERS_TOO_LARGE);
}

static void
headers_and_body_are_those_of_the_last_answer(void)
{
    static const char answer[] = "HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n" LOGGED_IN;
    struct zc_transfer *transfer = NULL;
    struct zc_request *request = request_to(server.port, "user", NULL);
    server_answers(&server, answer, sizeof(answer) - 1, KEEP);
    CHECK(zc_transfer_new(&transfer, 0) == ZC_OK && log_in(transfer, request, 5000) == ZC_OK);
    size_t n = 0;
    (void)zc_transfer_headers(transfer, &n);
    CHECK(zc_transfer_http_status(transfer) == 200 && n == 2 && was_answered(transfer, "first"));
    const struct zc_buffer *body = zc_transfer_body(transfer);
    CHECK(body->len == 16 && strcmp(body->bytes, "{\"success\":true}") == 0);
    CHECK(zc_transfer_finish(transfer) && body->bytes == NULL);
    (void)zc_transfer_headers(transfer, &n);
    CHECK(n == 0);
    CHECK(server_was_told(&server, "POST /v1/connections HTTP/1.1\r\n") && !server_was_told(&server, "Expect"));
    CHECK(server_was_told(&server, "\r\napiAccessKeyId: user\r\napiSecretAccessKey: secret\r\n"));
    zc_transfer_free(transfer);
    zc_request_free(request);
}

static bool
ends_in_time(const char *ca_dir, zc_phase expected)
{
    zc_phase phase = ZC_PHASE_RESOLVE;
    int64_t began = zc_clock_ms();
    bool timed_out = log_in_afresh(ca_dir, 200, &phase) == ZC_TIMEOUT;
    int64_t took = zc_clock_ms() - began;
    return timed_out && phase == expected && took >= 200 && took < 200 + SLACK_MS;
}

static void
silence_ends_with_the_deadline(void)
{
    server_answers(&server, "", 0, KEEP);
    CHECK(ends_in_time(NULL, ZC_PHASE_WAIT));
    CHECK(ends_in_time("hashed", ZC_PHASE_TLS));
    server_answers(&server, "HTTP/1.1 200 OK\r\n", 17, KEEP);
    CHECK(ends_in_time(NULL, ZC_PHASE_READ));
    server_answers(&server, OK_HEAD "\r\n{", sizeof(OK_HEAD) + 2, KEEP);
    CHECK(ends_in_time(NULL, ZC_PHASE_READ));
}

static void
a_closed_port_is_refused(void)
{
    int port = 0;
    CHECK(close(listen_somewhere(&port)) == 0);
    struct zc_transfer *transfer = NULL;
    struct zc_request *request = request_to(port, "user", NULL);
    CHECK(zc_transfer_new(&transfer, 0) == ZC_OK && log_in(transfer, request, 5000) == ZC_REFUSED);
    CHECK(zc_transfer_phase(transfer) == ZC_PHASE_CONNECT && !zc_transfer_was_sent(transfer));
    CHECK(!zc_transfer_finish(transfer));
    zc_transfer_free(transfer);
    zc_request_free(request);
}

static void
what_is_no_handshake_is_a_tls_fault_and_an_end_in_it_a_reset(void)
{
    server_hurries(&server, true);
    server_answers(&server, "HTTP/1.1 400 Bad Request\r\n\r\n", 28, KEEP);
    CHECK(log_in_afresh("hashed", 5000, NULL) == ZC_TLS);
    server_answers(&server, "", 0, HANG_UP);
    CHECK(log_in_afresh("hashed", 5000, NULL) == ZC_RESET);
    server_answers(&server, "", 0, RESET);
    CHECK(log_in_afresh("hashed", 5000, NULL) == ZC_RESET);
    server_hurries(&server, false);
}

/* A process without a descriptor to spare finds no store. */
static void
without_a_store_nothing_is_sent(void)
{
    struct rlimit limit;
    struct zc_transfer *transfer = NULL;
    struct zc_request *request = request_to(server.port, "user", "hashed");
    int n_before = server_connections(&server);
    zc_wiping_free(request->ca_dir);
    request->ca_dir = NULL;
    CHECK(zc_transfer_new(&transfer, 0) == ZC_OK && getrlimit(RLIMIT_NOFILE, &limit) == 0);
    const struct rlimit none = {0, limit.rlim_max};
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    zc_status status = log_in(transfer, request, 5000);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(status == ZC_TLS_NO_STORE && !zc_transfer_finish(transfer) && server_connections(&server) == n_before);
    zc_transfer_free(transfer);
    zc_request_free(request);
}

int
main(void)
{
    static const char certificate[] = PEM_BLOCK("CERTIFICATE");
    int fd = mkdir("hashed", 0700) == 0 ? open("hashed/0123abcd.0", O_WRONLY | O_CREAT, 0600) : -1;
    CHECK(write(fd, certificate, sizeof(certificate) - 1) == sizeof(certificate) - 1 && close(fd) == 0);
    CHECK(zc_library_init() == ZC_OK);
    server_start(&server);
    every_answer_has_its_outcome();
    body_and_headers_have_their_caps();
    headers_and_body_are_those_of_the_last_answer();
    silence_ends_with_the_deadline();
    a_closed_port_is_refused();
    what_is_no_handshake_is_a_tls_fault_and_an_end_in_it_a_reset();
    without_a_store_nothing_is_sent();
    server_stop(&server);
    return check_done();
}
