/* The form that travels to zuora_connect._credentials and back: an object that shows nothing of what it holds, since frames of Python's
 * have it among their locals. */
#include "python/credentials.h"

#define MODULE "zuora_connect._credentials"

long
zc_origin_number(const struct zc_origin *origin)
{
    return origin->username | origin->password << 1 | origin->base_url << 2;
}

/* Steals `value`; a NULL one passes its exception on. */
static int
set(PyObject *form, const char *name, PyObject *value)
{
    int result = value == NULL ? -1 : PyObject_SetAttrString(form, name, value);
    Py_XDECREF(value);
    return result;
}

/* returns new */
static PyObject *
values_of(const struct zc_state *state, PyObject *const *given)
{
    PyObject *values = PyDict_New();
    for (int i = 0; values != NULL && i < ZC_N_PARAMETERS; i++) {
        if (given[i] != NULL && PyDict_SetItem(values, state->parameters[i], given[i]) < 0) {
            Py_CLEAR(values);
        }
    }
    return values;
}

/* returns new */
static PyObject *
new_form(const struct zc_state *state, const struct zc_known *known)
{
    PyObject *class = zc_import("zuora_connect._form", "Form");
    PyObject *form = class == NULL ? NULL : PyObject_CallNoArgs(class);
    Py_XDECREF(class);
    if (form != NULL && (set(form, "values", values_of(state, known->given)) < 0 ||
                         set(form, "origin", PyLong_FromLong(zc_origin_number(&known->origin))) < 0 ||
                         set(form, "profile", Py_NewRef(known->profile == NULL ? Py_None : known->profile)) < 0 ||
                         set(form, "timeout", PyFloat_FromDouble((double)known->timeout_ms / 1000)) < 0 ||
                         set(form, "asks", PyBool_FromLong(known->manner->asks)) < 0 ||
                         set(form, "tells", PyBool_FromLong(known->manner->tells)) < 0 ||
                         set(form, "plans", PyBool_FromLong(known->manner->plans)) < 0)) {
        zc_credentials_free(form);
        form = NULL;
    }
    return form;
}

/* returns new: what a function of the module made of the form, and of `more` unless that is NULL */
static PyObject *
call(const char *name, PyObject *form, PyObject *more)
{
    PyObject *function = zc_import(MODULE, name);
    PyObject *result = function == NULL ? NULL : PyObject_CallFunctionObjArgs(function, form, more, NULL);
    Py_XDECREF(function);
    return result;
}

PyObject *
zc_credentials_complete(const struct zc_state *state, const struct zc_known *known)
{
    PyObject *form = new_form(state, known);
    PyObject *done = form == NULL ? NULL : call("complete", form, NULL);
    if (done == NULL) {
        zc_credentials_free(form);
        return NULL;
    }
    Py_DECREF(done);
    return form;
}

int
zc_credentials_take(const struct zc_state *state, PyObject *form, PyObject *given[ZC_N_PARAMETERS])
{
    PyObject *values = zc_attribute(form, "values");
    for (int i = 0; values != NULL && i < ZC_N_PARAMETERS; i++) {
        PyObject *value = given[i] != NULL ? NULL : PyDict_GetItemWithError(values, state->parameters[i]);
        if (value != NULL) {
            given[i] = Py_NewRef(value);
        }
    }
    Py_XDECREF(values);
    return PyErr_Occurred() ? -1 : 0;
}

int
zc_credentials_raise_missing(PyObject *form, const char *name, const char *variable)
{
    PyObject *looked = form == NULL ? PyUnicode_FromString("") : call("where_it_was_looked_for", form, NULL);
    if (looked != NULL) {
        (void)zc_raise(PyExc_ValueError, "%s: is missing; give the argument, set the variable %s, or use a profile%U", name,
                       variable, looked);
        Py_DECREF(looked);
    }
    return -1;
}

void
zc_credentials_blame(PyObject *form)
{
    PyObject *type = NULL;
    PyObject *error = NULL;
    PyObject *traceback = NULL;
    PyErr_Fetch(&type, &error, &traceback);
    PyErr_NormalizeException(&type, &error, &traceback);
    PyObject *message = type == PyExc_ValueError ? PyObject_Str(error) : NULL;
    PyObject *blamed = message == NULL ? NULL : call("blame", form, message);
    if (blamed != NULL) {
        PyErr_SetObject(PyExc_ValueError, blamed);
    }
    if (PyErr_Occurred() && (blamed != NULL || !PyErr_ExceptionMatches(PyExc_Exception))) { /* an interrupt goes before */
        Py_XDECREF(type);
        Py_XDECREF(error);
        Py_XDECREF(traceback);
    }
    else {
        PyErr_Restore(type, error, traceback);
    }
    Py_XDECREF(blamed);
    Py_XDECREF(message);
}

int
zc_credentials_save(PyObject *form, PyObject *connection)
{
    PyObject *done = call("save", form, connection);
    Py_XDECREF(done);
    return done == NULL ? -1 : 0;
}

void
zc_credentials_free(PyObject *form)
{
    if (form == NULL) {
        return;
    }
    PyObject *type = NULL;
    PyObject *error = NULL;
    PyObject *traceback = NULL;
    PyErr_Fetch(&type, &error, &traceback);
    PyObject *values = zc_attribute(form, "values");
    if (values != NULL) {
        PyDict_Clear(values);
        Py_DECREF(values);
        (void)PyObject_DelAttrString(form, "values"); /* a thread that was left behind finds nothing to fill */
    }
    PyErr_Restore(type, error, traceback);
    Py_DECREF(form);
}
