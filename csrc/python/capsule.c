/* The judged request as Python holds it, and what can be done with it there: again(). */
#include "python/capsule.h"

#include "python/connections.h"

#include <stdatomic.h>
#include <stdlib.h>

static const char capsule_name[] = "zuora_connect._core.request";

/* What a capsule points to, as long as it lives. The request goes earlier: once it is forgotten and no try uses it. */
struct held {
    struct zc_request *request;
    atomic_size_t n_users; /* the tries under way, and the capsule until it forgets */
    atomic_bool is_forgotten;
};

const char zc_again_doc[] = "again(request, timeout_ms, connect_timeout_ms, ca_file, /)\n--\n\n"
                            "Make another try, and return a Connection or a ZuoraError.\n"
                            "ca_file: None, or a bundle to use in place of the CA stores that were found.";

static void
leave(struct held *held)
{
    if (atomic_fetch_sub(&held->n_users, 1) == 1) {
        zc_request_free(held->request);
    }
}

/* Not once the last user has left: there is nothing any more. */
static bool
enter(struct held *held)
{
    size_t n = atomic_load(&held->n_users);
    while (n > 0 && !atomic_load(&held->is_forgotten)) {
        if (atomic_compare_exchange_weak(&held->n_users, &n, n + 1)) {
            return true;
        }
    }
    return false;
}

static void
forget(struct held *held)
{
    if (!atomic_exchange(&held->is_forgotten, true)) {
        leave(held);
    }
}

static void
free_capsule(PyObject *capsule)
{
    struct held *held = PyCapsule_GetPointer(capsule, capsule_name);
    forget(held);
    free(held);
}

PyObject *
zc_capsule_new(struct zc_request *request)
{
    struct held *held = malloc(sizeof(*held));
    if (held == NULL) {
        zc_request_free(request);
        return PyErr_NoMemory();
    }
    held->request = request;
    atomic_init(&held->n_users, 1);
    atomic_init(&held->is_forgotten, false);
    PyObject *capsule = PyCapsule_New(held, capsule_name, free_capsule);
    if (capsule == NULL) {
        forget(held);
        free(held);
    }
    return capsule;
}

PyObject *
zc_again(PyObject *module, PyObject *const *args, Py_ssize_t n_args)
{
    if (n_args != 4) {
        return zc_raise(PyExc_TypeError, "again() takes 4 arguments");
    }
    struct held *held = PyCapsule_GetPointer(args[0], capsule_name);
    if (held == NULL) {
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
    if (!enter(held)) {
        return zc_raise(PyExc_ValueError, "again(): the request is forgotten");
    }
    PyObject *outcome = zc_connections(zc_state_of(module), held->request, timeout_ms, connect_timeout_ms, last_resort);
    leave(held);
    return outcome;
}

void
zc_capsule_forget(PyObject *capsule)
{
    if (capsule != NULL) {
        forget(PyCapsule_GetPointer(capsule, capsule_name));
    }
}
