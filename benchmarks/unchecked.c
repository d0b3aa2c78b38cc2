/* The C program's login (login.h) as an extension that makes the same dictionary of the answer: nothing is judged, masked, wiped or
 * tried again. What any client in C has to pay that hands Python what zuora_connect hands it. */
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "login.h"

#include <string.h>

static CURL *easy;

/* Steals `value`. */
static int
set(PyObject *dict, const char *key, PyObject *value)
{
    int result = value == NULL ? -1 : PyDict_SetItemString(dict, key, value);
    Py_XDECREF(value);
    return result;
}

/* Lower case; header names are ASCII. */
static void
copy_name(char name[64], const char *from)
{
    size_t i = 0;
    for (; from[i] != '\0' && i < 63; i++) {
        name[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] + ('a' - 'A') : from[i]);
    }
    name[i] = '\0';
}

static PyObject *
text(const char *value)
{
    return value == NULL ? Py_NewRef(Py_None) : PyUnicode_DecodeLatin1(value, (Py_ssize_t)strlen(value), NULL);
}

static const char *
header(const char *name)
{
    struct curl_header *line;
    return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &line) == CURLHE_OK ? line->value : NULL;
}

static PyObject *
number(const char *name)
{
    const char *value = header(name);
    return value == NULL ? Py_NewRef(Py_None) : PyLong_FromLong(strtol(value, NULL, 10));
}

static PyObject *
headers_dict(void)
{
    PyObject *dict = PyDict_New();
    struct curl_header *line = NULL;
    while (dict != NULL && (line = curl_easy_nextheader(easy, CURLH_HEADER, -1, line)) != NULL) {
        char name[64];
        copy_name(name, line->name);
        if (strcmp(name, "set-cookie") != 0 && set(dict, name, text(line->value)) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

static PyObject *
rate_limit_dict(void)
{
    PyObject *dict = PyDict_New();
    if (dict != NULL &&
        (set(dict, "limit", number("RateLimit-Limit")) < 0 || set(dict, "remaining", number("RateLimit-Remaining")) < 0 ||
         set(dict, "reset", number("RateLimit-Reset")) < 0 || set(dict, "policy", text(header("RateLimit-Limit"))) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}

static PyObject *
cookie_text(void)
{
    const char *value = header("Set-Cookie");
    return value == NULL ? NULL : PyUnicode_DecodeLatin1(value, (Py_ssize_t)strcspn(value, ";"), NULL);
}

static PyObject *
answer_dict(void)
{
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    PyObject *dict = PyDict_New();
    if (dict != NULL && (set(dict, "success", Py_NewRef(Py_True)) < 0 || set(dict, "processId", Py_NewRef(Py_None)) < 0 ||
                         set(dict, "reasons", PyList_New(0)) < 0 || set(dict, "sessionCookie", cookie_text()) < 0 ||
                         set(dict, "rateLimit", rate_limit_dict()) < 0 || set(dict, "retryAfter", Py_NewRef(Py_None)) < 0 ||
                         set(dict, "requestId", text(header("Zuora-Request-Id"))) < 0 ||
                         set(dict, "trackId", text(header("Zuora-Track-Id"))) < 0 ||
                         set(dict, "status", PyLong_FromLong(status)) < 0 || set(dict, "headers", headers_dict()) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}

/* Of the arguments only the place counts, and that of the first call; user name and password are login.c's own. */
static PyObject *
unchecked_connect(PyObject *module, PyObject *args, PyObject *named)
{
    static char *names[] = {"username", "password", "base_url", "retries", "ca_file", "ca_dir", NULL};
    const char *username, *password, *base_url, *ca_file, *ca_dir;
    int retries;
    (void)module;
    if (!PyArg_ParseTupleAndKeywords(args, named, "ss$sizz", names, &username, &password, &base_url, &retries, &ca_file,
                                     &ca_dir)) {
        return NULL;
    }
    if (easy == NULL) {
        PyObject *url = PyUnicode_FromFormat("%s/v1/connections", base_url);
        if (url == NULL) {
            return NULL;
        }
        easy = login_new(PyUnicode_AsUTF8AndSize(url, NULL), ca_file == NULL ? ca_dir : ca_file);
        Py_DECREF(url);
    }
    const char *fault;
    Py_BEGIN_ALLOW_THREADS fault = log_in(easy);
    Py_END_ALLOW_THREADS return fault == NULL ? answer_dict() : PyErr_Format(PyExc_RuntimeError, "%s", fault);
}

static PyMethodDef functions[] = {
    {"connect", (PyCFunction)(void (*)(void))unchecked_connect, METH_VARARGS | METH_KEYWORDS, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = "unchecked", .m_methods = functions};

PyMODINIT_FUNC
PyInit_unchecked(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    return PyModuleDef_Init(&definition);
}
