/* What arguments and variables left open about a login, asked of zuora_connect._credentials: a profile, the keyring, the user. GIL held. */
#ifndef ZC_CREDENTIALS_H
#define ZC_CREDENTIALS_H

#include "python/module.h"

#include <stdbool.h>

/* How far a function goes to complete a login. */
struct zc_manner {
    const char *function; /* its name */
    bool asks;            /* the user, for what nobody else knows */
    bool tells;           /* the user, where each value came from */
    bool plans;           /* not at all beyond a profile: who logs in may stay open */
    bool stays_apart;     /* from profiles, whatever ZUORA_PROFILE names */
};

/* Where who and where came from: the number that `Connection.source` is derived from. */
enum { ZC_FROM_ARGUMENT, ZC_FROM_VARIABLE, ZC_FROM_SECOND_VARIABLE, ZC_FROM_DEFAULT };
struct zc_origin {
    int username;
    int password;
    int base_url;
};

/* 0 where all three are arguments. */
long
zc_origin_number(const struct zc_origin *origin);

/* What is known of a login so far. */
struct zc_known {
    const struct zc_manner *manner;
    PyObject *const *given; /* [ZC_N_PARAMETERS] */
    PyObject *profile;      /* NULL: nobody named one */
    struct zc_origin origin;
    long timeout_ms; /* that may be waited */
};

/* returns new: the form on which all is filled in that could be found; it may still lack something */
PyObject *
zc_credentials_complete(const struct zc_state *state, const struct zc_known *known);

/* Takes over from the form what given[] lacks. 0, or -1 with an exception set. */
int
zc_credentials_take(const struct zc_state *state, PyObject *form, PyObject *given[ZC_N_PARAMETERS]);

/* Sets a ValueError: `name` is missing. `form` says where it was looked for; NULL: nowhere else. Returns -1. */
int
zc_credentials_raise_missing(PyObject *form, const char *name, const char *variable);

/* Adds to a ValueError that is set, if it is about a value of a profile's, which profile has it. */
void
zc_credentials_blame(PyObject *form);

/* Puts the password into the keyring. 0, or -1 with an exception set, which has the connection. */
int
zc_credentials_save(PyObject *form, PyObject *connection);

/* Lets go of the values, whoever still holds the form. */
void
zc_credentials_free(PyObject *form);

#endif
