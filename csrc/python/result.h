/* Answer and verdict -> the Connection. GIL held. */
#ifndef ZC_RESULT_H
#define ZC_RESULT_H

#include "core/answer.h"
#include "core/secret.h"
#include "core/verdict.h"
#include "python/module.h"

struct zc_result {
    const char *base_url;
    const char *entity; /* NULL: none was named */
    const struct zc_secrets *secrets;
    const struct zc_answer *answer;
    const struct zc_verdict *verdict;
    const struct zc_header *headers;
    size_t n_headers;
    long http_status;
    bool success; /* all conditions of it hold */
};

/* Is what a try came to a session? If not, it is a refusal or an error. */
bool
zc_result_is_session(const struct zc_state *state, PyObject *outcome);

/* returns new */
PyObject *
zc_result_connection(const struct zc_state *state, const struct zc_result *result);

#endif
