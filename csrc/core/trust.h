/* Which CA stores to try, in which order: each is set alone, since libcurl caches a bundle only when no directory is set beside it,
 * and a directory is read certificate by certificate. Looking for them takes half a millisecond, so what was found is kept until
 * SSL_CERT_FILE or SSL_CERT_DIR changes. Takes a lock of its own; call it where nobody changes the environment. */
#ifndef ZC_TRUST_H
#define ZC_TRUST_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>

#define ZC_MAX_STORES 16

struct zc_store {
    bool is_directory; /* certificates under their hashed names; else a bundle in one file */
    char *path;
};

struct zc_trust {
    size_t n_references;
    size_t n_stores;
    struct zc_store stores[ZC_MAX_STORES];
};

/* The stores of this machine: SSL_CERT_DIR and SSL_CERT_FILE, libcurl's build default, the well-known paths. returns new through
 * *out. ZC_OK (possibly with no store at all) or ZC_NO_MEMORY. */
zc_status
zc_trust_find(struct zc_trust **out);

/* The stores that the caller names (NULL: not given), in place of the machine's. returns new */
zc_status
zc_trust_from(struct zc_trust **out, const char *directory, const char *bundle);

/* Gives a reference back; accepts NULL. */
void
zc_trust_release(struct zc_trust *trust);

/* The lock, for the handlers around fork() only. */
void
zc_trust_lock(void);
void
zc_trust_unlock(void);

#endif
