/* The module's state and the functions that its method table names. All run with the GIL held. */
#ifndef ZC_MODULE_H
#define ZC_MODULE_H

#include "core/values.h"
#include "python/api.h"

/* The keys of the dictionaries, made once. */
typedef enum zc_key {
    ZC_KEY_SUCCESS,
    ZC_KEY_PROCESS_ID,
    ZC_KEY_REASONS,
    ZC_KEY_CODE,
    ZC_KEY_MESSAGE,
    ZC_KEY_SESSION_COOKIE,
    ZC_KEY_RATE_LIMIT,
    ZC_KEY_LIMIT,
    ZC_KEY_REMAINING,
    ZC_KEY_RESET,
    ZC_KEY_POLICY,
    ZC_KEY_RETRY_AFTER,
    ZC_KEY_REQUEST_ID,
    ZC_KEY_TRACK_ID,
    ZC_KEY_STATUS,
    ZC_KEY_HEADERS,
    ZC_N_KEYS
} zc_key;

/* The parameters of connect(): every zc_argument by its number, then these. */
typedef enum zc_parameter {
    ZC_PARAMETER_ENVIRONMENT = ZC_N_ARGUMENTS,
    ZC_PARAMETER_PROFILE,
    ZC_PARAMETER_TIMEOUT,
    ZC_PARAMETER_CONNECT_TIMEOUT,
    ZC_PARAMETER_RETRIES,
    ZC_PARAMETER_CHECK,
    ZC_N_PARAMETERS
} zc_parameter;

/* Python objects of one interpreter; looked up once, at import. Owned by the module. */
struct zc_state {
    PyObject *connection_class;
    PyObject *session_cookie_class;
    PyObject *no_arguments;  /* () */
    PyObject *base_url;      /* "base_url" */
    PyObject *cookie_prefix; /* "ZSession=" */
    PyObject *source;        /* "_source" */
    PyObject *logging;       /* "logging" */
    PyObject *keys[ZC_N_KEYS];
    PyObject *parameters[ZC_N_PARAMETERS]; /* their names */
};

struct zc_state *
zc_state_of(PyObject *module);

extern const char zc_connect_doc[];
PyObject *
zc_connect(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

extern const char zc_connect_apart_doc[];
PyObject *
zc_connect_apart(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

extern const char zc_login_doc[];
PyObject *
zc_login(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

extern const char zc_ask_doc[];
PyObject *
zc_ask(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

extern const char zc_login_and_save_doc[];
PyObject *
zc_login_and_save(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

extern const char zc_plan_doc[];
PyObject *
zc_plan(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names);

extern const char zc_again_doc[];
PyObject *
zc_again(PyObject *module, PyObject *const *args, Py_ssize_t n_args);

extern const char zc_divert_doc[];
PyObject *
zc_divert(PyObject *module, PyObject *to);

extern const char zc_sandbox_ca_file_doc[];
PyObject *
zc_sandbox_ca_file(PyObject *module, PyObject *nothing);

extern const char zc_build_info_doc[];
PyObject *
zc_build_info(PyObject *module, PyObject *unused);

#endif
