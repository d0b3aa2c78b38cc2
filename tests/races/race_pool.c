/* Threads take, use, put back and drop transfers, while the process forks. */
#include "login.h"
#include "server.h"
#include "threads.h"

#include "core/library.h"
#include "core/pool.h"

#include <sys/wait.h>

#define N_TURNS  300
#define N_LOGINS 30
#define N_FORKS  20

static struct server server;
static int n_right[N_THREADS];

/* One of three routes; every fifth transfer is dropped. */
static void
take_and_put(size_t turn)
{
    struct zc_transfer *transfer = NULL;
    if (zc_pool_take(&transfer, turn % 3) == ZC_OK) {
        (void)zc_transfer_finish(transfer);
        zc_pool_put(transfer, turn % 5 != 0);
    }
}

static bool
log_in_once(const struct zc_request *request, const char *name)
{
    struct zc_transfer *transfer = NULL;
    if (zc_pool_take(&transfer, request->route) != ZC_OK) {
        return false;
    }
    bool is_right = log_in(transfer, request, 20000) == ZC_OK && was_answered(transfer, name);
    zc_pool_put(transfer, zc_transfer_finish(transfer));
    return is_right;
}

static void
fork_once(void)
{
    pid_t child = fork();
    if (child == 0) {
        take_and_put(1);
        _exit(0);
    }
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static void *
work(void *number)
{
    size_t own = *(size_t *)number;
    char name[16];
    (void)snprintf(name, sizeof(name), "user-%zu", own);
    struct zc_request *request = request_to(server.port, name, NULL);
    (void)pthread_barrier_wait(&at_once);
    for (size_t i = 0; i < N_TURNS; i++) {
        take_and_put(own + i);
    }
    for (int i = 0; i < N_LOGINS; i++) {
        n_right[own] += log_in_once(request, name);
    }
    for (int i = 0; own == 0 && i < N_FORKS; i++) {
        fork_once();
    }
    zc_request_free(request);
    return NULL;
}

int
main(void)
{
    CHECK(zc_library_init() == NULL);
    server_start(&server);
    run_threads(work);
    for (size_t i = 0; i < N_THREADS; i++) {
        CHECK(n_right[i] == N_LOGINS);
    }
    server_stop(&server);
    return check_done();
}
