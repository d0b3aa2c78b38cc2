/* What went wrong -> the exception that says so. The only place that chooses a class. GIL held. */
#ifndef ZC_ERRORS_H
#define ZC_ERRORS_H

#include "core/request.h"
#include "core/slice.h"
#include "core/status.h"
#include "python/module.h"

struct zc_failure {
    zc_status status;
    const struct zc_secrets *secrets; /* that no text may quote */
    struct zc_slice detail;           /* a server's or libcurl's words, perhaps none; made safe here, as the next */
    struct zc_slice request_id;
    long http_status;   /* 0: no answer */
    double retry_after; /* seconds; -1: none */
    zc_phase phase;
    bool was_sent;
};

/* returns new: the exception as an object, not raised. NULL, with MemoryError or the like raised, if there can be none. */
PyObject *
zc_error(const struct zc_request *request, const struct zc_failure *failure);

#endif
