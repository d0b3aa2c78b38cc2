/* One POST /v1/connections: transfer from the pool -> wait -> answer, verdict -> Connection, and the transfer goes back; logged. */
#include "python/connections.h"

#include "core/answer.h"
#include "core/base_url.h"
#include "core/clock.h"
#include "core/pool.h"
#include "core/transfer.h"
#include "core/verdict.h"
#include "core/wipe.h"
#include "python/divert.h"
#include "python/errors.h"
#include "python/result.h"
#include "python/wait.h"

#include <time.h>

/* What came back, while the transfer holds it. */
struct reading {
    const struct zc_state *state;
    const struct zc_request *request;
    struct zc_secrets secrets; /* the request's, and the session cookie */
    struct zc_answer answer;
    struct zc_verdict verdict;
    const struct zc_header *headers;
    size_t n_headers;
    long http_status;
};

/* returns new: the error that an answer is that cannot be used */
static PyObject *
error_of_answer(const struct reading *r, zc_status status, struct zc_slice detail)
{
    const struct zc_failure failure = {
        .status = status,
        .secrets = &r->secrets,
        .detail = detail,
        .request_id = r->answer.request_id,
        .http_status = r->http_status,
        .retry_after = r->answer.wait,
        .phase = ZC_PHASE_READ,
        .was_sent = true,
    };
    return zc_error(r->request, &failure);
}

/* returns new */
static PyObject *
error_of_redirect(const struct reading *r)
{
    char *host = NULL;
    if (r->answer.location.bytes != NULL && zc_location_host(r->answer.location.bytes, &host) != ZC_OK) {
        return PyErr_NoMemory();
    }
    PyObject *error = error_of_answer(r, ZC_REDIRECT, zc_slice_of(host));
    zc_wiping_free(host);
    return error;
}

/* returns new: the Connection of an answer in Zuora's form, or the error of one that lacks its session */
static PyObject *
build_connection(struct reading *r)
{
    bool says_success = r->verdict.success && r->http_status / 100 == 2;
    if (says_success && r->answer.cookie.bytes == NULL) {
        return error_of_answer(r, r->answer.cookie_is_bad ? ZC_BAD_COOKIE : ZC_NO_COOKIE, zc_no_slice);
    }
    const struct zc_result result = {
        .base_url = r->request->url.base,
        .entity = r->request->entity,
        .secrets = &r->secrets,
        .answer = &r->answer,
        .verdict = &r->verdict,
        .headers = r->headers,
        .n_headers = r->n_headers,
        .http_status = r->http_status,
        .success = says_success,
    };
    return zc_result_connection(r->state, &result);
}

/* returns new: judges how the answer came before it looks at what it says */
static PyObject *
judge_answer(struct reading *r, struct zc_transfer *transfer)
{
    if (zc_answer_read(&r->answer, r->headers, r->n_headers, (int64_t)time(NULL)) != ZC_OK) {
        return PyErr_NoMemory();
    }
    if (r->answer.cookie.bytes != NULL) { /* it may open a session even where the rest says no */
        zc_secrets_add(&r->secrets, r->answer.cookie.bytes, r->answer.cookie.len);
    }
    if (r->answer.misframed) {
        return error_of_answer(r, ZC_FRAMING, zc_no_slice);
    }
    if (r->answer.encoded) {
        return error_of_answer(r, ZC_ENCODED, zc_no_slice);
    }
    if (r->http_status == 101) {
        return error_of_answer(r, ZC_SWITCHED, zc_no_slice);
    }
    if (r->http_status / 100 == 3) {
        return error_of_redirect(r);
    }
    struct zc_buffer *body = zc_transfer_body(transfer);
    if (zc_verdict_read(&r->verdict, body->bytes, body->len) != ZC_OK) {
        return PyErr_NoMemory();
    }
    if (!r->verdict.in_form) {
        return error_of_answer(r, ZC_NO_FORM, zc_slice_of(r->verdict.why_not));
    }
    return build_connection(r);
}

/* returns new; *keep: the connection may be used again, since it is known where the answer ended */
static PyObject *
read_answer(const struct zc_state *state, const struct zc_request *request, struct zc_transfer *transfer, bool *keep)
{
    struct reading r = {
        .state = state,
        .request = request,
        .secrets = request->secrets,
        .http_status = zc_transfer_http_status(transfer),
    };
    r.headers = zc_transfer_headers(transfer, &r.n_headers);
    PyObject *result = judge_answer(&r, transfer);
    *keep = !r.answer.misframed;
    zc_verdict_clear(&r.verdict);
    zc_answer_clear(&r.answer);
    return result;
}

/* returns new */
static PyObject *
error_of_transfer(const struct zc_request *request, const struct zc_transfer *transfer, zc_status status)
{
    const struct zc_failure failure = {
        .status = status,
        .secrets = &request->secrets,
        .detail = zc_slice_of(zc_transfer_message(transfer)),
        .http_status = status > ZC_TIMEOUT ? zc_transfer_http_status(transfer) : 0, /* of an answer that cannot be used */
        .retry_after = -1,
        .phase = zc_transfer_phase(transfer),
        .was_sent = zc_transfer_was_sent(transfer),
    };
    return zc_error(request, &failure);
}

/* returns new */
static PyObject *
try_once(const struct zc_state *state, const struct zc_request *request, int64_t timeout_ms, int64_t connect_timeout_ms,
         const char *last_resort)
{
    struct zc_transfer *transfer = NULL;
    zc_status status = zc_pool_take(&transfer, request->route);
    if (status != ZC_OK) {
        const struct zc_failure failure = {.status = status, .secrets = &request->secrets, .retry_after = -1};
        return zc_error(request, &failure);
    }
    PyObject *outcome = NULL;
    bool keep = false;
    status = zc_transfer_start(transfer, request, last_resort, timeout_ms, connect_timeout_ms);
    if (status != ZC_OK || zc_wait(transfer, &status) == 0) {
        outcome = status == ZC_OK ? read_answer(state, request, transfer, &keep) : error_of_transfer(request, transfer, status);
    }
    keep = zc_transfer_finish(transfer) && keep;
    zc_pool_put(transfer, keep);
    return outcome;
}

/* Only where the program has imported logging by itself: elsewhere nobody reads it. 0, or -1 with an exception set. */
static int
log_try(const struct zc_state *state, const struct zc_request *request, int64_t began, PyObject *outcome)
{
    PyObject *logging = PyImport_GetModule(state->logging);
    bool is_there = logging != NULL && logging != Py_None; /* None: its import is forbidden */
    Py_XDECREF(logging);
    if (!is_there) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *function = zc_import("zuora_connect._log", "log_try");
    PyObject *done = NULL;
    if (function != NULL) {
        done = PyObject_CallFunction(function, "sLO", request->url.login, (long long)(zc_clock_ms() - began), outcome);
    }
    Py_XDECREF(done);
    Py_XDECREF(function);
    return done == NULL ? -1 : 0;
}

PyObject *
zc_connections(const struct zc_state *state, const struct zc_request *request, int64_t timeout_ms, int64_t connect_timeout_ms,
               const char *last_resort)
{
    if (request->blocked != NULL) {
        return zc_raise_blocked(request->url.host, request->blocked);
    }
    int64_t began = zc_clock_ms();
    PyObject *outcome = try_once(state, request, timeout_ms, connect_timeout_ms, last_resort);
    if (outcome != NULL && log_try(state, request, began, outcome) < 0) {
        Py_CLEAR(outcome);
    }
    return outcome;
}
