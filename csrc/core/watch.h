/* What is known of a login while libcurl works on it: the callbacks fill a buffer and count, and the phase follows from that. One
 * owner; no lock, no GIL. */
#ifndef ZC_WATCH_H
#define ZC_WATCH_H

#include "core/buffer.h"
#include "core/header_lines.h"
#include "core/options.h"
#include "core/request.h"
#include "core/sockets.h"
#include "core/status.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

struct zc_watch {
    CURL *easy; /* borrowed; set by whoever makes one */
    const struct zc_request *request;
    struct zc_sockets sockets;
    struct zc_buffer body;
    struct zc_header_lines lines; /* of the last answer so far */
    char error_text[CURL_ERROR_SIZE];
    zc_phase phase; /* at the last look */
    bool was_sent;
    bool was_resent;   /* a kept connection turned out dead, and libcurl made a new one */
    bool is_uploading; /* at the last look the request was not out yet */
    bool answered;     /* a first byte of an answer came */
    bool body_full;
    bool headers_full;
    bool is_misframed;     /* a header line that no reader may guess at */
    bool is_mid_line;      /* the last bytes of a header line are still to come */
    bool in_headers;       /* after a status line, before its empty line */
    bool is_final;         /* the headers of the final answer are over: what comes now are trailers */
    bool is_enough;        /* the final answer is one whose body nobody reads: 101 or a redirect */
    int http_status;       /* of the last status line */
    const void *ssl;       /* OpenSSL's view of the connection that answered; valid as long as that is open */
    size_t n_header_bytes; /* of all answers to this try, as the next */
    size_t n_header_lines;
    unsigned long failures_before; /* of the allocator, before this login */
    unsigned long opened_before;   /* sockets, before this login */
    unsigned long opened_at_send;  /* sockets, when the request last went out, as the next two */
    unsigned long closed_at_send;
    curl_off_t started_at_send; /* CURLINFO_STARTTRANSFER_TIME_T */
};

void
zc_watch_init(struct zc_watch *watch);
void
zc_watch_clear(struct zc_watch *watch);

/* The callbacks, for zc_options_set_always; they point to the watch. */
struct zc_callbacks
zc_watch_callbacks(struct zc_watch *watch);

/* Before a login, and before each try of it. */
void
zc_watch_begin(struct zc_watch *watch, const struct zc_request *request);
void
zc_watch_begin_try(struct zc_watch *watch);

/* Before and after libcurl worked, while the transfer runs. */
void
zc_watch_look_before(struct zc_watch *watch);
void
zc_watch_look_after(struct zc_watch *watch);

/* After an answer: did more come on its connection than belongs to it? */
bool
zc_watch_has_unread(const struct zc_watch *watch);

/* What it means that the transfer ended with `code`; the phase is that of the end then. */
zc_status
zc_watch_judge(struct zc_watch *watch, CURLcode code);

#endif
