/* Where logins go while tests run. What cannot be read blocks: in doubt nothing is sent. */
#include "core/diversion.h"

#include "core/environment.h"
#include "core/wipe.h"

#include <pthread.h>
#include <stddef.h>
#include <string.h>

#ifdef __APPLE__
#include <unistd.h>
#else
#include <sys/auxv.h>
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *current; /* under the lock; NULL: none */

static const char offline[] = "offline";

void
zc_diversion_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void
zc_diversion_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

/* A program that runs with more rights than who started it takes no orders from that one's variables. */
static bool
has_more_rights(void)
{
#ifdef __APPLE__
    return issetugid() != 0;
#else
    return getauxval(AT_SECURE) != 0;
#endif
}

zc_status
zc_diversion_inherit(void)
{
    char *text = NULL;
    zc_status status = has_more_rights() ? ZC_OK : zc_environment_read(ZC_DIVERSION_VARIABLE, &text);
    if (text != NULL && text[0] == '\0') {
        zc_wiping_free(text);
        text = NULL;
    }
    if (text != NULL) {
        zc_diversion_lock();
        current = text;
        zc_diversion_unlock();
    }
    return status;
}

/* Ends the first word of `text`; returns what follows it, or NULL. */
static char *
cut_word(char *text)
{
    char *blank = text == NULL ? NULL : strchr(text, ' ');
    if (blank == NULL) {
        return NULL;
    }
    *blank = '\0';
    return blank + 1;
}

/* ZC_INPUT: it names no sandbox of this machine. */
static zc_status
read_addresses(struct zc_diversion *diversion)
{
    const char *unused = NULL;
    char *follow_up = cut_word(diversion->text);
    diversion->ca_file = cut_word(follow_up);
    if (diversion->ca_file == NULL || diversion->ca_file[0] == '\0') {
        return ZC_INPUT;
    }
    zc_status status = zc_base_url_read(&diversion->login, diversion->text, &unused);
    if (status == ZC_OK) {
        status = zc_base_url_read(&diversion->follow_up, follow_up, &unused);
    }
    if (status != ZC_OK) {
        return status;
    }
    bool is_here = diversion->login.is_https && diversion->login.is_loopback && diversion->follow_up.is_loopback;
    return is_here ? ZC_OK : ZC_INPUT;
}

/* Reads diversion->text, which it may cut. ZC_OK or ZC_NO_MEMORY. */
static zc_status
read_text(struct zc_diversion *diversion)
{
    if (diversion->text == NULL) {
        return ZC_OK;
    }
    if (strcmp(diversion->text, offline) == 0) {
        diversion->blocked = "only tests that use the fixture `zuora` may log in, to its sandbox";
        return ZC_OK;
    }
    zc_status status = read_addresses(diversion);
    if (status == ZC_INPUT) {
        diversion->blocked = "the variable " ZC_DIVERSION_VARIABLE " names no sandbox on this machine";
        return ZC_OK;
    }
    return status;
}

bool
zc_diversion_is_on(const struct zc_diversion *diversion)
{
    return diversion->text != NULL && diversion->blocked == NULL;
}

zc_status
zc_diversion_get(struct zc_diversion *diversion)
{
    *diversion = (struct zc_diversion){0};
    zc_diversion_lock();
    bool is_set = current != NULL;
    diversion->text = is_set ? zc_wiping_strdup(current) : NULL;
    zc_diversion_unlock();
    return is_set && diversion->text == NULL ? ZC_NO_MEMORY : read_text(diversion);
}

void
zc_diversion_clear(struct zc_diversion *diversion)
{
    zc_base_url_clear(&diversion->login);
    zc_base_url_clear(&diversion->follow_up);
    zc_wiping_free(diversion->text);
    *diversion = (struct zc_diversion){0};
}

/* May it be set? ZC_OK, ZC_INPUT or ZC_NO_MEMORY. */
static zc_status
judge(const char *text)
{
    if (text == NULL || strcmp(text, offline) == 0) {
        return ZC_OK;
    }
    struct zc_diversion diversion = {.text = zc_wiping_strdup(text)};
    zc_status status = diversion.text == NULL ? ZC_NO_MEMORY : read_addresses(&diversion);
    zc_diversion_clear(&diversion);
    return status;
}

zc_status
zc_diversion_exchange(const char *text, char **before)
{
    *before = NULL;
    zc_status status = judge(text);
    if (status != ZC_OK) {
        return status;
    }
    char *copy = text == NULL ? NULL : zc_wiping_strdup(text);
    if (text != NULL && copy == NULL) {
        return ZC_NO_MEMORY;
    }
    zc_diversion_lock();
    *before = current;
    current = copy;
    zc_diversion_unlock();
    return ZC_OK;
}
