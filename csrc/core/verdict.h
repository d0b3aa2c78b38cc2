/* Body -> success, processId, reasons: the only room that sees cJSON. Judged by json_strict first. cJSON writes a process-global
 * on every parse, so one lock surrounds it: held for the parse alone, never while anything else is waited for. */
#ifndef ZC_VERDICT_H
#define ZC_VERDICT_H

#include "core/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ZC_MAX_REASONS 100

struct zc_reason {
    bool code_is_text;
    int64_t code;          /* if not code_is_text */
    const char *code_text; /* borrowed from the verdict, UTF-8 */
    const char *message;   /* likewise; "" if none */
};

struct zc_verdict {
    bool in_form;           /* one JSON object with a bool `success` or a list `reasons` */
    const char *why_not;    /* static text, if not in_form; to be said after "the body is not in Zuora's form: " */
    bool success;           /* `success` is literally true */
    const char *process_id; /* NULL: none; borrowed from the verdict */
    struct zc_reason *reasons;
    size_t n_reasons;
    void *tree; /* the parsed body, which the texts above borrow from */
};

/* Reads a body of any content; changes its bytes (see json_strict), and the verdict does not borrow from them. ZC_OK, also for
 * a body that is not in form; ZC_NO_MEMORY. */
zc_status
zc_verdict_read(struct zc_verdict *verdict, char *body, size_t len);

void
zc_verdict_clear(struct zc_verdict *verdict);

/* The category of a refusal: the last two digits of an eight-digit code or a bare 70 of the first reason; -1 if there is none. */
int
zc_verdict_category(const struct zc_verdict *verdict);

/* Does this answer tell the caller to wait? 429, 5xx, or the categories 50, 60, 61, 70, 99. */
bool
zc_verdict_says_wait(int http_status, int category);

/* Of cJSON, as it is linked. */
const char *
zc_verdict_parser_version(void);

/* The parse lock, for the handlers around fork() only. */
void
zc_verdict_lock(void);
void
zc_verdict_unlock(void);

#endif
