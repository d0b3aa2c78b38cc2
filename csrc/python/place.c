/* The variables ZUORA_*, and what an environment's name stands for. */
#include "python/place.h"

#include "core/environment.h"
#include "core/wipe.h"
#include "python/credentials.h"

PyObject *
zc_variable(const char *name)
{
    char *value;
    if (zc_environment_read(name, &value) != ZC_OK) {
        return PyErr_NoMemory();
    }
    PyObject *text = value == NULL || value[0] == '\0' ? NULL : PyUnicode_DecodeFSDefault(value);
    zc_wiping_free(value);
    return text;
}

static void
raise_unknown(PyObject *environment)
{
    PyObject *nearest = zc_import("zuora_connect._environments", "nearest");
    PyObject *names = nearest == NULL ? NULL : PyObject_CallFunctionObjArgs(nearest, environment, NULL);
    if (names != NULL) {
        (void)zc_raise(PyExc_ValueError, "environment: is none of zuora_connect.ENVIRONMENTS; the nearest: %U", names);
    }
    Py_XDECREF(names);
    Py_XDECREF(nearest);
}

PyObject *
zc_place_of(PyObject *environment)
{
    if (!PyUnicode_Check(environment)) {
        (void)zc_raise_type("environment", "a str", environment);
        return NULL;
    }
    PyObject *function = zc_import("zuora_connect._environments", "url_of");
    PyObject *url = function == NULL ? NULL : PyObject_CallFunctionObjArgs(function, environment, NULL);
    if (url == Py_None) {
        Py_CLEAR(url);
        raise_unknown(environment);
    }
    Py_XDECREF(function);
    return url;
}

PyObject *
zc_place_of_variables(int *origin)
{
    PyObject *url = zc_variable("ZUORA_BASE_URL");
    *origin = ZC_FROM_VARIABLE;
    if (url != NULL || PyErr_Occurred()) {
        return url;
    }
    PyObject *environment = zc_variable("ZUORA_ENVIRONMENT");
    *origin = environment == NULL ? ZC_FROM_DEFAULT : ZC_FROM_SECOND_VARIABLE;
    if (environment != NULL) {
        url = zc_place_of(environment);
        Py_DECREF(environment);
    }
    return url;
}
