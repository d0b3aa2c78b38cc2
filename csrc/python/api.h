/* Python's C API and what every file of the binding asks of it. One thing is changed: the running Python counts references.
 * What the limited API of 3.11 inlines knows no immortal objects, which later interpreters share: each with a GIL of its own, so that
 * they would count None at the same time. */
#ifndef ZC_API_H
#define ZC_API_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if !defined(Py_GIL_DISABLED) && (!defined(Py_LIMITED_API) || Py_LIMITED_API != 0x030B0000)
#error "the binary has to serve every Python from 3.11 on: only a free-threaded one, which has no limited API, is built for alone"
#endif

#ifdef Py_LIMITED_API
#undef Py_DECREF
#define Py_DECREF(object) Py_DecRef((PyObject *)(object))
#undef Py_XDECREF
#define Py_XDECREF(object) Py_DecRef((PyObject *)(object))
#undef Py_NewRef /* also a function, which this leaves */
#endif

/* PyErr_Format, but MemoryError where there is no memory for the text: before Python 3.11.5 that is lost. Returns NULL. */
PyObject *
zc_raise(PyObject *class, const char *format, ...);

/* TypeError: "NAME: must be EXPECTED, not the type of `given`". Returns -1. */
int
zc_raise_type(const char *name, const char *expected, PyObject *given);

/* Steals `value`; a NULL one passes its exception on. 0, or -1 with an exception set. */
int
zc_set_item(PyObject *dict, const char *key, PyObject *value);

/* returns new; of a NULL object NULL, whose exception it passes on */
PyObject *
zc_attribute(PyObject *object, const char *name);

/* returns new: what a method without arguments returns; of a NULL object as zc_attribute() */
PyObject *
zc_call_method(PyObject *object, const char *name);

/* returns new: an attribute of a module that is imported only when it is needed */
PyObject *
zc_import(const char *module, const char *name);

#endif
