/* The judged request as Python holds it. */
#include "python/capsule.h"

static const char capsule_name[] = "zuora_connect._core.request";
static const char forgotten_name[] = "zuora_connect._core.request, forgotten";

const char zc_forget_doc[] = "forget(request, /)\n--\n\n"
                             "Wipe a request at once, whoever still refers to it: an exception that is kept keeps its frames.";

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

const struct zc_request *
zc_capsule_request(PyObject *capsule)
{
    return PyCapsule_GetPointer(capsule, capsule_name);
}

PyObject *
zc_forget(PyObject *module, PyObject *capsule)
{
    (void)module;
    struct zc_request *request = PyCapsule_GetPointer(capsule, capsule_name);
    if (request == NULL || PyCapsule_SetDestructor(capsule, NULL) < 0 || PyCapsule_SetName(capsule, forgotten_name) < 0) {
        return NULL;
    }
    zc_request_free(request);
    Py_RETURN_NONE;
}
