/* Kept connections: used again, looked at before, never used after anything came unasked, and never shared with a forked child. */
#include "check.h"
#include "login.h"
#include "server.h"

#include "core/library.h"
#include "core/pool.h"
#include "core/transfer.h"

#include <sys/wait.h>

static struct server server;

/* One login through the pool; is it answered as `answer` says? */
static bool
is_answered(const struct zc_request *request, const char *answer)
{
    struct zc_transfer *transfer = NULL;
    CHECK(zc_pool_take(&transfer, request->route) == ZC_OK);
    bool so = log_in(transfer, request, 5000) == ZC_OK && was_answered(transfer, answer);
    zc_pool_put(transfer, zc_transfer_finish(transfer));
    return so;
}

/* Drops the connection that a test kept, so that the next begins without. */
static void
drop_kept(const struct zc_request *request)
{
    struct zc_transfer *transfer = NULL;
    CHECK(zc_pool_take(&transfer, request->route) == ZC_OK && zc_transfer_route(transfer) == request->route);
    zc_pool_put(transfer, false);
}

static void
logins_of_several_users_share_one_connection(void)
{
    struct zc_request *one = request_to(server.port, "one", NULL);
    struct zc_request *other = request_to(server.port, "other", NULL);
    int n_before = server_connections(&server);
    for (int i = 0; i < 3; i++) {
        CHECK(is_answered(one, "one") && is_answered(other, "other"));
    }
    CHECK(server_connections(&server) == n_before + 1);
    drop_kept(one);
    zc_request_free(other);
    zc_request_free(one);
}

static void
another_connection_is_made_when_the_server_closed_the_kept_one(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    int n_before = server_connections(&server);
    int n_logins = server_logins(&server);
    for (int i = 0; i < 3; i++) {
        CHECK(is_answered(request, "user"));
        server_pushes(&server, NULL);
    }
    CHECK(server_connections(&server) == n_before + 3 && server_logins(&server) == n_logins + 3);
    drop_kept(request);
    zc_request_free(request);
}

/* libcurl before 8.0 would take what came unasked for the next login's answer: somebody else's session. */
static void
what_came_unasked_is_nobody_s_answer(void)
{
    static const char *const unasked[] = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Answer: unasked\r\n\r\n{}",
        "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nX-Answer: late\r\n\r\n",
        "x",
    };
    struct zc_request *one = request_to(server.port, "one", NULL);
    struct zc_request *other = request_to(server.port, "other", NULL);
    for (size_t i = 0; i < sizeof(unasked) / sizeof(unasked[0]); i++) {
        CHECK(is_answered(one, "one"));
        server_pushes(&server, unasked[i]);
        int n_before = server_connections(&server);
        for (int k = 0; k < 3; k++) {
            CHECK_ROW(is_answered(one, "one") && is_answered(other, "other"), unasked[i]);
        }
        CHECK_ROW(server_connections(&server) == n_before + 1, unasked[i]);
    }
    drop_kept(one);
    zc_request_free(other);
    zc_request_free(one);
}

/* libcurl may have read both at once, and drops the second; or it waits on the connection, which is given up then. */
static void
what_came_behind_an_answer_is_nobody_s_answer(void)
{
    static const char answers[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Answer: first\r\n\r\n{}"
                                  "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Answer: second\r\n\r\n{}";
    struct zc_request *request = request_to(server.port, "user", NULL);
    server_answers(&server, answers, sizeof(answers) - 1, KEEP);
    for (int i = 0; i < 3; i++) {
        CHECK(is_answered(request, "first"));
    }
    server_answers(&server, NULL, 0, KEEP);
    drop_kept(request);
    zc_request_free(request);
}

/* A server's 408 crosses the login; then it answers the login itself, on a connection that nobody may listen to any more. */
static void
a_408_is_the_last_answer_on_its_connection(void)
{
    static const char late[] = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nX-Answer: late\r\n\r\n";
    struct zc_request *request = request_to(server.port, "user", NULL);
    int n_before = server_connections(&server);
    server_answers(&server, late, sizeof(late) - 1, KEEP);
    CHECK(is_answered(request, "late"));
    server_answers(&server, NULL, 0, KEEP);
    CHECK(is_answered(request, "user") && server_connections(&server) == n_before + 2);
    drop_kept(request);
    zc_request_free(request);
}

static void
a_login_without_an_answer_leaves_nothing_to_share(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    CHECK(is_answered(request, "user"));
    int n_before = server_connections(&server);
    server_answers(&server, "", 0, KEEP);
    struct zc_transfer *transfer = NULL;
    CHECK(zc_pool_take(&transfer, request->route) == ZC_OK && log_in(transfer, request, 100) == ZC_TIMEOUT);
    bool is_kept = zc_transfer_finish(transfer);
    CHECK(!is_kept);
    zc_pool_put(transfer, is_kept);
    server_answers(&server, NULL, 0, KEEP);
    CHECK(is_answered(request, "user") && server_connections(&server) == n_before + 1);
    drop_kept(request);
    zc_request_free(request);
}

/* Hands back the child's exit status: 0 if all held. */
static int
in_child(bool (*holds)(const struct zc_request *, struct zc_transfer *), const struct zc_request *request,
         struct zc_transfer *inherited)
{
    pid_t child = fork();
    if (child == 0) {
        _exit(holds(request, inherited) ? 0 : 1);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child);
    return status;
}

/* What the parent had under way ends, and a login of the child's own works. */
static bool
child_logs_in(const struct zc_request *request, struct zc_transfer *inherited)
{
    bool ended = zc_transfer_step_nogil(inherited, 50) == ZC_FORKED && !zc_transfer_finish(inherited);
    zc_pool_put(inherited, false);
    return ended && is_answered(request, "user") && is_answered(request, "user");
}

static void
a_child_has_connections_of_its_own_and_the_parent_keeps_its(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    struct zc_transfer *under_way = NULL;
    CHECK(zc_pool_take(&under_way, request->route) == ZC_OK && zc_transfer_start(under_way, request, NULL, 5000, 5000) == ZC_OK);
    CHECK(is_answered(request, "user"));
    int n_before = server_connections(&server);
    for (int i = 1; i <= 3; i++) {
        CHECK(in_child(child_logs_in, request, under_way) == 0);
        CHECK(server_connections(&server) == n_before + i);
        CHECK(is_answered(request, "user") && server_connections(&server) == n_before + i);
    }
    zc_status status;
    while ((status = zc_transfer_step_nogil(under_way, 50)) == ZC_PENDING) {
    }
    CHECK(status == ZC_OK && zc_transfer_finish(under_way));
    zc_pool_put(under_way, false);
    drop_kept(request);
    zc_request_free(request);
}

int
main(void)
{
    CHECK(zc_library_init() == ZC_OK);
    server_start(&server);
    logins_of_several_users_share_one_connection();
    another_connection_is_made_when_the_server_closed_the_kept_one();
    what_came_unasked_is_nobody_s_answer();
    what_came_behind_an_answer_is_nobody_s_answer();
    a_408_is_the_last_answer_on_its_connection();
    a_login_without_an_answer_leaves_nothing_to_share();
    a_child_has_connections_of_its_own_and_the_parent_keeps_its();
    server_stop(&server);
    return check_done();
}
