/* What becomes of a login that tests do not allow. GIL held. */
#ifndef ZC_DIVERT_H
#define ZC_DIVERT_H

#include "python/api.h"

/* Raises LoginBlocked, which is no error of ours: code under test that catches those must not take it for Zuora's doing. Returns NULL. */
PyObject *
zc_raise_blocked(const char *host, const char *why);

#endif
