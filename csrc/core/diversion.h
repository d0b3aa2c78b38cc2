/* Where logins go while tests run: to a sandbox on this machine, or nowhere. One state for the whole process and its forks, so that every
 * interpreter and thread is under it; a process that tests start gets it from a variable. Only loopback can be named, and only over TLS,
 * with the one CA that the sandbox made: no diversion can hand a password to anything else. Takes a lock of its own. */
#ifndef ZC_DIVERSION_H
#define ZC_DIVERSION_H

#include "core/base_url.h"
#include "core/status.h"

#include <stdbool.h>

#define ZC_DIVERSION_VARIABLE "ZUORA_CONNECT_TESTING"

/* As it was when it was looked at. */
struct zc_diversion {
    char *text;          /* as given; NULL: logins go where they are meant to */
    const char *blocked; /* why no login may be made, a static text; NULL: it may */
    struct zc_base_url login;
    struct zc_base_url follow_up; /* where the calls with the session go */
    const char *ca_file;          /* in text */
};

/* Does a login go to the sandbox? */
bool
zc_diversion_is_on(const struct zc_diversion *diversion);

/* Takes over what the variable says. Called once. ZC_OK or ZC_NO_MEMORY. */
zc_status
zc_diversion_inherit(void);

/* ZC_OK or ZC_NO_MEMORY. Clear it whatever came back. */
zc_status
zc_diversion_get(struct zc_diversion *diversion);

void
zc_diversion_clear(struct zc_diversion *diversion);

/* `text`: NULL for none, "offline", or "https://LOOPBACK http[s]://LOOPBACK CA_FILE". Returns what held before through *before (new,
 * zc_wiping_free), NULL if there was none. ZC_OK; ZC_INPUT for any other text, or ZC_NO_MEMORY: then nothing has changed. */
zc_status
zc_diversion_exchange(const char *text, char **before);

/* The lock, for the handlers around fork() only. */
void
zc_diversion_lock(void);
void
zc_diversion_unlock(void);

#endif
