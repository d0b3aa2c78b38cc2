/* divert(): where logins go while tests run, and what is raised where they may not go. */
#include "python/divert.h"

#include "core/diversion.h"
#include "core/wipe.h"
#include "python/module.h"

const char zc_divert_doc[] =
    "divert(to, /)\n--\n\n"
    "Let every login of this process go to a sandbox of this machine, or let none be made; for zuora_connect._diversion alone.\n"
    "to: None, \"offline\", or \"https://LOOPBACK http[s]://LOOPBACK CA_FILE\". Returns what held before.";

/* returns new; steals `text` */
static PyObject *
str_or_none(char *text)
{
    PyObject *str = text == NULL ? Py_NewRef(Py_None) : PyUnicode_DecodeFSDefault(text);
    zc_wiping_free(text);
    return str;
}

PyObject *
zc_divert(PyObject *module, PyObject *to)
{
    (void)module;
    const char *text = NULL;
    char *before = NULL;
    PyObject *bytes = NULL;
    if (to != Py_None) {
        if (!PyUnicode_FSConverter(to, (void *)&bytes)) {
            return NULL;
        }
        text = PyBytes_AsString(bytes);
    }
    zc_status status = zc_diversion_exchange(text, &before);
    Py_XDECREF(bytes);
    if (status == ZC_INPUT) {
        return zc_raise(PyExc_ValueError, "to: names no sandbox on this machine");
    }
    return status == ZC_OK ? str_or_none(before) : PyErr_NoMemory();
}

const char zc_sandbox_ca_file_doc[] =
    "sandbox_ca_file()\n--\n\n"
    "Of the sandbox that every login goes to; None: they go where they are meant to. For zuora_connect._diversion alone.\n"
    "Raises LoginBlocked where none may be made.";

/* returns new */
static PyObject *
describe(const struct zc_diversion *diversion)
{
    if (diversion->blocked != NULL) {
        return zc_raise_blocked(NULL, diversion->blocked);
    }
    return diversion->text == NULL ? Py_NewRef(Py_None) : PyUnicode_DecodeFSDefault(diversion->ca_file);
}

PyObject *
zc_sandbox_ca_file(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    struct zc_diversion diversion;
    PyObject *ca_file = zc_diversion_get(&diversion) == ZC_OK ? describe(&diversion) : PyErr_NoMemory();
    zc_diversion_clear(&diversion);
    return ca_file;
}

PyObject *
zc_raise_blocked(const char *host, const char *why)
{
    PyObject *class = zc_import("zuora_connect._diversion", "LoginBlocked");
    if (class != NULL) {
        (void)zc_raise(class, "the login%s%s was not sent: %s", host == NULL ? "" : " at ", host == NULL ? "" : host, why);
        Py_DECREF(class);
    }
    return NULL;
}
