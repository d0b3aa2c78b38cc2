/* One login of a driver: request, transfer, answer. */
#ifndef LOGIN_H
#define LOGIN_H

#include "check.h"

#include "core/request.h"
#include "core/transfer.h"

#include <string.h>

/* returns new: the login of one user at a port of 127.0.0.1; `ca_dir` NULL: plain http */
static inline struct zc_request *
request_to(int port, const char *username, const char *ca_dir)
{
    char url[64];
    (void)snprintf(url, sizeof(url), "%s://127.0.0.1:%d", ca_dir == NULL ? "http" : "https", port);
    const struct zc_value values[ZC_N_ARGUMENTS] = {
        [ZC_USERNAME] = {username, strlen(username)},
        [ZC_PASSWORD] = {"secret", 6},
        [ZC_BASE_URL] = {url, strlen(url)},
        [ZC_CA_DIR] = {ca_dir, ca_dir == NULL ? 0 : strlen(ca_dir)},
    };
    struct zc_request *request = NULL;
    struct zc_problem problem = {0};
    CHECK(zc_request_new(&request, values, &problem) == ZC_OK);
    return request;
}

/* One login up to its end; zc_transfer_finish is the caller's. */
static inline zc_status
log_in(struct zc_transfer *transfer, const struct zc_request *request, int timeout_ms)
{
    zc_status status = zc_transfer_start(transfer, request, NULL, timeout_ms, timeout_ms);
    while (status == ZC_OK && (status = zc_transfer_step_nogil(transfer, 50)) == ZC_PENDING) {
        status = ZC_OK;
    }
    return status;
}

/* Does the answer's last header hold this? */
static inline bool
was_answered(const struct zc_transfer *transfer, const char *answer)
{
    size_t n = 0;
    const struct zc_header *headers = zc_transfer_headers(transfer, &n);
    return n > 0 && strcmp(headers[n - 1].name.bytes, "X-Answer") == 0 && strcmp(headers[n - 1].value.bytes, answer) == 0;
}

#endif
