/* os.environ keeps names and values as bytes in a dictionary, `_data`: that is safe to read while other threads set variables, and no frame
 * of Python's sees what is read. */
#include "python/environment.h"

#include "core/wipe.h"
#include "python/api.h"

#include <stdbool.h>

#ifdef Py_GIL_DISABLED

/* returns new: the dictionary; NULL where something else stands in the place of os.environ */
static PyObject *
variables(void)
{
    PyObject *mapping = zc_import("os", "environ");
    PyObject *data = zc_attribute(mapping, "_data");
    Py_XDECREF(mapping);
    if (data != NULL && !PyDict_Check(data)) {
        Py_CLEAR(data);
    }
    PyErr_Clear();
    return data;
}

static zc_status
read_from(PyObject *data, const char *name, char **value)
{
    PyObject *key = PyBytes_FromString(name);
    PyObject *found = NULL;
    *value = NULL;
    if (key != NULL && PyDict_GetItemRef(data, key, &found) > 0 && PyBytes_Check(found)) {
        *value = zc_wiping_strdup(PyBytes_AsString(found));
    }
    bool is_lost = PyErr_Occurred() || (found != NULL && *value == NULL);
    PyErr_Clear();
    Py_XDECREF(found);
    Py_XDECREF(key);
    return is_lost ? ZC_NO_MEMORY : ZC_OK;
}

zc_status
zc_environment_read_python(const char *name, char **value)
{
    PyObject *data = variables();
    if (data == NULL) {
        return zc_environment_read_process(name, value);
    }
    zc_status status = read_from(data, name, value);
    Py_DECREF(data);
    return status;
}

#endif
