/* An index: methods, slots, exec. What they do is in the files beside this one. */
#include "python/module.h"

#include "core/library.h"
#include "python/environment.h"

#include <pthread.h>
#include <stdbool.h>

struct zc_state *
zc_state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

static PyMethodDef methods[] = {
    {"connect", (PyCFunction)(void (*)(void))zc_connect, METH_FASTCALL | METH_KEYWORDS, zc_connect_doc},
    {"connect_apart", (PyCFunction)(void (*)(void))zc_connect_apart, METH_FASTCALL | METH_KEYWORDS, zc_connect_apart_doc},
    {"login", (PyCFunction)(void (*)(void))zc_login, METH_FASTCALL | METH_KEYWORDS, zc_login_doc},
    {"ask", (PyCFunction)(void (*)(void))zc_ask, METH_FASTCALL | METH_KEYWORDS, zc_ask_doc},
    {"login_and_save", (PyCFunction)(void (*)(void))zc_login_and_save, METH_FASTCALL | METH_KEYWORDS, zc_login_and_save_doc},
    {"plan", (PyCFunction)(void (*)(void))zc_plan, METH_FASTCALL | METH_KEYWORDS, zc_plan_doc},
    {"again", (PyCFunction)(void (*)(void))zc_again, METH_FASTCALL, zc_again_doc},
    {"divert", zc_divert, METH_O, zc_divert_doc},
    {"sandbox_ca_file", zc_sandbox_ca_file, METH_NOARGS, zc_sandbox_ca_file_doc},
    {"build_info", zc_build_info, METH_NOARGS, zc_build_info_doc},
    {NULL, NULL, 0, NULL},
};

static int
make_keys(struct zc_state *state)
{
    static const char *const names[ZC_N_KEYS] = {
        [ZC_KEY_SUCCESS] = "success",      [ZC_KEY_PROCESS_ID] = "processId",
        [ZC_KEY_REASONS] = "reasons",      [ZC_KEY_CODE] = "code",
        [ZC_KEY_MESSAGE] = "message",      [ZC_KEY_SESSION_COOKIE] = "sessionCookie",
        [ZC_KEY_RATE_LIMIT] = "rateLimit", [ZC_KEY_LIMIT] = "limit",
        [ZC_KEY_REMAINING] = "remaining",  [ZC_KEY_RESET] = "reset",
        [ZC_KEY_POLICY] = "policy",        [ZC_KEY_RETRY_AFTER] = "retryAfter",
        [ZC_KEY_REQUEST_ID] = "requestId", [ZC_KEY_TRACK_ID] = "trackId",
        [ZC_KEY_STATUS] = "status",        [ZC_KEY_HEADERS] = "headers",
    };
    for (int i = 0; i < ZC_N_KEYS; i++) {
        state->keys[i] = PyUnicode_InternFromString(names[i]);
        if (state->keys[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

static int
make_parameters(struct zc_state *state)
{
    static const char *const names[ZC_N_PARAMETERS] = {
        [ZC_PARAMETER_ENVIRONMENT] = "environment", [ZC_PARAMETER_PROFILE] = "profile",
        [ZC_PARAMETER_TIMEOUT] = "timeout",         [ZC_PARAMETER_CONNECT_TIMEOUT] = "connect_timeout",
        [ZC_PARAMETER_RETRIES] = "retries",         [ZC_PARAMETER_CHECK] = "check",
    };
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        state->parameters[i] = PyUnicode_InternFromString(i < ZC_N_ARGUMENTS ? zc_argument_name((zc_argument)i) : names[i]);
        if (state->parameters[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

static int
fill_state(struct zc_state *state)
{
    bool is_full = (state->connection_class = zc_import("zuora_connect._connection", "Connection")) != NULL &&
                   (state->session_cookie_class = zc_import("zuora_connect._connection", "SessionCookie")) != NULL &&
                   (state->no_arguments = PyTuple_New(0)) != NULL &&
                   (state->base_url = PyUnicode_InternFromString("base_url")) != NULL &&
                   (state->source = PyUnicode_InternFromString("_source")) != NULL &&
                   (state->cookie_prefix = PyUnicode_FromString("ZSession=")) != NULL &&
                   (state->logging = PyUnicode_InternFromString("logging")) != NULL;
    return is_full && make_keys(state) == 0 ? make_parameters(state) : -1;
}

static int
exec_module(PyObject *module)
{
    const char *problem = zc_library_init();
    if (problem != NULL) {
        (void)zc_raise(PyExc_ImportError, "zuora_connect needs libcurl 7.87 or newer with OpenSSL: %s", problem);
        return -1;
    }
    if (fill_state(zc_state_of(module)) < 0) {
        return -1;
    }
    return PyModule_AddStringConstant(module, "VERSION", ZC_VERSION);
}

static int
traverse_module(PyObject *module, visitproc visit, void *arg)
{
    struct zc_state *state = zc_state_of(module);
    Py_VISIT(state->connection_class);
    Py_VISIT(state->session_cookie_class);
    Py_VISIT(state->no_arguments);
    Py_VISIT(state->base_url);
    Py_VISIT(state->source);
    Py_VISIT(state->cookie_prefix);
    Py_VISIT(state->logging);
    for (int i = 0; i < ZC_N_KEYS; i++) {
        Py_VISIT(state->keys[i]);
    }
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        Py_VISIT(state->parameters[i]);
    }
    return 0;
}

static int
clear_module(PyObject *module)
{
    struct zc_state *state = zc_state_of(module);
    Py_CLEAR(state->connection_class);
    Py_CLEAR(state->session_cookie_class);
    Py_CLEAR(state->no_arguments);
    Py_CLEAR(state->base_url);
    Py_CLEAR(state->source);
    Py_CLEAR(state->cookie_prefix);
    Py_CLEAR(state->logging);
    for (int i = 0; i < ZC_N_KEYS; i++) {
        Py_CLEAR(state->keys[i]);
    }
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        Py_CLEAR(state->parameters[i]);
    }
    return 0;
}

static void
free_module(void *module)
{
    (void)clear_module(module);
}

/* Before 3.13.2 two threads that ask the same str for its UTF-8 for the first time meet in it (python/cpython#128013). */
#define UTF8_IS_SAFE 0x030D0200

/* Py_mod_multiple_interpreters and Py_MOD_PER_INTERPRETER_GIL_SUPPORTED of 3.12, which the limited API of 3.11 does not name. */
#define MULTIPLE_INTERPRETERS 3
#define OWN_GIL_SUPPORTED     ((void *)2)

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, (void *)exec_module},
    {0, NULL}, /* room for what Python 3.11 would refuse as unknown */
    {0, NULL},
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

/* What depends on the running Python. */
static void
prepare(void)
{
    if (Py_Version >= 0x030C0000) {
        slots[1] = (PyModuleDef_Slot){MULTIPLE_INTERPRETERS, OWN_GIL_SUPPORTED};
    }
#ifdef Py_GIL_DISABLED
    zc_environment_read_by(zc_environment_read_python);
    if (Py_Version >= UTF8_IS_SAFE) {
        slots[2] = (PyModuleDef_Slot){Py_mod_gil, Py_MOD_GIL_NOT_USED};
    }
#endif
}

PyMODINIT_FUNC
PyInit__core(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, prepare);
    return PyModuleDef_Init(&definition);
}
