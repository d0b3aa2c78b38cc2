/* What went wrong -> the exception that says so. */
#include "python/errors.h"

#include "python/text.h"

#include <string.h>

/* The class of a failure that is no HTTP answer of Zuora's. */
static const char *
class_name_of(zc_status status)
{
    switch (status) {
    case ZC_INTERNAL:
    case ZC_FORKED:
    case ZC_NO_HOST:
    case ZC_NO_PROXY_HOST:
    case ZC_REFUSED:
    case ZC_RESET:
    case ZC_PROXY:
    case ZC_PROXY_AUTH:
        return "ConnectError";
    case ZC_TLS:
    case ZC_TLS_ISSUER:
    case ZC_TLS_CERTIFICATE:
    case ZC_TLS_CLIENT:
    case ZC_TLS_NO_STORE:
        return "TLSError";
    case ZC_TIMEOUT:
        return "Timeout";
    default:
        return "BadAnswer";
    }
}

/* Worth another try by its kind: nothing was sent, and trying again may help. */
static bool
is_retryable(const struct zc_failure *failure)
{
    switch (failure->status) {
    case ZC_NO_HOST:
    case ZC_NO_PROXY_HOST:
    case ZC_REFUSED:
    case ZC_RESET:
    case ZC_PROXY:
    case ZC_TIMEOUT:
        return !failure->was_sent;
    case ZC_NO_FORM:
        return failure->http_status == 429 || failure->http_status == 500 ||
               (failure->http_status >= 502 && failure->http_status <= 504);
    default:
        return false;
    }
}

static bool
says_refusal(const struct zc_failure *failure)
{
    long status = failure->http_status;
    return failure->status == ZC_NO_FORM && (status == 401 || status == 403 || status == 429 || status / 100 == 5);
}

/* returns new: the class for an answer that has not Zuora's form, by its HTTP status */
static PyObject *
class_by_http_status(long http_status)
{
    PyObject *refusal_class = zc_import("zuora_connect.errors", "refusal_class");
    PyObject *class = refusal_class == NULL ? NULL : PyObject_CallFunction(refusal_class, "l[]", http_status);
    Py_XDECREF(refusal_class);
    return class;
}

/* returns new */
static PyObject *
class_of(const struct zc_failure *failure)
{
    return says_refusal(failure) ? class_by_http_status(failure->http_status)
                                 : zc_import("zuora_connect.errors", class_name_of(failure->status));
}

/* returns new */
static PyObject *
message_of(const struct zc_request *request, const struct zc_failure *failure, PyObject *detail)
{
    char http[32] = "";
    if (failure->http_status != 0) {
        (void)PyOS_snprintf(http, sizeof(http), "HTTP %ld: ", failure->http_status);
    }
    const char *text = zc_status_text(failure->status);
    if (failure->status == ZC_TIMEOUT) {
        return PyUnicode_FromFormat("login at %s failed: %s (in phase %s)", request->url.host, text,
                                    zc_phase_name(failure->phase));
    }
    if (PyUnicode_Check(detail) && PyUnicode_GetLength(detail) > 0) {
        return PyUnicode_FromFormat("login at %s failed: %s%s (%U)", request->url.host, http, text, detail);
    }
    return PyUnicode_FromFormat("login at %s failed: %s%s", request->url.host, http, text);
}

/* returns new: the keyword arguments of the exception's class */
static PyObject *
keywords_of(const struct zc_request *request, const struct zc_failure *failure)
{
    PyObject *keywords = PyDict_New();
    if (keywords == NULL) {
        return NULL;
    }
    bool is_refusal = says_refusal(failure);
    bool is_tls = strcmp(class_name_of(failure->status), "TLSError") == 0;
    if (zc_set_item(keywords, "url", PyUnicode_FromString(request->url.login)) < 0 ||
        zc_set_item(keywords, "status", failure->http_status == 0 ? Py_NewRef(Py_None) : PyLong_FromLong(failure->http_status)) <
            0 ||
        zc_set_item(keywords, "request_id", zc_text_safe(failure->request_id, failure->secrets, ZC_LATIN_1)) < 0 ||
        zc_set_item(keywords, "retryable", PyBool_FromLong(is_retryable(failure))) < 0 ||
        (!is_refusal && zc_set_item(keywords, "hint", PyUnicode_FromString(zc_status_hint(failure->status))) < 0) ||
        (failure->status == ZC_TIMEOUT &&
         zc_set_item(keywords, "phase", PyUnicode_FromString(zc_phase_name(failure->phase))) < 0) ||
        (is_tls && zc_set_item(keywords, "issuer_unknown",
                               PyBool_FromLong(failure->status == ZC_TLS_ISSUER || failure->status == ZC_TLS_NO_STORE)) < 0) ||
        (is_refusal && (failure->http_status == 429 || failure->http_status >= 500) && failure->retry_after >= 0 &&
         zc_set_item(keywords, "retry_after", PyFloat_FromDouble(failure->retry_after)) < 0)) {
        Py_CLEAR(keywords);
    }
    return keywords;
}

PyObject *
zc_error(const struct zc_request *request, const struct zc_failure *failure)
{
    if (failure->status == ZC_NO_MEMORY) {
        return PyErr_NoMemory();
    }
    PyObject *class = NULL;
    PyObject *keywords = NULL;
    PyObject *message = NULL;
    PyObject *args = NULL;
    PyObject *error = NULL;
    PyObject *detail = zc_text_safe(failure->detail, failure->secrets, ZC_UTF_8);
    if (detail == NULL) {
        goto done;
    }
    class = class_of(failure);
    if (class == NULL) {
        goto done;
    }
    keywords = keywords_of(request, failure);
    if (keywords == NULL) {
        goto done;
    }
    message = message_of(request, failure, detail);
    if (message == NULL) {
        goto done;
    }
    args = PyTuple_Pack(1, message);
    error = args == NULL ? NULL : PyObject_Call(class, args, keywords);
done:
    Py_XDECREF(args);
    Py_XDECREF(message);
    Py_XDECREF(keywords);
    Py_XDECREF(class);
    Py_XDECREF(detail);
    return error;
}
