/* An index: methods, slots, exec. What they do is in the files beside this one. */
#include "python/module.h"

#include "core/library.h"

struct zc_state *
zc_state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

static PyMethodDef methods[] = {
    {"request", (PyCFunction)(void (*)(void))zc_request, METH_FASTCALL, zc_request_doc},
    {"connections", (PyCFunction)(void (*)(void))zc_connections, METH_FASTCALL, zc_connections_doc},
    {"build_info", zc_build_info, METH_NOARGS, zc_build_info_doc},
    {NULL, NULL, 0, NULL},
};

static int
look_up_errors(struct zc_state *state)
{
    int result = -1;
    PyObject *errors = PyImport_ImportModule("zuora_connect.errors");
    PyObject *text = PyImport_ImportModule("zuora_connect._text");
    if (errors != NULL && text != NULL && (state->connect_error = PyObject_GetAttrString(errors, "ConnectError")) != NULL &&
        (state->tls_error = PyObject_GetAttrString(errors, "TLSError")) != NULL &&
        (state->timeout = PyObject_GetAttrString(errors, "Timeout")) != NULL &&
        (state->bad_answer = PyObject_GetAttrString(errors, "BadAnswer")) != NULL &&
        (state->refusal_class = PyObject_GetAttrString(errors, "refusal_class")) != NULL &&
        (state->printable = PyObject_GetAttrString(text, "printable")) != NULL) {
        result = 0;
    }
    Py_XDECREF(text);
    Py_XDECREF(errors);
    return result;
}

static int
exec_module(PyObject *module)
{
    if (zc_library_init() != ZC_OK) {
        PyErr_SetString(PyExc_ImportError, "zuora_connect needs libcurl 7.87 or newer, and one that can be initialised");
        return -1;
    }
    if (look_up_errors(zc_state_of(module)) < 0) {
        return -1;
    }
    return PyModule_AddStringConstant(module, "VERSION", ZC_VERSION);
}

static int
traverse_module(PyObject *module, visitproc visit, void *arg)
{
    struct zc_state *state = zc_state_of(module);
    Py_VISIT(state->connect_error);
    Py_VISIT(state->tls_error);
    Py_VISIT(state->timeout);
    Py_VISIT(state->bad_answer);
    Py_VISIT(state->refusal_class);
    Py_VISIT(state->printable);
    return 0;
}

static int
clear_module(PyObject *module)
{
    struct zc_state *state = zc_state_of(module);
    Py_CLEAR(state->connect_error);
    Py_CLEAR(state->tls_error);
    Py_CLEAR(state->timeout);
    Py_CLEAR(state->bad_answer);
    Py_CLEAR(state->refusal_class);
    Py_CLEAR(state->printable);
    return 0;
}

static void
free_module(void *module)
{
    (void)clear_module(module);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec_module},
    {0, NULL},
};

static struct PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "zuora_connect._core",
    .m_doc = "The login call itself, on libcurl and cJSON. Programs use zuora_connect.connect().",
    .m_size = sizeof(struct zc_state),
    .m_methods = methods,
    .m_slots = slots,
    .m_traverse = traverse_module,
    .m_clear = clear_module,
    .m_free = free_module,
};

PyMODINIT_FUNC
PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
