/* A whole login with each allocation of the core and of libcurl failing in turn: it says so or does without, and the next one works. */
#include "check.h"
#include "failing.h"
#include "login.h"
#include "server.h"

#include "core/library.h"
#include "core/pool.h"

static struct server server;

/* From a cold pool or a warm one; frees the transfer unless it is worth keeping. */
static zc_status
log_in_through_pool(const struct zc_request *request)
{
    struct zc_transfer *transfer = NULL;
    zc_status status = zc_pool_take(&transfer, request->route);
    if (status == ZC_OK) {
        status = log_in(transfer, request, 5000);
        zc_pool_put(transfer, zc_transfer_finish(transfer));
    }
    return status;
}

static void
drop_kept(const struct zc_request *request)
{
    struct zc_transfer *transfer = NULL;
    CHECK(zc_pool_take(&transfer, request->route) == ZC_OK);
    zc_pool_put(transfer, false);
}

static void
each_allocation_may_fail(const struct zc_request *request, bool begins_warm)
{
    unsigned nth = 0;
    bool failed = true;
    while (failed) {
        drop_kept(request);
        if (begins_warm) {
            CHECK(log_in_through_pool(request) == ZC_OK);
        }
        fail_allocation(++nth);
        zc_status status = log_in_through_pool(request);
        failed = allocation_failed();
        fail_allocation(0);
        if (!CHECK(status == ZC_OK || (failed && status == ZC_NO_MEMORY))) {
            (void)fprintf(stderr, "    allocation %u came out as %d\n", nth, (int)status);
        }
        CHECK(log_in_through_pool(request) == ZC_OK);
    }
    CHECK(nth > 30);
}

/* Enough of both that the lists of headers and the body must grow. */
static void
answer_at_length(void)
{
    static char answer[12000];
    size_t len = (size_t)snprintf(answer, sizeof(answer), "HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n");
    for (int i = 0; i < 100; i++) {
        len += (size_t)snprintf(answer + len, sizeof(answer) - len, "X-Header-%d: value\r\n", i);
    }
    len += (size_t)snprintf(answer + len, sizeof(answer) - len, "\r\n%8000s", "");
    server_answers(&server, answer, len, KEEP);
}

int
main(void)
{
    CHECK(zc_library_init() == ZC_OK && zc_library_wipes());
    server_start(&server);
    answer_at_length();
    struct zc_request *request = request_to(server.port, "user", NULL);
    each_allocation_may_fail(request, false);
    each_allocation_may_fail(request, true);
    drop_kept(request);
    zc_request_free(request);
    server_stop(&server);
    return check_done();
}
