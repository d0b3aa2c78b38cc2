/* fork() waits until no thread is inside libcurl. The lock is held across the fork, and made anew in the child: the threads that wait
 * for it in the parent do not exist there. */
#include "core/gate.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#define EXIT_WAIT_SECONDS 10

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static size_t n_inside; /* under the lock, as the next two */
static bool is_closed;  /* a fork is under way */
static bool is_exiting;

void
zc_gate_enter(void)
{
    (void)pthread_mutex_lock(&lock);
    while (is_closed || is_exiting) {
        (void)pthread_cond_wait(&changed, &lock);
    }
    n_inside++;
    (void)pthread_mutex_unlock(&lock);
}

void
zc_gate_leave(void)
{
    (void)pthread_mutex_lock(&lock);
    n_inside--;
    if (is_closed || is_exiting) {
        (void)pthread_cond_broadcast(&changed);
    }
    while (is_exiting) {
        (void)pthread_cond_wait(&changed, &lock);
    }
    (void)pthread_mutex_unlock(&lock);
}

void
zc_gate_close(void)
{
    (void)pthread_mutex_lock(&lock);
    while (is_closed) { /* another thread forks */
        (void)pthread_cond_wait(&changed, &lock);
    }
    is_closed = true;
    while (n_inside > 0 && !is_exiting) {
        (void)pthread_cond_wait(&changed, &lock);
    }
}

void
zc_gate_open_in_parent(void)
{
    is_closed = false;
    (void)pthread_cond_broadcast(&changed);
    (void)pthread_mutex_unlock(&lock);
}

void
zc_gate_open_in_child(void)
{
    lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
    changed = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
    is_closed = false;
    is_exiting = false;
}

void
zc_gate_close_at_exit(void)
{
    struct timespec end;
    (void)clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += EXIT_WAIT_SECONDS;
    bool in_time = true;
    (void)pthread_mutex_lock(&lock);
    is_exiting = true;
    while (n_inside > 0 && in_time) {
        in_time = pthread_cond_timedwait(&changed, &lock, &end) == 0;
    }
    (void)pthread_mutex_unlock(&lock);
}
