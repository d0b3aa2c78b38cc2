/* What can go wrong in one login, and the one function that decides it.
 *
 * A CURLcode alone decides nothing (56 is a reset, a proxy's refusal, headers past the cap or a bad chunk), so the verdict is
 * read from the code together with what the transfer saw by itself. Plain data: no lock, no allocation, any thread. */
#ifndef ZC_STATUS_H
#define ZC_STATUS_H

#include <stdbool.h>

typedef enum zc_status {
    ZC_OK = 0,
    ZC_PENDING, /* not done yet: step again */
    ZC_NO_MEMORY,
    ZC_INPUT,    /* a value that must never be sent; a zc_problem names it */
    ZC_INTERNAL, /* libcurl refused an option or broke down before it did anything */
    ZC_FORKED,   /* this process is a child forked in the middle of the login */
    /* no connection, or one that ended before the first byte of an answer */
    ZC_NO_HOST,
    ZC_NO_PROXY_HOST,
    ZC_REFUSED,
    ZC_RESET,
    ZC_PROXY,
    ZC_PROXY_AUTH,
    /* TLS */
    ZC_TLS,
    ZC_TLS_ISSUER, /* no store of ours knows who signed the certificate: another store may */
    ZC_TLS_CERTIFICATE,
    ZC_TLS_CLIENT,
    ZC_TLS_NO_STORE,
    /* time */
    ZC_TIMEOUT,
    /* an answer that cannot be used */
    ZC_NOT_HTTP,
    ZC_CUT_SHORT,
    ZC_FRAMING,
    ZC_BODY_TOO_LARGE,
    ZC_HEADERS_TOO_LARGE,
    ZC_ENCODED,
    ZC_REDIRECT,
    ZC_SWITCHED,
    ZC_NO_FORM,
    ZC_NO_COOKIE,
    ZC_BAD_COOKIE,
    ZC_N_STATUSES
} zc_status;

typedef enum zc_phase {
    ZC_PHASE_RESOLVE,
    ZC_PHASE_CONNECT,
    ZC_PHASE_PROXY,
    ZC_PHASE_TLS,
    ZC_PHASE_SEND,
    ZC_PHASE_WAIT,
    ZC_PHASE_READ
} zc_phase;

/* Everything that is known about a transfer that ended. */
struct zc_evidence {
    int code; /* CURLcode */
    zc_phase phase;
    bool body_full;         /* our cap on the body stopped it */
    bool headers_full;      /* our cap on the headers stopped it */
    bool allocation_failed; /* our allocator had to say no */
    bool behind_proxy;      /* for certain: no exception could apply */
    long connect_code;      /* the proxy's last answer to CONNECT, 0 if none */
    long os_errno;
    long verify_result;  /* X509_V_ERR_* of the server's chain, or of the https proxy's */
    const char *message; /* libcurl's text, never NULL */
};

/* Why a value was refused: both static texts, and neither holds the value. */
struct zc_problem {
    const char *argument;
    const char *text; /* to be said after "ARGUMENT: " */
};

zc_status
zc_status_judge(const struct zc_evidence *seen);

/* What happened, to be said after "the login at HOST failed: ". */
const char *
zc_status_text(zc_status status);

/* What to try next. */
const char *
zc_status_hint(zc_status status);

/* The name of a phase, as `Timeout.phase` has it. */
const char *
zc_phase_name(zc_phase phase);

#endif
