/* The judged request as Python holds it: opaque, with nothing in its repr, wiped when the last reference goes. GIL held. */
#ifndef ZC_CAPSULE_H
#define ZC_CAPSULE_H

#include "core/request.h"
#include "python/module.h"

/* returns new; steals `request`, also when it fails */
PyObject *
zc_capsule_new(struct zc_request *request);

#endif
