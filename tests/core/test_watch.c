/* The callbacks, called by hand as libcurl calls them: which lines and bytes are kept, which caps end it, and where it stands. */
#include "check.h"
#include "failing.h"
#include "login.h"
#include "server.h"

#include "core/library.h"
#include "core/watch.h"

#include <stdlib.h>

#define HEADERS_CAP      (256 * 1024)
#define HEADER_LINES_CAP 5000

static CURL *easy;
static struct zc_watch watch;
static struct zc_callbacks callbacks;
static struct zc_request *direct; /* plain http */

static void
begin(const struct zc_request *request)
{
    easy = curl_easy_init();
    CHECK(easy != NULL);
    zc_watch_init(&watch);
    watch.easy = easy;
    callbacks = zc_watch_callbacks(&watch);
    zc_watch_begin(&watch, request);
    zc_watch_begin_try(&watch);
}

static void
end(void)
{
    zc_sockets_abandon(&watch.sockets);
    zc_watch_clear(&watch);
    curl_easy_cleanup(easy);
}

/* Does libcurl go on after this line? The line has a block of its own length, as nothing says that it ends in a NUL. */
static bool
hears(const char *line)
{
    size_t len = strlen(line);
    char *copy = malloc(len);
    bool goes_on = false;
    if (CHECK(copy != NULL)) {
        memcpy(copy, line, len);
        goes_on = callbacks.header(copy, 1, len, callbacks.user) == len;
    }
    free(copy);
    return goes_on;
}

static bool
hears_body(char *bytes, size_t len)
{
    return callbacks.body(bytes, 1, len, callbacks.user) == len;
}

static int
send_request(void)
{
    return callbacks.before_request(callbacks.user, NULL, NULL, 0, 0);
}

static zc_phase
phase(void)
{
    zc_watch_look_before(&watch);
    zc_watch_look_after(&watch);
    return watch.phase;
}

static size_t
n_lines(void)
{
    return watch.lines.n;
}

static bool
line_is(size_t at, const char *name, const char *value)
{
    const struct zc_header *headers = NULL;
    CHECK(zc_header_lines_read(&watch.lines, &headers) == ZC_OK);
    return at < n_lines() && strcmp(headers[at].name.bytes, name) == 0 && strcmp(headers[at].value.bytes, value) == 0;
}

static void
header_lines_and_body_are_kept(void)
{
    char body[] = "{\"success\":true}";
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    CHECK(hears("HTTP/1.1 200 OK\r\n") && hears("A: 1\r\n") && hears("b:2\r\n") && hears("\r\n"));
    CHECK(hears_body(body, 4) && hears_body(body + 4, strlen(body) - 4));
    CHECK(n_lines() == 2 && line_is(0, "A", "1") && line_is(1, "b", "2"));
    CHECK(watch.body.len == strlen(body) && strcmp(watch.body.bytes, body) == 0);
    CHECK(zc_watch_judge(&watch, CURLE_OK) == ZC_OK && watch.phase == ZC_PHASE_READ);
    end();
}

static void
only_the_final_answer_s_lines_count(void)
{
    begin(direct);
    CHECK(hears("HTTP/1.1 200 Connection established\r\n") && hears("From: proxy\r\n") && hears("\r\n"));
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    CHECK(hears("HTTP/1.1 103 Early Hints\r\n") && hears("Set-Cookie: ZSession=early\r\n") && hears("\r\n"));
    CHECK(hears("HTTP/1.1 200 OK\r\n") && hears("Final: yes\r\n") && hears("\r\n"));
    CHECK(n_lines() == 1 && line_is(0, "Final", "yes"));
    CHECK(zc_watch_judge(&watch, CURLE_OK) == ZC_OK);
    end();
}

static bool
may_store(const char *bytes)
{
    char copy[64];
    (void)snprintf(copy, sizeof(copy), "%s", bytes);
    return hears_body(copy, strlen(copy));
}

/* libcurl before 8.2 shows header lines to the body's callback first. */
static void
a_first_header_line_that_begins_blank_is_never_stored(void)
{
    static const char *const lines[] = {" A: 1\r\n", "\tA: 1\r\n"};
    for (size_t i = 0; i < 2; i++) {
        begin(direct);
        CHECK(send_request() == CURL_PREREQFUNC_OK);
        CHECK(may_store("HTTP/1.1 200 OK\r\n") && hears("HTTP/1.1 200 OK\r\n") && !may_store(lines[i]));
        CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_FRAMING);
        end();
    }
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK && may_store("HTTP/1.1 200 OK\r\n") && hears("HTTP/1.1 200 OK\r\n"));
    CHECK(may_store("A: one ") && may_store(" two\r\n") && hears("A: one two\r\n"));
    CHECK(may_store(" three\r\n") && hears(" three\r\n") && may_store("\r\n") && hears("\r\n"));
    CHECK(may_store(" the body") && line_is(0, "A", "one two three") && strcmp(watch.body.bytes, " the body") == 0);
    end();
}

static void
trailers_never_count(void)
{
    char body[] = "{}";
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    CHECK(hears("HTTP/1.1 200 OK\r\n") && hears("A: 1\r\n") && hears("\r\n") && hears_body(body, 2));
    CHECK(hears("Set-Cookie: ZSession=late\r\n") && hears("HTTP/1.1 200 OK: no\r\n") && hears("B: 2\r\n") && hears("\r\n"));
    CHECK(n_lines() == 1 && line_is(0, "A", "1"));
    CHECK(zc_watch_judge(&watch, CURLE_OK) == ZC_OK);
    end();
}

static void
a_proxy_that_refuses_is_heard_no_further(void)
{
    begin(direct);
    CHECK(hears("HTTP/1.1 407 Proxy Authentication Required\r\n") && !hears("\r\n"));
    CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_PROXY_AUTH);
    end();
    begin(direct);
    CHECK(hears("HTTP/1.1 302 Found\r\n") && !hears("\r\n"));
    CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_PROXY);
    end();
}

static void
headers_without_their_end_are_cut_short(void)
{
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    CHECK(hears("HTTP/1.1 200 OK\r\n") && hears("A: 1\r\n"));
    CHECK(zc_watch_judge(&watch, CURLE_OK) == ZC_CUT_SHORT);
    end();
}

/* A body of theirs is of no use, and may have no end. */
static void
a_redirect_is_whole_without_its_body(void)
{
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    CHECK(hears("HTTP/1.1 302 Found\r\n") && hears("Location: /\r\n") && !hears("\r\n"));
    CHECK(n_lines() == 1 && line_is(0, "Location", "/"));
    CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_OK && watch.phase == ZC_PHASE_READ);
    end();
}

static void
a_body_past_its_cap_ends_it(void)
{
    static char mebibyte[ZC_BODY_CAP];
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK && hears("HTTP/1.1 200 OK\r\n") && hears("\r\n"));
    CHECK(hears_body(mebibyte, sizeof(mebibyte)) && watch.body.len == ZC_BODY_CAP);
    CHECK(!hears_body(mebibyte, 1) && watch.body.len == ZC_BODY_CAP);
    CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_BODY_TOO_LARGE);
    end();
}

static void
header_bytes_past_their_cap_end_it(void)
{
    char line[1025];
    memset(line, 'x', 1024);
    memcpy(line, "X: ", 3);
    memcpy(line + 1022, "\r\n", 3);
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    CHECK(hears("HTTP/1.1 200 OK\r\n"));
    for (int i = 1; i < HEADERS_CAP / 1024; i++) {
        CHECK(hears(line));
    }
    CHECK(!hears(line));
    CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_HEADERS_TOO_LARGE);
    end();
}

/* Interim answers count as well: else they could go on for ever. */
static void
header_lines_past_their_cap_end_it(void)
{
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK);
    for (int i = 0; i < HEADER_LINES_CAP; i += 2) {
        CHECK(hears("HTTP/1.1 100 Continue\r\n") && hears("\r\n"));
    }
    CHECK(!hears("HTTP/1.1 200 OK\r\n"));
    CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_HEADERS_TOO_LARGE);
    end();
}

static void
each_try_has_its_own_caps_and_words(void)
{
    begin(direct);
    for (int i = 0; i < HEADER_LINES_CAP; i++) {
        CHECK(hears("HTTP/1.1 200 OK\r\n"));
    }
    (void)snprintf(callbacks.error_text, CURL_ERROR_SIZE, "what went wrong");
    zc_watch_begin_try(&watch);
    CHECK(strcmp(watch.error_text, "") == 0);
    CHECK(hears("HTTP/1.1 200 OK\r\n") && hears("A: 1\r\n") && hears("\r\n") && n_lines() == 1);
    end();
}

static void
each_login_begins_anew(void)
{
    static char mebibyte[ZC_BODY_CAP];
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK && hears("HTTP/1.1 200 OK\r\n") && hears("\r\n"));
    CHECK(hears_body(mebibyte, sizeof(mebibyte)) && !hears_body(mebibyte, 1));
    CHECK(phase() == ZC_PHASE_READ && send_request() == CURL_PREREQFUNC_ABORT);
    zc_watch_clear(&watch);
    zc_watch_begin(&watch, direct);
    zc_watch_begin_try(&watch);
    CHECK(watch.phase == ZC_PHASE_RESOLVE && phase() == ZC_PHASE_RESOLVE);
    CHECK(send_request() == CURL_PREREQFUNC_OK && !watch.was_resent);
    CHECK(zc_watch_judge(&watch, CURLE_RECV_ERROR) == ZC_RESET);
    end();
}

static void
nothing_is_sent_again_once_an_answer_began(void)
{
    begin(direct);
    CHECK(send_request() == CURL_PREREQFUNC_OK && watch.was_sent && !watch.was_resent);
    CHECK(send_request() == CURL_PREREQFUNC_OK && watch.was_resent);
    CHECK(hears("HTTP/1.1 100 Continue\r\n"));
    CHECK(send_request() == CURL_PREREQFUNC_ABORT);
    end();
}

static void
before_any_socket_a_name_is_looked_up(void)
{
    begin(direct);
    CHECK(phase() == ZC_PHASE_RESOLVE);
    CHECK(zc_watch_judge(&watch, CURLE_COULDNT_RESOLVE_HOST) == ZC_NO_HOST && watch.phase == ZC_PHASE_RESOLVE);
    end();
    begin(direct);
    CHECK(zc_watch_judge(&watch, CURLE_OPERATION_TIMEDOUT) == ZC_TIMEOUT && watch.phase == ZC_PHASE_RESOLVE);
    end();
}

static int
open_socket(void)
{
    struct curl_sockaddr address = {.family = AF_INET, .socktype = SOCK_STREAM, .protocol = IPPROTO_TCP};
    int fd = zc_sockets_open(callbacks.sockets, CURLSOCKTYPE_IPCXN, &address);
    CHECK(fd >= 0);
    return fd;
}

/* Connects a socket of the watch and hands back the other end. */
static int
connect_socket(int fd)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int port = 0;
    int listener = listen_somewhere(&port);
    here.sin_port = htons((uint16_t)port);
    CHECK(connect(fd, (struct sockaddr *)&here, sizeof(here)) == 0);
    int peer = accept(listener, NULL, NULL);
    CHECK(peer >= 0 && close(listener) == 0);
    return peer;
}

static void
phases_follow_the_socket_and_the_lines(void)
{
    begin(direct);
    int fd = open_socket();
    CHECK(phase() == ZC_PHASE_CONNECT);
    int peer = connect_socket(fd);
    CHECK(phase() == ZC_PHASE_TLS);
    CHECK(send_request() == CURL_PREREQFUNC_OK && phase() == ZC_PHASE_SEND);
    CHECK(hears("HTTP/1.1 200 OK\r\n") && phase() == ZC_PHASE_READ);
    CHECK(zc_watch_judge(&watch, CURLE_RECV_ERROR) == ZC_CUT_SHORT);
    CHECK(close(peer) == 0);
    end();
}

/* libcurl hands on whole lines only, so one byte must be seen on the socket. */
static void
one_byte_is_the_beginning_of_an_answer(void)
{
    begin(direct);
    int fd = open_socket();
    int peer = connect_socket(fd);
    CHECK(send_request() == CURL_PREREQFUNC_OK && phase() == ZC_PHASE_SEND);
    struct pollfd arrival = {.fd = fd, .events = POLLIN};
    CHECK(send(peer, "H", 1, MSG_NOSIGNAL) == 1 && poll(&arrival, 1, 5000) == 1);
    CHECK(phase() == ZC_PHASE_READ);
    CHECK(zc_watch_judge(&watch, CURLE_RECV_ERROR) == ZC_CUT_SHORT);
    CHECK(close(peer) == 0);
    end();
}

static void
without_memory_it_ends_and_says_so(void)
{
    char bytes[] = "A: 1\r\n";
    const curl_write_callback hearing[] = {callbacks.header, callbacks.body};
    for (size_t i = 0; i < 2; i++) {
        begin(direct);
        CHECK(send_request() == CURL_PREREQFUNC_OK && hears("HTTP/1.1 200 OK\r\n"));
        CHECK(hearing[i] == callbacks.header || hears("\r\n"));
        fail_allocation(1);
        CHECK(hearing[i](bytes, 1, strlen(bytes), callbacks.user) == 0);
        fail_allocation(0);
        CHECK(zc_watch_judge(&watch, CURLE_WRITE_ERROR) == ZC_NO_MEMORY);
        end();
    }
}

int
main(void)
{
    CHECK(zc_library_init() == NULL);
    direct = request_to(1, "user", NULL);
    header_lines_and_body_are_kept();
    only_the_final_answer_s_lines_count();
    a_first_header_line_that_begins_blank_is_never_stored();
    trailers_never_count();
    a_proxy_that_refuses_is_heard_no_further();
    headers_without_their_end_are_cut_short();
    a_redirect_is_whole_without_its_body();
    a_body_past_its_cap_ends_it();
    header_bytes_past_their_cap_end_it();
    header_lines_past_their_cap_end_it();
    each_try_has_its_own_caps_and_words();
    each_login_begins_anew();
    nothing_is_sent_again_once_an_answer_began();
    before_any_socket_a_name_is_looked_up();
    phases_follow_the_socket_and_the_lines();
    one_byte_is_the_beginning_of_an_answer();
    without_memory_it_ends_and_says_so();
    zc_request_free(direct);
    return check_done();
}
