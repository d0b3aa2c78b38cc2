/* Answer and verdict -> the dictionary. GIL held. */
#ifndef ZC_RESULT_H
#define ZC_RESULT_H

#include "core/answer.h"
#include "core/request.h"
#include "core/verdict.h"
#include "python/module.h"

struct zc_result {
    const struct zc_request *request;
    const struct zc_answer *answer;
    const struct zc_verdict *verdict;
    const struct zc_header *headers;
    size_t n_headers;
    long http_status;
    bool success; /* all conditions of it hold */
};

/* returns new */
PyObject *
zc_result_dict(const struct zc_state *state, const struct zc_result *result);

#endif
