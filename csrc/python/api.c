/* Exceptions that are raised, items that are set and modules that are imported, in one line. */
#include "python/api.h"

#include <stdarg.h>

PyObject *
zc_raise(PyObject *class, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    PyObject *text = PyUnicode_FromFormatV(format, values);
    va_end(values);
    if (text != NULL) {
        PyErr_SetObject(class, text);
        Py_DECREF(text);
    }
    return NULL;
}

int
zc_raise_type(const char *name, const char *expected, PyObject *given)
{
    PyObject *type_name = PyType_GetName(Py_TYPE(given));
    if (type_name != NULL) {
        (void)zc_raise(PyExc_TypeError, "%s: must be %s, not %U", name, expected, type_name);
        Py_DECREF(type_name);
    }
    return -1;
}

int
zc_set_item(PyObject *dict, const char *key, PyObject *value)
{
    int result = value == NULL ? -1 : PyDict_SetItemString(dict, key, value);
    Py_XDECREF(value);
    return result;
}

/* CPython's type cache keeps every name that was looked up; an interned one is always the same. */
PyObject *
zc_attribute(PyObject *object, const char *name)
{
    PyObject *interned = object == NULL ? NULL : PyUnicode_InternFromString(name);
    PyObject *attribute = interned == NULL ? NULL : PyObject_GetAttr(object, interned);
    Py_XDECREF(interned);
    return attribute;
}

PyObject *
zc_import(const char *module, const char *name)
{
    PyObject *imported = PyImport_ImportModule(module);
    PyObject *attribute = zc_attribute(imported, name);
    Py_XDECREF(imported);
    return attribute;
}

PyObject *
zc_call_method(PyObject *object, const char *name)
{
    PyObject *method = zc_attribute(object, name);
    PyObject *result = method == NULL ? NULL : PyObject_CallNoArgs(method);
    Py_XDECREF(method);
    return result;
}
