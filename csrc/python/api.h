/* Python's C API, with one change: the running Python counts references. What the limited API of 3.11 inlines knows no immortal objects,
 * which later interpreters share: each with a GIL of its own, so that they would count None at the same time. */
#ifndef ZC_API_H
#define ZC_API_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#ifdef Py_LIMITED_API
#undef Py_DECREF
#define Py_DECREF(object) Py_DecRef((PyObject *)(object))
#undef Py_XDECREF
#define Py_XDECREF(object) Py_DecRef((PyObject *)(object))
#undef Py_NewRef /* also a function, which this leaves */
#endif

#endif
