/* The descriptors that libcurl has open for one transfer: opened close-on-exec, counted, looked at. Callbacks and look-ups of one
 * owner; no lock, no GIL. */
#ifndef ZC_SOCKETS_H
#define ZC_SOCKETS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#define ZC_MAX_SOCKETS 16

struct zc_sockets {
    int open[ZC_MAX_SOCKETS];
    size_t n_open;
    unsigned long n_opened; /* ever, as the next */
    unsigned long n_closed;
};

/* For CURLOPT_OPENSOCKETFUNCTION and CURLOPT_CLOSESOCKETFUNCTION; `user` is a struct zc_sockets. */
curl_socket_t
zc_sockets_open(void *user, curlsocktype purpose, struct curl_sockaddr *address);
int
zc_sockets_close(void *user, curl_socket_t fd);

/* Is any of them connected to its peer? */
bool
zc_sockets_connected(const struct zc_sockets *sockets);

/* Is a byte waiting on any of them? */
bool
zc_sockets_have_byte(const struct zc_sockets *sockets);

/* Is `fd` the only one, and nothing waits on it unread: no byte, no end, no error? */
bool
zc_sockets_quiet(const struct zc_sockets *sockets, curl_socket_t fd);

/* Ends the connections of all but `fd` in both directions; libcurl finds them ended and closes them. */
void
zc_sockets_hang_up(const struct zc_sockets *sockets, curl_socket_t fd);

/* Closes all of them behind libcurl's back: for a forked child, whose copies must not keep its parent's connections alive. */
void
zc_sockets_abandon(struct zc_sockets *sockets);

#endif
