/* connect(): who, where and how often; then the first try, and what it does not settle goes on in Python. Written in C so that no frame
 * of Python's ever holds what it was given. plan() stops before the try. */
#include "core/clock.h"
#include "core/environment.h"
#include "core/wipe.h"
#include "python/arguments.h"
#include "python/capsule.h"
#include "python/connections.h"
#include "python/divert.h"
#include "python/module.h"
#include "python/request.h"
#include "python/result.h"

/* One call. */
struct call {
    const struct zc_state *state;
    PyObject *given[ZC_N_PARAMETERS]; /* owned, since judging may run code of the caller's; NULL: none */
    int64_t began;                    /* on zc_clock_ms */
    long timeout_ms;
    long connect_timeout_ms;
    long retries;
    bool check;
};

/* returns new; NULL with no exception if the variable is unset or empty. Not by a call of os.environ, whose frames would hold the value. */
static PyObject *
variable(const char *name)
{
    char *value;
    if (zc_environment_read(name, &value) != ZC_OK) {
        return PyErr_NoMemory();
    }
    PyObject *text = value == NULL || value[0] == '\0' ? NULL : PyUnicode_DecodeFSDefault(value);
    zc_wiping_free(value);
    return text;
}

static int
read_credential(struct call *call, zc_argument argument, const char *variable_name)
{
    if (call->given[argument] != NULL) {
        return 0;
    }
    call->given[argument] = variable(variable_name);
    if (call->given[argument] == NULL && !PyErr_Occurred()) {
        (void)zc_raise(PyExc_ValueError, "%s: is missing; give the argument, or set the variable %s", zc_argument_name(argument),
                       variable_name);
    }
    return call->given[argument] == NULL ? -1 : 0;
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

/* returns new: the base URL of an environment */
static PyObject *
url_of(PyObject *environment)
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

/* returns new: where a login goes that names neither environment nor base URL */
static PyObject *
default_url(void)
{
    PyObject *url = variable("ZUORA_BASE_URL");
    if (url != NULL || PyErr_Occurred()) {
        return url;
    }
    PyObject *environment = variable("ZUORA_ENVIRONMENT");
    if (environment != NULL) {
        url = url_of(environment);
        Py_DECREF(environment);
    }
    else if (!PyErr_Occurred()) {
        url = zc_import("zuora_connect._environments", "DEFAULT_URL");
    }
    return url;
}

static int
choose_place(struct call *call)
{
    PyObject *environment = call->given[ZC_PARAMETER_ENVIRONMENT];
    if (call->given[ZC_BASE_URL] == NULL) {
        call->given[ZC_BASE_URL] = environment == NULL ? default_url() : url_of(environment);
    }
    else if (environment != NULL) {
        (void)zc_raise(PyExc_ValueError, "environment, base_url: give at most one of them");
        return -1;
    }
    return call->given[ZC_BASE_URL] == NULL ? -1 : 0;
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

/* returns new (zc_request_free): everything is judged before a socket opens */
static struct zc_request *
judge(struct call *call)
{
    if (judge_numbers(call) < 0 || read_credential(call, ZC_USERNAME, "ZUORA_USERNAME") < 0 ||
        read_credential(call, ZC_PASSWORD, "ZUORA_PASSWORD") < 0 || choose_place(call) < 0) {
        return NULL;
    }
    return zc_request_read(call->given);
}

static int64_t
elapsed_ms(const struct call *call)
{
    return zc_clock_ms() - call->began;
}

/* returns new; steals `outcome` and `request`: what the first try came to, if it is no session */
static PyObject *
go_on(const struct call *call, PyObject *outcome, struct zc_request *request)
{
    PyObject *own_ca = request->ca_file != NULL || request->ca_dir != NULL ? Py_True : Py_False;
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
    if (connection != NULL && call->check) {
        PyObject *checked = PyObject_CallMethod(connection, "check", NULL);
        Py_DECREF(connection);
        connection = checked;
    }
    return connection;
}

static void
call_init(struct call *call, PyObject *module)
{
    *call = (struct call){
        .state = zc_state_of(module),
        .began = zc_clock_ms(),
        .timeout_ms = 30000,
        .connect_timeout_ms = 10000,
        .retries = 2,
    };
}

static void
call_clear(struct call *call)
{
    for (int i = 0; i < ZC_N_PARAMETERS; i++) {
        Py_CLEAR(call->given[i]);
    }
}

PyObject *
zc_connect(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    struct call call;
    struct zc_request *request = NULL;
    PyObject *outcome = NULL;
    call_init(&call, module);
    if (zc_arguments_read(call.state, args, n_args, names, call.given) < 0) {
        goto done;
    }
    request = judge(&call);
    if (request == NULL) {
        goto done;
    }
    outcome = zc_connections(call.state, request, call.timeout_ms - elapsed_ms(&call), call.connect_timeout_ms, NULL);
    if (outcome != NULL && !zc_result_is_session(call.state, outcome)) {
        outcome = go_on(&call, outcome, request);
        request = NULL;
    }
done:
    zc_request_free(request);
    call_clear(&call);
    return outcome;
}

/* returns new */
static PyObject *
describe(const struct call *call, const struct zc_request *request)
{
    PyObject *proxy = PyUnicode_DecodeFSDefault(request->proxy.url);
    PyObject *no_proxy = PyUnicode_DecodeFSDefault(request->proxy.no_proxy);
    if (proxy == NULL || no_proxy == NULL) {
        Py_XDECREF(proxy);
        Py_XDECREF(no_proxy);
        return NULL;
    }
    return Py_BuildValue("{s:s,s:N,s:N,s:d,s:d}", "url", request->url.login, "proxy", proxy, "no_proxy", no_proxy, "timeout",
                         (double)call->timeout_ms / 1000, "connect_timeout", (double)call->connect_timeout_ms / 1000);
}

PyObject *
zc_plan(PyObject *module, PyObject *const *args, Py_ssize_t n_args, PyObject *names)
{
    struct call call;
    struct zc_request *request = NULL;
    PyObject *plan = NULL;
    call_init(&call, module);
    if (zc_arguments_read(call.state, args, n_args, names, call.given) == 0) {
        request = judge(&call);
    }
    if (request != NULL) {
        plan = request->blocked != NULL ? zc_raise_blocked(request) : describe(&call, request);
    }
    zc_request_free(request);
    call_clear(&call);
    return plan;
}
