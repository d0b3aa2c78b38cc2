/* The descriptors that libcurl has open for one transfer. */
#include "core/sockets.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* libcurl before 8.x leaves its sockets open across exec(); a child program has no business with them. */
static int
open_socket(const struct curl_sockaddr *address)
{
#ifdef SOCK_CLOEXEC
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    int fd = socket(address->family, address->socktype, address->protocol);
    if (fd >= 0) {
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    return fd;
#endif
}

curl_socket_t
zc_sockets_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct zc_sockets *sockets = user;
    (void)purpose;
    if (sockets->n_open == ZC_MAX_SOCKETS) {
        return CURL_SOCKET_BAD;
    }
    int fd = open_socket(address);
    if (fd < 0) {
        return CURL_SOCKET_BAD;
    }
    sockets->open[sockets->n_open++] = fd;
    sockets->n_opened++;
    return fd;
}

int
zc_sockets_close(void *user, curl_socket_t fd)
{
    struct zc_sockets *sockets = user;
    for (size_t i = 0; i < sockets->n_open; i++) {
        if (sockets->open[i] == fd) {
            sockets->open[i] = sockets->open[--sockets->n_open];
            sockets->n_closed++;
            break;
        }
    }
    return close(fd);
}

bool
zc_sockets_connected(const struct zc_sockets *sockets)
{
    for (size_t i = 0; i < sockets->n_open; i++) {
        struct sockaddr_storage peer;
        socklen_t len = sizeof(peer);
        if (getpeername(sockets->open[i], (struct sockaddr *)&peer, &len) == 0) {
            return true;
        }
    }
    return false;
}

bool
zc_sockets_have_byte(const struct zc_sockets *sockets)
{
    char byte;
    for (size_t i = 0; i < sockets->n_open; i++) {
        if (recv(sockets->open[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1) {
            return true;
        }
    }
    return false;
}

bool
zc_sockets_quiet(const struct zc_sockets *sockets, curl_socket_t fd)
{
    if (sockets->n_open != 1 || sockets->open[0] != fd) {
        return false;
    }
    struct pollfd look = {.fd = fd, .events = POLLIN | POLLPRI};
    return poll(&look, 1, 0) == 0;
}

void
zc_sockets_hang_up(const struct zc_sockets *sockets, curl_socket_t fd)
{
    for (size_t i = 0; i < sockets->n_open; i++) {
        if (sockets->open[i] != fd) {
            (void)shutdown(sockets->open[i], SHUT_RDWR);
        }
    }
}

void
zc_sockets_abandon(struct zc_sockets *sockets)
{
    for (size_t i = 0; i < sockets->n_open; i++) {
        (void)close(sockets->open[i]);
    }
    sockets->n_open = 0;
}
