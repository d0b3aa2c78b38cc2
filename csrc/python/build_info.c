/* build_info(): what this build is made of, and where it would look for CA certificates. */
#include "core/curl_version.h"
#include "core/library.h"
#include "core/trust.h"
#include "core/verdict.h"
#include "python/module.h"

const char zc_build_info_doc[] =
    "build_info()\n--\n\nThe versions in use, and the CA stores in the order in which they would be tried.";

/* returns new */
static PyObject *
list_stores(const struct zc_trust *trust)
{
    PyObject *list = PyList_New((Py_ssize_t)trust->n_stores);
    for (size_t i = 0; list != NULL && i < trust->n_stores; i++) {
        const struct zc_store *store = &trust->stores[i];
        PyObject *path = PyUnicode_DecodeFSDefault(store->path);
        PyObject *entry =
            path == NULL ? NULL : Py_BuildValue("{s:s,s:N}", "kind", store->is_directory ? "directory" : "bundle", "path", path);
        if (entry == NULL || PyList_SetItem(list, (Py_ssize_t)i, entry) < 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyObject *
zc_build_info(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    struct zc_trust *trust;
    if (zc_trust_find(&trust) != ZC_OK) {
        return PyErr_NoMemory();
    }
    PyObject *stores = list_stores(trust);
    zc_trust_release(trust);
    if (stores == NULL) {
        return NULL;
    }
    const curl_version_info_data *libcurl = zc_curl_version();
    return Py_BuildValue("{s:s,s:s,s:s,s:s,s:O,s:N}", "package", ZC_VERSION, "libcurl", libcurl->version, "tls",
                         libcurl->ssl_version == NULL ? "none" : libcurl->ssl_version, "cjson", zc_verdict_parser_version(),
                         "wipes_libcurl", zc_library_wipes() ? Py_True : Py_False, "ca_stores", stores);
}
