/* Python arguments -> a judged request. GIL held, which also keeps other Python code of this interpreter from changing the environment. */
#ifndef ZC_PYTHON_REQUEST_H
#define ZC_PYTHON_REQUEST_H

#include "core/request.h"
#include "python/api.h"

/* given[i]: the value of zc_argument i, NULL if there is none. returns new (zc_request_free), or NULL with ValueError or TypeError set,
 * which name the argument, never the value */
struct zc_request *
zc_request_read(PyObject *const given[ZC_N_ARGUMENTS]);

#endif
