/* The judged request as Python holds it: opaque, with nothing in its repr, wiped when it is forgotten or the last reference goes. GIL held. */
#ifndef ZC_CAPSULE_H
#define ZC_CAPSULE_H

#include "core/request.h"
#include "python/module.h"

/* returns new; steals `request`, also when it fails */
PyObject *
zc_capsule_new(struct zc_request *request);

/* Frees the request at once, whoever still refers to the capsule: an exception that is kept keeps its frames. Another thread's try with it
 * ends first. Nothing for NULL; an exception may be set. */
void
zc_capsule_forget(PyObject *capsule);

#endif
