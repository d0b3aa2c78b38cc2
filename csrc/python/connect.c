/* connect() and login(): who, where and how often; then the first try, and what it does not settle goes on in Python. Written in C so
 * that no frame of Python's ever holds what it was given. plan() stops before the try. */
#include "core/clock.h"
#include "python/arguments.h"
#include "python/capsule.h"
#include "python/connections.h"
#include "python/credentials.h"
#include "python/divert.h"
#include "python/module.h"
#include "python/place.h"
#include "python/request.h"
#include "python/result.h"

/* One call. */
struct call {
    const struct zc_state *state;
    const struct zc_manner *manner;
    PyObject *given[ZC_N_PARAMETERS]; /* owned, since judging may run code of the caller's; NULL: none */
    struct zc_origin origin;
    PyObject *form; /* what it was completed on; NULL: arguments and variables said all */
    int64_t began;  /* on zc_clock_ms */
    long timeout_ms;
    long connect_timeout_ms;
    long retries;
    bool check;
};

/* Leaves it open if there is no variable either. 0, or -1 with an exception set. */
static int
read_credential(struct call *call, zc_argument argument, const char *variable_name, int *origin)
{
    if (call->given[argument] == NULL) {
        call->given[argument] = zc_variable(variable_name);
        *origin = ZC_FROM_VARIABLE;
    }
    return PyErr_Occurred() ? -1 : 0;
}

/* Leaves it open if nothing says where. 0, or -1 with an exception set. */
static int
choose_place(struct call *call)
{
    PyObject *environment = call->given[ZC_PARAMETER_ENVIRONMENT];
    if (call->given[ZC_BASE_URL] == NULL) {
        call->given[ZC_BASE_URL] = environment == NULL ? zc_place_of_variables(&call->origin.base_url) : zc_place_of(environment);
    }
    else if (environment != NULL) {
        (void)zc_raise(PyExc_ValueError, "environment, base_url: give at most one of them");
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int
judge_numbers(struct call *call)
{
    PyObject *const *given = call->given;
    bool is_good = zc_arguments_retries(given[ZC_PARAMETER_RETRIES], &call->retries) == 0 &&
                   zc_arguments_check(given[ZC_PARAMETER_CHECK], &call->check) == 0 &&
                   zc_arguments_ms("timeout", given[ZC_PARAMETER_TIMEOUT], &call->timeout_ms) == 0 &&
                   zc_arguments_ms("connect_timeout", given[ZC_PARAMETER_CONNECT_TIMEOUT], &call->connect_timeout_ms) == 0;
    return is_good ? 0 : -1;
}

static int64_t
elapsed_ms(const struct call *call)
{
    return zc_clock_ms() - call->began;
}

/* returns new; NULL with no exception if nobody named one */
static PyObject *
profile_of(const struct call *call)
{
    PyObject *profile = call->given[ZC_PARAMETER_PROFILE];
    if (profile != NULL) {
        return Py_NewRef(profile);
    }
    return call->manner->stays_apart ? NULL : zc_variable("ZUORA_PROFILE");
}

/* Asks for what arguments and variables left open, if there is anything of that kind. */
static int
complete(struct call *call)
{
    PyObject *profile = profile_of(call);
    if (PyErr_Occurred()) {
        return -1;
    }
    bool has_both = call->given[ZC_USERNAME] != NULL && call->given[ZC_PASSWORD] != NULL;
    if (has_both && profile == NULL && !call->manner->tells) {
        return 0;
    }
    const struct zc_known known = {
        .manner = call->manner,
        .given = call->given,
        .profile = profile,
        .origin = call->origin,
        .timeout_ms = call->timeout_ms - (long)elapsed_ms(call),
    };
    call->form = zc_credentials_complete(call->state, &known);
    Py_XDECREF(profile);
    if (call->manner->asks) {
        call->began = zc_clock_ms(); /* typing takes as long as it takes */
    }
    return call->form == NULL ? -1 : zc_credentials_take(call->state, call->form, call->given);
}

/* Of a plan that nobody is named in yet: stands in for the value. 0, or -1 with an exception set. */
static int
leave_open(struct call *call, zc_argument argument)
{
    if (call->manner->plans && call->given[argument] == NULL) {
        call->given[argument] = PyUnicode_FromString("-");
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int
read_who_and_where(struct call *call)
{
    if (read_credential(call, ZC_USERNAME, "ZUORA_USERNAME", &call->origin.username) < 0 ||
        read_credential(call, ZC_PASSWORD, "ZUORA_PASSWORD", &call->origin.password) < 0 || choose_place(call) < 0 ||
        complete(call) < 0 || leave_open(call, ZC_USERNAME) < 0 || leave_open(call, ZC_PASSWORD) < 0) {
        return -1;
    }
    if (call->given[ZC_USERNAME] == NULL) {
        return zc_credentials_raise_missing(call->form, "username", "ZUORA_USERNAME");
    }
    if (call->given[ZC_PASSWORD] == NULL) {
        return zc_credentials_raise_missing(call->form, "password", "ZUORA_PASSWORD");
    }
    if (call->given[ZC_BASE_URL] == NULL) {
        call->given[ZC_BASE_URL] = zc_import("zuora_connect._environments", "DEFAULT_URL");
    }
    return call->given[ZC_BASE_URL] == NULL ? -1 : 0;
}

/* returns new (zc_request_free): everything is judged before a socket opens */
static struct zc_request *
judge(struct call *call)
{
    struct zc_request *request = NULL;
    if (judge_numbers(call) < 0 || read_who_and_where(call) < 0) {
        return NULL;
    }
    if (call->form == NULL || judge_numbers(call) == 0) {
        request = zc_request_read(call->given);
    }
    if (request == NULL && call->form != NULL) {
        zc_credentials_blame(call->form);
    }
    return request;
}

/* Of a Connection; an error has none. 0, or -1 with an exception set. */
static int
tell_source(const struct call *call, PyObject *outcome)
{
    long number = zc_origin_number(&call->origin);
    if (!PyDict_Check(outcome) || (call->form == NULL && number == 0)) {
        return 0;
    }
    PyObject *source = call->form == NULL ? PyLong_FromLong(number) : zc_attribute(call->form, "source");
    int result = source == NULL ? -1 : PyObject_SetAttr(outcome, call->state->source, source);
    Py_XDECREF(source);
    return result;
}

/* returns new; steals `outcome` and `request`: what the first try came to, if it is no session */
static PyObject *
go_on(const struct call *call, PyObject *outcome, struct zc_request *request)
{
    PyObject *own_ca = call->given[ZC_CA_FILE] != NULL || call->given[ZC_CA_DIR] != NULL ? Py_True : Py_False;
    PyObject *url = PyUnicode_FromString(request->url.login);
    PyObject *capsule = zc_capsule_new(request);
    PyObject *function = url == NULL || capsule == NULL ? NULL : zc_import("zuora_connect._login", "go_on");
    PyObject *connection = NULL;
    if (function != NULL) {
        connection = PyObject_CallFunction(function, "OOOlllLO", outcome, capsule, url, call->timeout_ms,
                                           call->connect_timeout_ms, call->retries, (long long)elapsed_ms(call), own_ca);
    }
    zc_capsule_forget(capsule);
    Py_XDECREF(function);
    Py_XDECREF(capsule);
    Py_XDECREF(url);
    Py_DECREF(outcome);
    if (connection != NULL && tell_source(call, connection) < 0) {
        Py_CLEAR(connection);
    }
    if (connection != NULL && call->check) {
        PyObject *checked = zc_call_method(connection, "check");
        Py_DECREF(connection);
        connection = checked;
    }
    return connection;
}

/* returns new; steals `request` */
static PyObject *
send_it(struct call *call, struct zc_request *request)
{
    int64_t left_ms = call->timeout_ms - elapsed_ms(call);
    PyObject *outcome = zc_connections(call->state, request, left_ms < 1 ? 1 : left_ms, call->connect_timeout_ms, NULL);
    if (outcome != NULL && !zc_result_is_session(call->state, outcome)) {
        return go_on(call, outcome, request);
    }
    if (outcome != NULL && tell_source(call, outcome) < 0) {
        Py_CLEAR(outcome);
    }
    zc_request_free(request);
    return outcome;
}

/* returns new; steals `request` */
static PyObject *
send_and_save(struct call *call, struct zc_request *request)
{
    PyObject *outcome = send_it(call, request);
    if (outcome != NULL && zc_result_is_session(call->state, outcome) && zc_credentials_save(call->form, outcome) < 0) {
        Py_CLEAR(outcome);
    }
    return outcome;
}

/* returns new; None for NULL */
static PyObject *
path_or_none(const char *path)
{
    return path == NULL ? Py_NewRef(Py_None) : PyUnicode_DecodeFSDefault(path);
}

static PyObject *
tell(PyObject *text, PyObject *Py_UNUSED(nothing))
{
    return Py_NewRef(text);
}

/* returns new: a function that returns the text, and shows nothing of it */
static PyObject *
veiled(const char *text)
{
    static PyMethodDef method = {"veiled", tell, METH_NOARGS, NULL};
    PyObject *told = PyUnicode_FromString(text);
    PyObject *function = told == NULL ? NULL : PyCFunction_New(&method, told);
    Py_XDECREF(told);
    return function;
}

/* returns new */
static PyObject *
describe(const struct call *call, const struct zc_request *request)
{
    PyObject *plan = PyDict_New();
    if (plan != NULL &&
        (zc_set_item(plan, "url", PyUnicode_FromString(request->url.login)) < 0 ||
         zc_set_item(plan, "proxy", PyUnicode_DecodeFSDefault(request->proxy.url)) < 0 ||
         zc_set_item(plan, "no_proxy", PyUnicode_DecodeFSDefault(request->proxy.no_proxy)) < 0 ||
         zc_set_item(plan, "ca_file", path_or_none(request->ca_file)) < 0 ||
         zc_set_item(plan, "ca_dir", path_or_none(request->ca_dir)) < 0 ||
         zc_set_item(plan, "client_cert", path_or_none(request->client_cert)) < 0 ||
         zc_set_item(plan, "client_key", path_or_none(request->client_key)) < 0 ||
         zc_set_item(plan, "client_key_password", veiled(request->client_key_password)) < 0 ||
         zc_set_item(plan, "source", call->form == NULL ? PyDict_New() : zc_attribute(call->form, "source")) < 0 ||
         zc_set_item(plan, "timeout", PyFloat_FromDouble((double)call->timeout_ms / 1000)) < 0 ||
         zc_set_item(plan, "connect_timeout", PyFloat_FromDouble((double)call->connect_timeout_ms / 1000)) < 0)) {
        Py_CLEAR(plan);
    }
    return plan;
}

/* returns new; steals `request`: what plan() says of it */
static PyObject *
plan_it(const struct call *call, struct zc_request *request)
{
    PyObject *plan = request->blocked != NULL ? zc_raise_blocked(request->url.host, request->blocked) : describe(call, request);
    zc_request_free(request);
    return plan;
}

enum action { SEND, SEND_AND_SAVE, PLAN };

/* returns new; steals `request` */
static PyObject *
act(enum action action, struct call *call, struct zc_request *request)
{
    switch (action) {
    case SEND:
        return send_it(call, request);
    case SEND_AND_SAVE:
        return send_and_save(call, request);
    default:
        return plan_it(call, request);
    }
}

/* returns new */
static PyObject *
judge_and_act(enum action action, const struct zc_manner *manner, PyObject *module, PyObject *const *args, Py_ssize_t n_args,
              PyObject *names)
{
    struct call call = {
        .state = zc_state_of(module),
        .manner = manner,
        .began = zc_clock_ms(),
        .timeout_ms = 30000,
        .connect_timeout_ms = 10000,
        .retries = 2,
    };
    struct zc_request *request = NULL;
    PyObject *result = NULL;
    if (zc_arguments_read(call.state, manner->function, args, n_args, names, call.given) == 0) {
        request = judge(&call);
    }
    if (request != NULL) {
        result = act(action, &call, request);
    }
    zc_credentials_free(call.form);
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        Py_XDECREF(call.given[i]);
    }
    return result;
}

PyObject *
zc_connect(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    static const struct zc_manner manner = {.function = "connect"};
    return judge_and_act(SEND, &manner, module, args, n_args, names);
}

PyObject *
zc_connect_apart(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    static const struct zc_manner manner = {.function = "connect", .stays_apart = true};
    return judge_and_act(SEND, &manner, module, args, n_args, names);
}

PyObject *
zc_login(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    static const struct zc_manner manner = {.function = "login", .asks = true, .tells = true};
    return judge_and_act(SEND, &manner, module, args, n_args, names);
}

PyObject *
zc_ask(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    static const struct zc_manner manner = {.function = "ask", .asks = true};
    return judge_and_act(SEND, &manner, module, args, n_args, names);
}

PyObject *
zc_login_and_save(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    static const struct zc_manner manner = {.function = "login_and_save", .asks = true, .tells = true};
    return judge_and_act(SEND_AND_SAVE, &manner, module, args, n_args, names);
}

PyObject *
zc_plan(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    static const struct zc_manner manner = {.function = "plan", .plans = true};
    return judge_and_act(PLAN, &manner, module, args, n_args, names);
}
