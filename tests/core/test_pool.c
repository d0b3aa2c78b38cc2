/* Which idle transfer is handed out, which are let go, and that threads never get each other's. */
#include "check.h"
#include "failing.h"
#include "login.h"
#include "server.h"

#include "core/library.h"
#include "core/pool.h"
#include "core/wipe.h"

#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#define MANY      70
#define MAX_IDLE  64
#define N_THREADS 8
#define N_LOGINS  25
#define N_FORKS   150

static struct server server;
static _Atomic time_t n_skipped; /* seconds that this process's clocks are ahead */

/* In the place of the C library's, so that a minute passes at once. */
int
clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);
    now->tv_sec += n_skipped;
    return (int)result;
}

static struct zc_transfer *
take(uint64_t route)
{
    struct zc_transfer *transfer = NULL;
    CHECK(zc_pool_take(&transfer, route) == ZC_OK && transfer != NULL);
    return transfer;
}

/* Takes one and logs in with it, so that its route is the request's; the caller puts it back. */
static struct zc_transfer *
take_and_log_in(const struct zc_request *request)
{
    struct zc_transfer *transfer = take(request->route);
    CHECK(log_in(transfer, request, 5000) == ZC_OK && zc_transfer_finish(transfer));
    return transfer;
}

/* A new transfer takes memory; a warm one takes none. */
static bool
is_warm_for(uint64_t route)
{
    unsigned long n_before = zc_wiping_count();
    struct zc_transfer *transfer = take(route);
    bool is_warm = zc_wiping_count() == n_before;
    zc_pool_put(transfer, is_warm);
    return is_warm;
}

/* Takes all that are idle for these routes and frees them. */
static void
drop_idle(uint64_t first_route, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        while (is_warm_for(first_route + i)) {
            zc_pool_put(take(first_route + i), false);
        }
    }
}

static void
a_route_gets_its_own_transfer_back_the_last_one_first(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    struct zc_transfer *first = take_and_log_in(request);
    struct zc_transfer *second = take_and_log_in(request);
    CHECK(first != second && zc_transfer_route(first) == request->route);
    zc_pool_put(first, true);
    zc_pool_put(second, true);
    struct zc_transfer *third = take(request->route + 1);
    CHECK(third != first && third != second);
    CHECK(take(request->route) == second && take(request->route) == first);
    zc_pool_put(third, false);
    zc_pool_put(second, false);
    zc_pool_put(first, false);
    zc_pool_put(NULL, true);
    CHECK(!is_warm_for(request->route));
    zc_request_free(request);
}

/* So many hosts would otherwise keep a transfer each. */
static void
another_route_takes_the_place_of_the_oldest_of_eight(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    struct zc_transfer *idle[8];
    for (size_t i = 0; i < 8; i++) {
        idle[i] = take_and_log_in(request);
    }
    for (size_t i = 0; i < 7; i++) {
        zc_pool_put(idle[i], true);
    }
    CHECK(!is_warm_for(request->route + 1));
    zc_pool_put(idle[7], true);
    struct zc_transfer *taken = take(request->route + 1);
    zc_pool_put(taken, false);
    for (size_t i = 8; i > 1; i--) {
        CHECK(take(request->route) == idle[i - 1]);
    }
    CHECK(!is_warm_for(request->route));
    for (size_t i = 1; i < 8; i++) {
        zc_pool_put(idle[i], false);
    }
    zc_request_free(request);
}

static void
no_more_than_64_are_kept(void)
{
    struct zc_transfer *taken[MANY];
    for (size_t i = 0; i < MANY; i++) {
        taken[i] = take(0);
    }
    for (size_t i = 0; i < MANY; i++) {
        (void)zc_transfer_finish(taken[i]); /* notes since when it is idle */
        zc_pool_put(taken[i], true);
    }
    size_t n_warm = 0;
    for (size_t i = 0; i < MANY; i++) {
        unsigned long n_before = zc_wiping_count();
        taken[i] = take(0);
        n_warm += zc_wiping_count() == n_before;
    }
    CHECK(n_warm == MAX_IDLE);
    for (size_t i = 0; i < MANY; i++) {
        zc_pool_put(taken[i], false);
    }
}

static void
a_minute_is_the_longest_rest(void)
{
    struct zc_request *request = request_to(server.port, "user", NULL);
    zc_pool_put(take_and_log_in(request), true);
    n_skipped += 59;
    CHECK(is_warm_for(request->route));
    zc_pool_put(take_and_log_in(request), true);
    int n_before = server_connections(&server);
    n_skipped += 62;
    CHECK(!is_warm_for(request->route));
    zc_pool_put(take_and_log_in(request), true);
    CHECK(server_connections(&server) == n_before + 1);
    drop_idle(request->route, 1);
    zc_request_free(request);
}

static void
without_memory_there_is_no_transfer_and_nothing_is_lost(void)
{
    struct zc_transfer *transfer = NULL;
    zc_status status;
    unsigned nth = 0;
    do {
        fail_allocation(++nth);
        status = zc_pool_take(&transfer, 1);
        CHECK(status == (allocation_failed() ? ZC_NO_MEMORY : ZC_OK));
        fail_allocation(0);
    } while (status != ZC_OK);
    CHECK(nth > 10);
    zc_pool_put(transfer, false);
}

struct worker {
    pthread_t thread;
    struct zc_request *request;
    char name[16];
    int n_right;
};

static void *
log_in_often(void *argument)
{
    struct worker *w = argument;
    for (int i = 0; i < N_LOGINS; i++) {
        struct zc_transfer *transfer = NULL;
        if (zc_pool_take(&transfer, w->request->route) == ZC_OK) {
            w->n_right += log_in(transfer, w->request, 20000) == ZC_OK && was_answered(transfer, w->name);
            zc_pool_put(transfer, zc_transfer_finish(transfer));
        }
    }
    return NULL;
}

static void
each_of_eight_threads_gets_its_own_answers(void)
{
    struct worker workers[N_THREADS] = {0};
    int n_before = server_connections(&server);
    for (size_t i = 0; i < N_THREADS; i++) {
        (void)snprintf(workers[i].name, sizeof(workers[i].name), "user-%zu", i);
        workers[i].request = request_to(server.port, workers[i].name, NULL);
        CHECK(pthread_create(&workers[i].thread, NULL, log_in_often, &workers[i]) == 0);
    }
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
        CHECK_ROW(workers[i].n_right == N_LOGINS, workers[i].name);
        zc_request_free(workers[i].request);
    }
    CHECK(server_connections(&server) <= n_before + N_THREADS);
}

static atomic_bool is_over;

static void *
log_in_and_drop(void *argument)
{
    struct worker *w = argument;
    while (!is_over) {
        struct zc_transfer *transfer = take_and_log_in(w->request);
        zc_pool_put(transfer, false);
    }
    return NULL;
}

static bool
has_a_connection(void)
{
    for (int fd = 0; fd < 256; fd++) {
        struct sockaddr_in peer = {0};
        socklen_t len = sizeof(peer);
        if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == server.port) {
            return true;
        }
    }
    return false;
}

/* Whatever the other threads do at that moment: one that lets go of a transfer, too. */
static void
a_child_has_no_connection_of_its_parent(void)
{
    struct worker workers[2] = {0};
    int n_clean = 0;
    for (size_t i = 0; i < 2; i++) {
        workers[i].request = request_to(server.port, "user", NULL);
        CHECK(pthread_create(&workers[i].thread, NULL, log_in_and_drop, &workers[i]) == 0);
    }
    for (int i = 0; i < N_FORKS; i++) {
        int status = -1;
        pid_t child = fork();
        if (child == 0) {
            _exit(has_a_connection() ? 1 : 0);
        }
        n_clean += child > 0 && waitpid(child, &status, 0) == child && status == 0;
    }
    is_over = true;
    for (size_t i = 0; i < 2; i++) {
        CHECK(pthread_join(workers[i].thread, NULL) == 0);
        zc_request_free(workers[i].request);
    }
    CHECK(n_clean == N_FORKS);
}

int
main(void)
{
    CHECK(zc_library_init() == ZC_OK && zc_library_wipes());
    server_start(&server);
    without_memory_there_is_no_transfer_and_nothing_is_lost();
    a_route_gets_its_own_transfer_back_the_last_one_first();
    another_route_takes_the_place_of_the_oldest_of_eight();
    no_more_than_64_are_kept();
    a_minute_is_the_longest_rest();
    each_of_eight_threads_gets_its_own_answers();
    a_child_has_no_connection_of_its_parent();
    server_stop(&server);
    return check_done();
}
