/* connect()'s parameters: found by name, and those that are no text judged. No message quotes a value. */
#include "python/arguments.h"

#include <math.h>

#define N_BY_POSITION 2 /* username, password */
#define MAX_RETRIES   10
#define MAX_SECONDS   86400

/* The name at a call site is nearly always the very object that the state holds. */
static int
index_of(const struct zc_state *state, PyObject *name)
{
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        if (state->parameters[i] == name) {
            return i;
        }
    }
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        if (PyUnicode_Compare(state->parameters[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int
read_named(const struct zc_state *state, const char *function, PyObject *name, PyObject *value, PyObject *given[ZC_N_PARAMETERS])
{
    int index = index_of(state, name);
    if (index < 0) {
        (void)zc_raise(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'", function, name);
        return -1;
    }
    if (given[index] != NULL) {
        (void)zc_raise(PyExc_TypeError, "%s() got multiple values for argument '%U'", function, name);
        return -1;
    }
    given[index] = Py_NewRef(value);
    return 0;
}

int
zc_arguments_read(const struct zc_state *state, const char *function, PyObject *const *args, Py_ssize_t n_args, PyObject *names,
                  PyObject *given[ZC_N_PARAMETERS])
{
    Py_ssize_t n_names = names == NULL ? 0 : PyTuple_Size(names);
    if (n_args > N_BY_POSITION) {
        (void)zc_raise(PyExc_TypeError, "%s() takes from 0 to %d positional arguments but %zd were given", function,
                       N_BY_POSITION, n_args);
        return -1;
    }
    for (Py_ssize_t i = 0; i < n_args; i++) {
        given[i] = Py_NewRef(args[i]);
    }
    for (Py_ssize_t i = 0; i < n_names; i++) {
        if (read_named(state, function, PyTuple_GetItem(names, i), args[n_args + i], given) < 0) {
            return -1;
        }
    }
    for (int i = 0; i < ZC_PARAMETER_TIMEOUT; i++) { /* None is a value of its own to those behind */
        if (given[i] == Py_None) {
            Py_CLEAR(given[i]);
        }
    }
    return 0;
}

int
zc_arguments_retries(PyObject *given, long *retries)
{
    if (given == NULL) {
        return 0;
    }
    if (PyBool_Check(given) || !PyLong_Check(given)) {
        return zc_raise_type("retries", "an int", given);
    }
    int overflow = 0;
    *retries = PyLong_AsLongAndOverflow(given, &overflow);
    if (PyErr_Occurred()) {
        return -1;
    }
    if (overflow != 0 || *retries < 0 || *retries > MAX_RETRIES) {
        (void)zc_raise(PyExc_ValueError, "retries: must be from 0 to %d", MAX_RETRIES);
        return -1;
    }
    return 0;
}

int
zc_arguments_check(PyObject *given, bool *check)
{
    if (given == NULL) {
        return 0;
    }
    if (!PyBool_Check(given)) {
        return zc_raise_type("check", "a bool", given);
    }
    *check = given == Py_True;
    return 0;
}

int
zc_arguments_ms(const char *name, PyObject *given, long *ms)
{
    if (given == NULL) {
        return 0;
    }
    if (PyBool_Check(given) || !(PyFloat_Check(given) || PyLong_Check(given) || given == Py_None)) {
        return zc_raise_type(name, "an int or a float (seconds)", given);
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
