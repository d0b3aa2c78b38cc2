/* The judged request as Python holds it, and what can be done with it there: again(). */
#include "python/capsule.h"

#include "python/connections.h"

static const char capsule_name[] = "zuora_connect._core.request";
static const char forgotten_name[] = "zuora_connect._core.request, forgotten";

const char zc_again_doc[] = "again(request, timeout_ms, connect_timeout_ms, ca_file, /)\n--\n\n"
                            "Make another try, and return a Connection or a ZuoraError.\n"
                            "ca_file: None, or a bundle to use in place of the CA stores that were found.";

static void
free_capsule(PyObject *capsule)
{
    zc_request_free(PyCapsule_GetPointer(capsule, capsule_name));
}

PyObject *
zc_capsule_new(struct zc_request *request)
{
    PyObject *capsule = PyCapsule_New(request, capsule_name, free_capsule);
    if (capsule == NULL) {
        zc_request_free(request);
    }
    return capsule;
}

PyObject *
zc_again(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    if (n_args != 4) {
        return zc_raise(PyExc_TypeError, "again() takes 4 arguments");
    }
    const struct zc_request *request = PyCapsule_GetPointer(args[0], capsule_name);
    if (request == NULL) {
        return NULL;
    }
    long timeout_ms = PyLong_AsLong(args[1]);
    long connect_timeout_ms = timeout_ms == -1 && PyErr_Occurred() ? -1 : PyLong_AsLong(args[2]);
    if (PyErr_Occurred()) {
        return NULL;
    }
    const char *last_resort = NULL;
    if (args[3] != Py_None) {
        last_resort = PyUnicode_AsUTF8AndSize(args[3], NULL);
        if (last_resort == NULL) {
            return NULL;
        }
    }
    return zc_connections(zc_state_of(module), request, timeout_ms, connect_timeout_ms, last_resort);
}

void
zc_capsule_forget(PyObject *capsule)
{
    if (capsule != NULL) {
        struct zc_request *request = PyCapsule_GetPointer(capsule, capsule_name);
        (void)PyCapsule_SetDestructor(capsule, NULL);
        (void)PyCapsule_SetName(capsule, forgotten_name);
        zc_request_free(request);
    }
}
