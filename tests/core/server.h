/* A server on loopback, in a thread of the driver: it reads whole logins and answers each with the user's name, or with the bytes it
 * was told. One lock guards all of it, held by the thread whenever it does not wait. */
#ifndef SERVER_H
#define SERVER_H

#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_OPEN 32

enum server_then { KEEP, HANG_UP, HANG_UP_LATER, RESET };

struct connection {
    int fd;
    size_t len;
    char seen[4096];
};

struct server {
    pthread_mutex_t lock;
    pthread_t thread;
    int listener;
    int port;
    int wake[2];
    struct connection open[MAX_OPEN];
    size_t n_open;
    const char *answer; /* NULL: X-Answer is the user's name */
    size_t answer_len;
    enum server_then then;
    bool at_first_byte; /* answers before the login is whole */
    int n_connections;  /* ever, as the next */
    int n_logins;
    char last_login[4096];
};

static inline void
server_drop_locked(struct server *s, size_t at, bool reset)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    if (reset) {
        (void)setsockopt(s->open[at].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    }
    (void)close(s->open[at].fd);
    s->open[at] = s->open[--s->n_open];
}

static inline bool
server_send(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t sent = send(fd, bytes, len, MSG_NOSIGNAL);
        if (sent < 0) {
            return false;
        }
        bytes += sent;
        len -= (size_t)sent;
    }
    return true;
}

static inline bool
server_answer_locked(const struct server *s, int fd)
{
    char text[200];
    if (s->answer != NULL) {
        return server_send(fd, s->answer, s->answer_len);
    }
    const char *name = strstr(s->last_login, "apiAccessKeyId: ");
    name = name == NULL ? "" : name + strlen("apiAccessKeyId: ");
    int len = snprintf(text, sizeof(text), "HTTP/1.1 200 OK\r\nContent-Length: 16\r\nX-Answer: %.*s\r\n\r\n{\"success\":true}",
                       (int)strcspn(name, "\r"), name);
    return server_send(fd, text, (size_t)len);
}

/* Reads what came; answers if that completes a login. */
static inline void
server_serve_locked(struct server *s, size_t at)
{
    struct connection *c = &s->open[at];
    ssize_t got = recv(c->fd, c->seen + c->len, sizeof(c->seen) - 1 - c->len, MSG_DONTWAIT);
    if (got <= 0) {
        server_drop_locked(s, at, false);
        return;
    }
    c->len += (size_t)got;
    c->seen[c->len] = '\0';
    bool is_whole = c->len > 6 && strcmp(c->seen + c->len - 6, "\r\n\r\n{}") == 0;
    if (!is_whole && !s->at_first_byte) {
        return;
    }
    s->n_logins++;
    memcpy(s->last_login, c->seen, c->len + 1);
    c->len = 0;
    /* So that neither the request nor the end comes in one step with the first byte; nor does the byte come at the end of a tick of 50 ms,
     * right between a look at the socket and libcurl's own: libcurl 8 does not tell of it. */
    useconds_t pause = s->then == HANG_UP_LATER ? 75 * 1000 : 0;
    (void)usleep(pause);
    bool was_sent = server_answer_locked(s, c->fd);
    (void)usleep(pause);
    if (!was_sent || s->then != KEEP) {
        server_drop_locked(s, at, s->then == RESET);
    }
}

static inline void *
server_run(void *server)
{
    struct server *s = server;
    struct pollfd look[MAX_OPEN + 2];
    for (;;) {
        (void)pthread_mutex_lock(&s->lock);
        nfds_t n = 0;
        look[n++] = (struct pollfd){.fd = s->wake[0], .events = POLLIN};
        look[n++] = (struct pollfd){.fd = s->n_open < MAX_OPEN ? s->listener : -1, .events = POLLIN};
        for (size_t i = 0; i < s->n_open; i++) {
            look[n++] = (struct pollfd){.fd = s->open[i].fd, .events = POLLIN};
        }
        (void)pthread_mutex_unlock(&s->lock);
        (void)poll(look, n, -1);
        if (look[0].revents != 0) {
            return NULL;
        }
        (void)pthread_mutex_lock(&s->lock);
        for (size_t i = n - 2; i > 0; i--) {
            if (look[i + 1].revents != 0) {
                server_serve_locked(s, i - 1);
            }
        }
        if (look[1].revents != 0) {
            s->open[s->n_open] = (struct connection){.fd = accept(s->listener, NULL, NULL)};
            s->n_open++;
            s->n_connections++;
        }
        (void)pthread_mutex_unlock(&s->lock);
    }
}

/* How each login is answered from now on; borrows the bytes, NULL: with the user's name. */
static inline void
server_answers(struct server *s, const char *bytes, size_t len, enum server_then then)
{
    (void)pthread_mutex_lock(&s->lock);
    s->answer = bytes;
    s->answer_len = len;
    s->then = then;
    (void)pthread_mutex_unlock(&s->lock);
}

/* Waits until the other end of a connection, which is in this process too, has something to read. */
static inline void
server_await_arrival(int fd)
{
    struct sockaddr_in client;
    socklen_t len = sizeof(client);
    if (getpeername(fd, (struct sockaddr *)&client, &len) != 0) {
        return;
    }
    for (int other = 0; other < 256; other++) {
        struct sockaddr_in own = {0};
        len = sizeof(own);
        if (getsockname(other, (struct sockaddr *)&own, &len) == 0 && own.sin_family == AF_INET &&
            own.sin_port == client.sin_port) {
            struct pollfd look = {.fd = other, .events = POLLIN};
            (void)poll(&look, 1, 5000);
        }
    }
}

/* Sends bytes that nobody asked for on every open connection; NULL: ends them instead. */
static inline void
server_pushes(struct server *s, const char *text)
{
    (void)pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->n_open; i++) {
        int fd = s->open[i].fd;
        if (text == NULL ? shutdown(fd, SHUT_WR) == 0 : server_send(fd, text, strlen(text))) {
            server_await_arrival(fd);
        }
    }
    (void)pthread_mutex_unlock(&s->lock);
}

/* From now on it answers before a login is whole, as one that takes a TLS handshake for a login. */
static inline void
server_hurries(struct server *s, bool hurries)
{
    (void)pthread_mutex_lock(&s->lock);
    s->at_first_byte = hurries;
    (void)pthread_mutex_unlock(&s->lock);
}

/* Does the last login hold this text? */
static inline bool
server_was_told(struct server *s, const char *text)
{
    (void)pthread_mutex_lock(&s->lock);
    bool holds = strstr(s->last_login, text) != NULL;
    (void)pthread_mutex_unlock(&s->lock);
    return holds;
}

static inline int
server_connections(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    int n = s->n_connections;
    (void)pthread_mutex_unlock(&s->lock);
    return n;
}

static inline int
server_logins(struct server *s)
{
    (void)pthread_mutex_lock(&s->lock);
    int n = s->n_logins;
    (void)pthread_mutex_unlock(&s->lock);
    return n;
}

/* A listening socket on a free port of 127.0.0.1. */
static inline int
listen_somewhere(int *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(here);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(fd >= 0 && bind(fd, (struct sockaddr *)&here, len) == 0 && listen(fd, MAX_OPEN) == 0);
    CHECK(getsockname(fd, (struct sockaddr *)&here, &len) == 0);
    *port = ntohs(here.sin_port);
    return fd;
}

static inline void
server_start(struct server *s)
{
    *s = (struct server){.lock = PTHREAD_MUTEX_INITIALIZER};
    s->listener = listen_somewhere(&s->port);
    CHECK(pipe(s->wake) == 0 && pthread_create(&s->thread, NULL, server_run, s) == 0);
}

static inline void
server_stop(struct server *s)
{
    CHECK(write(s->wake[1], "", 1) == 1 && pthread_join(s->thread, NULL) == 0);
    while (s->n_open > 0) {
        server_drop_locked(s, 0, false);
    }
    CHECK(close(s->listener) == 0 && close(s->wake[0]) == 0 && close(s->wake[1]) == 0);
}

#endif
