/* Python arguments -> a judged request, so that from here on the credentials live in wiped memory only. */
#include "python/request.h"

static bool
is_file(zc_argument argument)
{
    return argument == ZC_CA_FILE || argument == ZC_CA_DIR || argument == ZC_CLIENT_CERT || argument == ZC_CLIENT_KEY;
}

/* UnicodeEncodeError holds the whole value, so it must not survive, not even as a context. */
static void
replace_encode_error(zc_argument argument)
{
    if (PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) {
        PyErr_Clear();
        (void)zc_raise(PyExc_ValueError, "%s: holds a lone surrogate, which UTF-8 cannot carry", zc_argument_name(argument));
    }
}

/* Borrows the text from `given`, or from *held, which the caller releases. */
static int
read_value(zc_argument argument, PyObject *given, struct zc_value *value, PyObject **held)
{
    if (given == NULL) {
        return 0;
    }
    bool is_path =
        is_file(argument) && !PyUnicode_Check(given) && PyObject_HasAttrString((PyObject *)Py_TYPE(given), "__fspath__");
    *held = is_path ? PyOS_FSPath(given) : Py_NewRef(given);
    if (*held == NULL) {
        return -1;
    }
    if (!PyUnicode_Check(*held)) {
        return zc_raise_type(zc_argument_name(argument), is_file(argument) ? "a str or os.PathLike" : "a str", *held);
    }
    Py_ssize_t len = 0;
    value->bytes = PyUnicode_AsUTF8AndSize(*held, &len);
    if (value->bytes == NULL) {
        replace_encode_error(argument);
        return -1;
    }
    value->len = (size_t)len;
    return 0;
}

/* returns new, or NULL with an exception set */
static struct zc_request *
judge(const struct zc_value values[ZC_N_ARGUMENTS])
{
    struct zc_request *request;
    struct zc_problem problem;
    switch (zc_request_new(&request, values, &problem)) {
    case ZC_OK:
        return request;
    case ZC_INPUT:
        (void)zc_raise(PyExc_ValueError, "%s: %s", problem.argument, problem.text);
        return NULL;
    default:
        (void)PyErr_NoMemory();
        return NULL;
    }
}

struct zc_request *
zc_request_read(PyObject *const given[ZC_N_ARGUMENTS])
{
    struct zc_value values[ZC_N_ARGUMENTS] = {{NULL, 0}};
    PyObject *held[ZC_N_ARGUMENTS] = {NULL};
    struct zc_request *request = NULL;
    for (int i = 0; i < ZC_N_ARGUMENTS; i++) {
        if (read_value((zc_argument)i, given[i], &values[i], &held[i]) < 0) {
            goto done;
        }
    }
    request = judge(values);
done:
    for (int i = 0; i < ZC_N_ARGUMENTS; i++) {
        Py_XDECREF(held[i]);
    }
    return request;
}
