/* Answer and verdict -> the Connection, a dictionary, key by key. Every value of a server's is made safe on its way. */
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
    PyObject *code = reason->code_is_text ? zc_text_safe(zc_slice_of(reason->code_text), r->secrets, ZC_UTF_8)
                                          : PyLong_FromLongLong(reason->code);
    if (set_item(state, dict, ZC_KEY_CODE, code) < 0 ||
        set_item(state, dict, ZC_KEY_MESSAGE, zc_text_safe(zc_slice_of(reason->message), r->secrets, ZC_UTF_8)) < 0) {
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
    const struct zc_slice policy = {a->policy.bytes, a->policy.len};
    PyObject *dict = PyDict_New();
    if (dict != NULL && (set_item(state, dict, ZC_KEY_LIMIT, number_or_none(a->limit)) < 0 ||
                         set_item(state, dict, ZC_KEY_REMAINING, number_or_none(a->remaining)) < 0 ||
                         set_item(state, dict, ZC_KEY_RESET, number_or_none(a->reset)) < 0 ||
                         set_item(state, dict, ZC_KEY_POLICY, zc_text_safe(policy, r->secrets, ZC_LATIN_1)) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}

/* returns new: `before` and `value` as one list of values, cut as any text; what only both together quote is found here */
static PyObject *
join_values(PyObject *before, PyObject *value, const struct zc_secrets *secrets)
{
    if (PyUnicode_GetLength(before) >= ZC_MAX_CHARACTERS) {
        return Py_NewRef(before);
    }
    PyObject *joined = PyUnicode_FromFormat("%U, %U", before, value);
    PyObject *bytes = joined == NULL ? NULL : PyUnicode_AsLatin1String(joined);
    PyObject *safe = NULL;
    if (bytes != NULL) {
        struct zc_slice text = {PyBytes_AsString(bytes), (size_t)PyBytes_Size(bytes)};
        safe = zc_text_safe(text, secrets, ZC_LATIN_1);
    }
    Py_XDECREF(bytes);
    Py_XDECREF(joined);
    return safe;
}

static bool
is_set_cookie(const struct zc_header *header)
{
    return zc_slice_is(header->name, "set-cookie");
}

/* `name` is the text of header->name. `quoted`: those of `secrets` that a line alone may quote. */
static int
add_named_header(PyObject *dict, PyObject *name, const struct zc_header *header, const struct zc_secrets *quoted,
                 const struct zc_secrets *secrets)
{
    PyObject *value = zc_text_safe(header->value, quoted, ZC_LATIN_1);
    PyObject *before = value == NULL ? NULL : PyDict_GetItemWithError(dict, name);
    if (before != NULL) {
        PyObject *joined = join_values(before, value, secrets);
        Py_DECREF(value);
        value = joined;
    }
    int result = value == NULL || PyErr_Occurred() ? -1 : PyDict_SetItem(dict, name, value);
    Py_XDECREF(value);
    return result;
}

static int
add_header(PyObject *dict, const struct zc_header *header, const struct zc_secrets *quoted, const struct zc_secrets *secrets)
{
    if (is_set_cookie(header)) {
        return 0;
    }
    PyObject *name = zc_text_name(header->name, quoted);
    int result = name == NULL ? -1 : add_named_header(dict, name, header, quoted, secrets);
    Py_XDECREF(name);
    return result;
}

/* Header lines lie one after the other, so that one look serves all between two cookies, which quote the session rightly. */
static bool
quotes_a_secret(const struct zc_result *r)
{
    const char *start = NULL;
    const char *end = NULL;
    bool found = false;
    for (size_t i = 0; i < r->n_headers && !found; i++) {
        const struct zc_header *header = &r->headers[i];
        if (is_set_cookie(header)) {
            found = start != NULL && zc_secret_is_quoted(start, (size_t)(end - start), r->secrets);
            start = NULL;
            continue;
        }
        start = start == NULL ? header->name.bytes : start;
        end = header->value.bytes + header->value.len;
    }
    return found || (start != NULL && zc_secret_is_quoted(start, (size_t)(end - start), r->secrets));
}

/* returns new */
static PyObject *
headers_dict(const struct zc_result *r)
{
    static const struct zc_secrets none;
    const struct zc_secrets *quoted = quotes_a_secret(r) ? r->secrets : &none;
    PyObject *dict = PyDict_New();
    for (size_t i = 0; dict != NULL && i < r->n_headers; i++) {
        if (add_header(dict, &r->headers[i], quoted, r->secrets) < 0) {
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
    PyObject *text = value == NULL ? NULL : PyUnicode_Concat(state->cookie_prefix, value);
    PyObject *cookie = text == NULL ? NULL : PyObject_CallFunctionObjArgs(state->session_cookie_class, text, NULL);
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

/* returns new: without its __init__, which is for dictionaries that are made elsewhere */
static PyObject *
new_connection(const struct zc_state *state, const char *base_url)
{
    PyTypeObject *class = (PyTypeObject *)state->connection_class;
    PyObject *url = PyUnicode_FromString(base_url);
    PyObject *connection = url == NULL ? NULL : ((newfunc)PyType_GetSlot(class, Py_tp_new))(class, state->no_arguments, NULL);
    if (connection != NULL && PyObject_SetAttr(connection, state->base_url, url) < 0) {
        Py_CLEAR(connection);
    }
    Py_XDECREF(url);
    return connection;
}

/* 0, or -1 with an exception set. No answer tells the entity, so what the caller asked for is kept, where it is shown. */
static int
set_entity(PyObject *connection, const char *entity)
{
    if (entity == NULL) {
        return 0;
    }
    PyObject *text = PyUnicode_FromString(entity);
    int result = text == NULL ? -1 : PyObject_SetAttrString(connection, "_entity", text);
    Py_XDECREF(text);
    return result;
}

bool
zc_result_is_session(const struct zc_state *state, PyObject *outcome)
{
    return PyDict_Check(outcome) && PyDict_GetItem(outcome, state->keys[ZC_KEY_SUCCESS]) == Py_True;
}

PyObject *
zc_result_connection(const struct zc_state *state, const struct zc_result *r)
{
    PyObject *dict = new_connection(state, r->base_url);
    if (dict == NULL) {
        return NULL;
    }
    const struct zc_answer *answer = r->answer;
    if (set_entity(dict, r->entity) < 0 || set_item(state, dict, ZC_KEY_SUCCESS, PyBool_FromLong(r->success)) < 0 ||
        set_item(state, dict, ZC_KEY_PROCESS_ID, zc_text_safe(zc_slice_of(r->verdict->process_id), r->secrets, ZC_UTF_8)) < 0 ||
        set_item(state, dict, ZC_KEY_REASONS, reasons_list(state, r)) < 0 ||
        set_item(state, dict, ZC_KEY_SESSION_COOKIE, cookie_text(state, r)) < 0 ||
        set_item(state, dict, ZC_KEY_RATE_LIMIT, rate_limit_dict(state, r)) < 0 ||
        set_item(state, dict, ZC_KEY_RETRY_AFTER, retry_after(r)) < 0 ||
        set_item(state, dict, ZC_KEY_REQUEST_ID, zc_text_safe(answer->request_id, r->secrets, ZC_LATIN_1)) < 0 ||
        set_item(state, dict, ZC_KEY_TRACK_ID, zc_text_safe(answer->track_id, r->secrets, ZC_LATIN_1)) < 0 ||
        set_item(state, dict, ZC_KEY_STATUS, PyLong_FromLong(r->http_status)) < 0 ||
        set_item(state, dict, ZC_KEY_HEADERS, headers_dict(r)) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}
