/* The one question about a TLS connection that libcurl does not answer. Any thread; no lock. */
#ifndef ZC_TLS_H
#define ZC_TLS_H

#include <stdbool.h>

/* Are there bytes that came in over this connection (an OpenSSL SSL *) and that nobody has read? They are in OpenSSL's hands then, where
 * poll() does not see them. True, too, if it cannot be found out. */
bool
zc_tls_has_unread(const void *ssl);

#endif
