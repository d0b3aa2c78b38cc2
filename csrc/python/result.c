/* Answer and verdict -> the dictionary, key by key. Every value of a server's is made safe on its way. */
#include "python/result.h"

#include "core/slice.h"
#include "python/text.h"

/* Steals `value`; a NULL one passes its exception on. */
static int
set_item(const struct zc_state *state, PyObject *dict, zc_key key, PyObject *value)
{
    int result = value == NULL ? -1 : PyDict_SetItem(dict, state->keys[key], value);
    Py_XDECREF(value);
    return result;
}

/* returns new */
static PyObject *
number_or_none(int64_t number)
{
    return number < 0 ? Py_NewRef(Py_None) : PyLong_FromLongLong(number);
}

/* returns new */
static PyObject *
reason_dict(const struct zc_state *state, const struct zc_result *r, const struct zc_reason *reason)
{
    PyObject *dict = PyDict_New();
    if (dict == NULL) {
        return NULL;
    }
    PyObject *code = reason->code_is_text ? zc_text_safe_or_none(state, r->request, reason->code_text, ZC_UTF_8)
                                          : PyLong_FromLongLong(reason->code);
    if (set_item(state, dict, ZC_KEY_CODE, code) < 0 ||
        set_item(state, dict, ZC_KEY_MESSAGE, zc_text_safe_or_none(state, r->request, reason->message, ZC_UTF_8)) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

/* returns new */
static PyObject *
reasons_list(const struct zc_state *state, const struct zc_result *r)
{
    PyObject *list = PyList_New((Py_ssize_t)r->verdict->n_reasons);
    for (size_t i = 0; list != NULL && i < r->verdict->n_reasons; i++) {
        PyObject *reason = reason_dict(state, r, &r->verdict->reasons[i]);
        if (reason == NULL || PyList_SetItem(list, (Py_ssize_t)i, reason) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

/* returns new */
static PyObject *
rate_limit_dict(const struct zc_state *state, const struct zc_result *r)
{
    const struct zc_answer *a = r->answer;
    PyObject *dict = PyDict_New();
    if (dict != NULL &&
        (set_item(state, dict, ZC_KEY_LIMIT, number_or_none(a->limit)) < 0 ||
         set_item(state, dict, ZC_KEY_REMAINING, number_or_none(a->remaining)) < 0 ||
         set_item(state, dict, ZC_KEY_RESET, number_or_none(a->reset)) < 0 ||
         set_item(state, dict, ZC_KEY_POLICY, zc_text_safe(state, r->request, a->policy.bytes, a->policy.len, ZC_LATIN_1)) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}

/* returns new: `before` and `value` as one list of values, cut as any text of a server's */
static PyObject *
join_values(PyObject *before, PyObject *value)
{
    PyObject *joined = PyUnicode_FromFormat("%U, %U", before, value);
    PyObject *cut = joined == NULL ? NULL : PyUnicode_Substring(joined, 0, ZC_MAX_CHARACTERS);
    Py_XDECREF(joined);
    return cut;
}

/* returns new: the name in lower case, as HTTP/2 has it */
static PyObject *
lower_name(const struct zc_state *state, const struct zc_result *r, const char *name)
{
    PyObject *safe = zc_text_safe_or_none(state, r->request, name, ZC_LATIN_1);
    PyObject *lower = safe == NULL ? NULL : PyObject_CallMethodObjArgs(safe, state->lower, NULL);
    Py_XDECREF(safe);
    return lower;
}

static int
add_header(const struct zc_state *state, const struct zc_result *r, PyObject *dict, const struct zc_header *header)
{
    if (zc_slice_is(zc_slice_of(header->name), "set-cookie")) {
        return 0;
    }
    int result = -1;
    PyObject *value = NULL;
    PyObject *name = lower_name(state, r, header->name);
    if (name == NULL) {
        return -1;
    }
    value = zc_text_safe_or_none(state, r->request, header->value, ZC_LATIN_1);
    PyObject *before = value == NULL ? NULL : PyDict_GetItemWithError(dict, name);
    if (before != NULL) {
        PyObject *joined = join_values(before, value);
        Py_DECREF(value);
        value = joined;
    }
    if (value != NULL && !PyErr_Occurred()) {
        result = PyDict_SetItem(dict, name, value);
    }
    Py_XDECREF(value);
    Py_DECREF(name);
    return result;
}

/* returns new */
static PyObject *
headers_dict(const struct zc_state *state, const struct zc_result *r)
{
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict != NULL && i < r->n_headers; i++) {
        if (add_header(state, r, dict, &r->headers[i]) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

/* returns new: text that its repr masks before any Python code has it in a variable */
static PyObject *
cookie_text(const struct zc_state *state, const struct zc_result *r)
{
    if (!r->success) {
        return Py_NewRef(Py_None);
    }
    PyObject *value = PyUnicode_FromStringAndSize(r->answer->cookie.bytes, (Py_ssize_t)r->answer->cookie.len);
    PyObject *text = value == NULL ? NULL : PyUnicode_FromFormat("ZSession=%U", value);
    PyObject *cookie = text == NULL ? NULL : PyObject_CallFunctionObjArgs(state->session_cookie, text, NULL);
    Py_XDECREF(text);
    Py_XDECREF(value);
    return cookie;
}

/* returns new */
static PyObject *
retry_after(const struct zc_result *r)
{
    bool says_wait = zc_verdict_says_wait((int)r->http_status, zc_verdict_category(r->verdict));
    return says_wait && r->answer->wait >= 0 ? PyFloat_FromDouble(r->answer->wait) : Py_NewRef(Py_None);
}

PyObject *
zc_result_dict(const struct zc_state *state, const struct zc_result *r)
{
    PyObject *dict = PyDict_New();
    if (dict == NULL) {
        return NULL;
    }
    const struct zc_request *request = r->request;
    if (set_item(state, dict, ZC_KEY_SUCCESS, PyBool_FromLong(r->success)) < 0 ||
        set_item(state, dict, ZC_KEY_PROCESS_ID, zc_text_safe_or_none(state, request, r->verdict->process_id, ZC_UTF_8)) < 0 ||
        set_item(state, dict, ZC_KEY_REASONS, reasons_list(state, r)) < 0 ||
        set_item(state, dict, ZC_KEY_SESSION_COOKIE, cookie_text(state, r)) < 0 ||
        set_item(state, dict, ZC_KEY_RATE_LIMIT, rate_limit_dict(state, r)) < 0 ||
        set_item(state, dict, ZC_KEY_RETRY_AFTER, retry_after(r)) < 0 ||
        set_item(state, dict, ZC_KEY_REQUEST_ID, zc_text_safe_or_none(state, request, r->answer->request_id, ZC_LATIN_1)) < 0 ||
        set_item(state, dict, ZC_KEY_TRACK_ID, zc_text_safe_or_none(state, request, r->answer->track_id, ZC_LATIN_1)) < 0 ||
        set_item(state, dict, ZC_KEY_STATUS, PyLong_FromLong(r->http_status)) < 0 ||
        set_item(state, dict, ZC_KEY_HEADERS, headers_dict(state, r)) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}
