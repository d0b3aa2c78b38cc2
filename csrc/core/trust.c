/* Which CA stores to try, in which order. */
#include "core/trust.h"

#include "core/curl_version.h"
#include "core/environment.h"
#include "core/files.h"
#include "core/wipe.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct zc_trust *found; /* under the lock, as the next two */
static char *found_for_dir;
static char *found_for_file;

/* Where distributions keep their store. */
static const struct zc_store well_known[] = {
    {true, "/etc/ssl/certs"},                                     /* Debian */
    {true, "/etc/pki/ca-trust/extracted/pem/directory-hash"},     /* Fedora */
    {true, "/var/lib/ca-certificates/pem"},                       /* SUSE */
    {false, "/etc/ssl/certs/ca-certificates.crt"},                /* Debian, Alpine */
    {false, "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem"}, /* Fedora */
    {false, "/etc/pki/tls/certs/ca-bundle.crt"},                  /* older Fedora and RHEL */
    {false, "/etc/ssl/ca-bundle.pem"},                            /* SUSE */
    {false, "/etc/ssl/cert.pem"},                                 /* Alpine, macOS, BSD */
};

static bool
is_listed(const struct zc_trust *trust, const char *path)
{
    struct stat about;
    struct stat other;
    bool exists = stat(path, &about) == 0;
    for (size_t i = 0; i < trust->n_stores; i++) {
        const char *listed = trust->stores[i].path;
        if (strcmp(listed, path) == 0 ||
            (exists && stat(listed, &other) == 0 && about.st_dev == other.st_dev && about.st_ino == other.st_ino)) {
            return true;
        }
    }
    return false;
}

static zc_status
add_store(struct zc_trust *trust, bool is_directory, const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return ZC_NO_MEMORY;
    }
    struct zc_store *store = &trust->stores[trust->n_stores++];
    store->is_directory = is_directory;
    store->path = copy;
    return ZC_OK;
}

/* Adds what exists, holds certificates and is not listed yet. */
static zc_status
consider_store(struct zc_trust *trust, bool is_directory, const char *path)
{
    if (path == NULL || path[0] == '\0' || trust->n_stores == ZC_MAX_STORES || is_listed(trust, path)) {
        return ZC_OK;
    }
    const char *problem = is_directory ? zc_directory_problem(path) : zc_file_problem(path, "CERTIFICATE", NULL);
    return problem == NULL ? add_store(trust, is_directory, path) : ZC_OK;
}

static struct zc_trust *
new_trust(void)
{
    struct zc_trust *trust = calloc(1, sizeof(*trust));
    if (trust != NULL) {
        trust->n_references = 1;
    }
    return trust;
}

static zc_status
look_around(struct zc_trust *trust, const char *env_dir, const char *env_file)
{
    const curl_version_info_data *libcurl = zc_curl_version();
    zc_status status = consider_store(trust, true, env_dir);
    if (status == ZC_OK) {
        status = consider_store(trust, false, env_file);
    }
    if (status == ZC_OK) {
        status = consider_store(trust, true, libcurl->capath);
    }
    if (status == ZC_OK) {
        status = consider_store(trust, false, libcurl->cainfo);
    }
    for (size_t i = 0; i < sizeof(well_known) / sizeof(well_known[0]) && status == ZC_OK; i++) {
        status = consider_store(trust, well_known[i].is_directory, well_known[i].path);
    }
    return status;
}

static void
release_locked(struct zc_trust *trust)
{
    if (trust == NULL || --trust->n_references > 0) {
        return;
    }
    for (size_t i = 0; i < trust->n_stores; i++) {
        free(trust->stores[i].path);
    }
    free(trust);
}

/* Forgets what was found before; keeps a reference of its own to `trust`. */
static zc_status
remember_locked(struct zc_trust *trust, const char *env_dir, const char *env_file)
{
    char *dir = strdup(env_dir);
    char *file = strdup(env_file);
    if (dir == NULL || file == NULL) {
        free(dir);
        free(file);
        return ZC_NO_MEMORY;
    }
    release_locked(found);
    free(found_for_dir);
    free(found_for_file);
    found = trust;
    found->n_references++;
    found_for_dir = dir;
    found_for_file = file;
    return ZC_OK;
}

/* returns new, or NULL when there is no memory */
static struct zc_trust *
find_locked(const char *env_dir, const char *env_file)
{
    if (found != NULL && strcmp(found_for_dir, env_dir) == 0 && strcmp(found_for_file, env_file) == 0) {
        found->n_references++;
        return found;
    }
    struct zc_trust *trust = new_trust();
    if (trust == NULL) {
        return NULL;
    }
    zc_status status = look_around(trust, env_dir, env_file);
    if (status == ZC_OK && trust->n_stores > 0) {
        status = remember_locked(trust, env_dir, env_file);
    }
    if (status != ZC_OK) {
        release_locked(trust);
        return NULL;
    }
    return trust;
}

zc_status
zc_trust_find(struct zc_trust **out)
{
    char *env_dir = NULL;
    char *env_file = NULL;
    *out = NULL;
    if (zc_environment_read("SSL_CERT_DIR", &env_dir) == ZC_OK && zc_environment_read("SSL_CERT_FILE", &env_file) == ZC_OK) {
        zc_trust_lock();
        *out = find_locked(env_dir == NULL ? "" : env_dir, env_file == NULL ? "" : env_file);
        zc_trust_unlock();
    }
    zc_wiping_free(env_dir);
    zc_wiping_free(env_file);
    return *out == NULL ? ZC_NO_MEMORY : ZC_OK;
}

zc_status
zc_trust_from(struct zc_trust **out, const char *directory, const char *bundle)
{
    zc_status status = ZC_OK;
    struct zc_trust *trust = new_trust();
    if (trust == NULL) {
        return ZC_NO_MEMORY;
    }
    if (directory != NULL) {
        status = add_store(trust, true, directory);
    }
    if (status == ZC_OK && bundle != NULL) {
        status = add_store(trust, false, bundle);
    }
    if (status != ZC_OK) {
        zc_trust_release(trust);
        trust = NULL;
    }
    *out = trust;
    return status;
}

void
zc_trust_release(struct zc_trust *trust)
{
    zc_trust_lock();
    release_locked(trust);
    zc_trust_unlock();
}

void
zc_trust_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void
zc_trust_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}
