/* Python arguments -> a judged request, so that from here on the credentials live in wiped memory only. */
#include "python/request.h"

#include "python/errors.h"

#include <math.h>

#define MAX_SECONDS 86400

static bool
is_required(zc_argument argument)
{
    return argument == ZC_USERNAME || argument == ZC_PASSWORD || argument == ZC_BASE_URL;
}

static bool
is_file(zc_argument argument)
{
    return argument == ZC_CA_FILE || argument == ZC_CA_DIR || argument == ZC_CLIENT_CERT || argument == ZC_CLIENT_KEY;
}

static void
raise_wrong_type(zc_argument argument, PyObject *given)
{
    PyObject *type_name = PyType_GetName(Py_TYPE(given));
    if (type_name != NULL) {
        (void)zc_raise(PyExc_TypeError, "%s: must be a str%s, not %U", zc_argument_name(argument),
                       is_file(argument) ? " or os.PathLike" : "", type_name);
        Py_DECREF(type_name);
    }
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
    if (given == Py_None && !is_required(argument)) {
        return 0;
    }
    if (is_file(argument) && !PyUnicode_Check(given)) {
        *held = PyOS_FSPath(given);
        if (*held == NULL && !PyErr_ExceptionMatches(PyExc_TypeError)) {
            return -1;
        }
        PyErr_Clear();
    }
    else {
        *held = Py_NewRef(given);
    }
    if (*held == NULL || !PyUnicode_Check(*held)) {
        raise_wrong_type(argument, given);
        return -1;
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

/* Whole milliseconds, rounded up. There is no "for ever". */
static int
read_seconds(const char *name, PyObject *given, long *ms)
{
    if (PyBool_Check(given) || !(PyFloat_Check(given) || PyLong_Check(given) || given == Py_None)) {
        (void)zc_raise(PyExc_TypeError, "%s: must be an int or a float (seconds)", name);
        return -1;
    }
    double seconds = given == Py_None ? NAN : PyFloat_AsDouble(given);
    if (PyErr_Occurred()) {
        if (!PyErr_ExceptionMatches(PyExc_OverflowError)) {
            return -1;
        }
        PyErr_Clear();
        seconds = INFINITY;
    }
    if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
        (void)zc_raise(PyExc_ValueError, "%s: must be more than 0 and at most %d seconds", name, MAX_SECONDS);
        return -1;
    }
    *ms = (long)ceil(seconds * 1000);
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
zc_request_read(PyObject *const *args, Py_ssize_t n_args, long *timeout_ms, long *connect_timeout_ms)
{
    struct zc_value values[ZC_N_ARGUMENTS] = {{NULL, 0}};
    PyObject *held[ZC_N_ARGUMENTS] = {NULL};
    struct zc_request *request = NULL;
    if (n_args != ZC_N_ARGUMENTS + 2) {
        (void)zc_raise(PyExc_TypeError, "connections() takes %d arguments", (int)ZC_N_ARGUMENTS + 2);
        return NULL;
    }
    if (read_seconds("timeout", args[ZC_N_ARGUMENTS], timeout_ms) < 0 ||
        read_seconds("connect_timeout", args[ZC_N_ARGUMENTS + 1], connect_timeout_ms) < 0) {
        return NULL;
    }
    for (int i = 0; i < ZC_N_ARGUMENTS; i++) {
        if (read_value((zc_argument)i, args[i], &values[i], &held[i]) < 0) {
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
