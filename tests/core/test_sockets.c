/* Descriptors are close-on-exec and counted, and one on which anything waits unread is not quiet. */
#include "check.h"

#include "core/sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
is_open(int fd)
{
    return fcntl(fd, F_GETFD) >= 0;
}

static struct curl_sockaddr
some_address(void)
{
    return (struct curl_sockaddr){.family = AF_INET, .socktype = SOCK_STREAM, .protocol = IPPROTO_TCP};
}

/* Puts one end of a connection into `sockets` and hands back the other. */
static int
connect_one(struct zc_sockets *sockets)
{
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    sockets->open[sockets->n_open++] = ends[0];
    return ends[1];
}

static void
what_is_opened_is_closed_on_exec_and_counted(void)
{
    struct zc_sockets sockets = {0};
    struct curl_sockaddr address = some_address();
    int fds[ZC_MAX_SOCKETS];
    for (size_t i = 0; i < ZC_MAX_SOCKETS; i++) {
        fds[i] = zc_sockets_open(&sockets, CURLSOCKTYPE_IPCXN, &address);
        CHECK(fds[i] >= 0 && (fcntl(fds[i], F_GETFD) & FD_CLOEXEC) != 0);
    }
    CHECK(zc_sockets_open(&sockets, CURLSOCKTYPE_IPCXN, &address) == CURL_SOCKET_BAD);
    CHECK(sockets.n_open == ZC_MAX_SOCKETS && sockets.n_opened == ZC_MAX_SOCKETS);
    CHECK(zc_sockets_close(&sockets, fds[3]) == 0 && !is_open(fds[3]) && sockets.n_open == ZC_MAX_SOCKETS - 1);
    fds[3] = zc_sockets_open(&sockets, CURLSOCKTYPE_IPCXN, &address);
    CHECK(fds[3] >= 0 && sockets.n_opened == ZC_MAX_SOCKETS + 1);
    for (size_t i = 0; i < ZC_MAX_SOCKETS; i++) {
        CHECK(zc_sockets_close(&sockets, fds[i]) == 0 && !is_open(fds[i]));
    }
    CHECK(sockets.n_open == 0);
}

static void
a_socket_that_cannot_be_made_is_no_socket(void)
{
    struct zc_sockets sockets = {0};
    struct curl_sockaddr address = some_address();
    address.family = -1;
    CHECK(zc_sockets_open(&sockets, CURLSOCKTYPE_IPCXN, &address) == CURL_SOCKET_BAD);
    CHECK(sockets.n_open == 0 && sockets.n_opened == 0);
}

static void
connected_means_to_a_peer(void)
{
    struct zc_sockets sockets = {0};
    struct curl_sockaddr address = some_address();
    CHECK(!zc_sockets_connected(&sockets));
    int fd = zc_sockets_open(&sockets, CURLSOCKTYPE_IPCXN, &address);
    CHECK(fd >= 0 && !zc_sockets_connected(&sockets));
    int peer = connect_one(&sockets);
    CHECK(zc_sockets_connected(&sockets));
    CHECK(close(peer) == 0);
    zc_sockets_abandon(&sockets);
}

static void
quiet_is_the_only_socket_with_nothing_to_read(void)
{
    struct zc_sockets sockets = {0};
    CHECK(!zc_sockets_quiet(&sockets, CURL_SOCKET_BAD));
    int peer = connect_one(&sockets);
    int fd = sockets.open[0];
    CHECK(zc_sockets_quiet(&sockets, fd) && !zc_sockets_have_byte(&sockets));
    CHECK(!zc_sockets_quiet(&sockets, peer) && !zc_sockets_quiet(&sockets, CURL_SOCKET_BAD));

    CHECK(send(peer, "x", 1, 0) == 1);
    CHECK(!zc_sockets_quiet(&sockets, fd) && zc_sockets_have_byte(&sockets));
    char byte = 0;
    CHECK(zc_sockets_have_byte(&sockets) && recv(fd, &byte, 1, MSG_DONTWAIT) == 1 && byte == 'x');
    CHECK(zc_sockets_quiet(&sockets, fd) && !zc_sockets_have_byte(&sockets));

    int second = connect_one(&sockets);
    CHECK(!zc_sockets_quiet(&sockets, fd));
    CHECK(zc_sockets_close(&sockets, sockets.open[1]) == 0 && close(second) == 0);
    CHECK(zc_sockets_quiet(&sockets, fd));

    CHECK(close(peer) == 0);
    CHECK(!zc_sockets_quiet(&sockets, fd) && !zc_sockets_have_byte(&sockets));
    zc_sockets_abandon(&sockets);
}

static void
abandoning_closes_this_process_s_copies_only(void)
{
    struct zc_sockets sockets = {0};
    int peer = connect_one(&sockets);
    int fd = sockets.open[0];
    pid_t child = fork();
    if (child == 0) {
        zc_sockets_abandon(&sockets);
        _exit(sockets.n_open == 0 && !is_open(fd) ? 0 : 1);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    CHECK(is_open(fd) && zc_sockets_quiet(&sockets, fd));
    zc_sockets_abandon(&sockets);
    CHECK(!is_open(fd) && sockets.n_open == 0);
    CHECK(close(peer) == 0);
}

int
main(void)
{
    what_is_opened_is_closed_on_exec_and_counted();
    a_socket_that_cannot_be_made_is_no_socket();
    connected_means_to_a_peer();
    quiet_is_the_only_socket_with_nothing_to_read();
    abandoning_closes_this_process_s_copies_only();
    return check_done();
}
