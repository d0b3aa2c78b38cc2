/* Python arguments -> a judged request. GIL held, which also keeps other Python code of this interpreter from changing the environment. */
#ifndef ZC_PYTHON_REQUEST_H
#define ZC_PYTHON_REQUEST_H

#include "core/request.h"
#include "python/api.h"

#define ZC_REQUEST_SIGNATURE                                                                                                \
    "username, password, base_url, entity_id, entity_name, entity_ids, track_id, authorization, idempotency_key, ca_file, " \
    "ca_dir, client_cert, client_key, client_key_password, proxy, timeout, connect_timeout"

/* returns new (zc_request_free), or NULL with ValueError or TypeError set, which name the argument, never the value */
struct zc_request *
zc_request_read(PyObject *const *args, Py_ssize_t n_args, long *timeout_ms, long *connect_timeout_ms);

#endif
