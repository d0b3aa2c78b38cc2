/* The gate closes when nobody is inside, keeps out who comes then, and stands open in parent and child afterwards. */
#include "check.h"

#include "core/gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

static atomic_bool is_done;

static void *
close_and_open(void *unused)
{
    zc_gate_close();
    is_done = true;
    zc_gate_open_in_parent();
    return unused;
}

static void *
go_through(void *unused)
{
    zc_gate_enter();
    is_done = true;
    zc_gate_leave();
    return unused;
}

/* Does this thread wait as long as nothing changes? */
static bool
waits(pthread_t *thread, void *(*work)(void *))
{
    is_done = false;
    bool started = pthread_create(thread, NULL, work, NULL) == 0;
    (void)usleep(20 * 1000);
    return started && !is_done;
}

static bool
ends(pthread_t thread)
{
    return pthread_join(thread, NULL) == 0 && is_done;
}

static void
several_may_be_inside(void)
{
    pthread_t thread;
    zc_gate_enter();
    is_done = false;
    CHECK(pthread_create(&thread, NULL, go_through, NULL) == 0 && ends(thread));
    zc_gate_leave();
}

static void
closing_waits_for_those_inside(void)
{
    pthread_t thread;
    zc_gate_enter();
    CHECK(waits(&thread, close_and_open));
    zc_gate_leave();
    CHECK(ends(thread));
}

static void
entering_and_closing_wait_while_it_is_closed(void)
{
    pthread_t one;
    pthread_t other;
    zc_gate_close();
    CHECK(waits(&one, go_through));
    CHECK(waits(&other, close_and_open));
    zc_gate_open_in_parent();
    CHECK(ends(one) && ends(other));
}

/* The alarm ends a child that waits for a thread it has not. */
static void
it_is_open_in_parent_and_child(void)
{
    pthread_t thread;
    zc_gate_close();
    CHECK(waits(&thread, go_through));
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(20);
        zc_gate_open_in_child();
        (void)go_through(NULL);
        (void)close_and_open(NULL);
        (void)go_through(NULL);
        _exit(0);
    }
    zc_gate_open_in_parent();
    CHECK(ends(thread));
    int status = -1;
    CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
    (void)go_through(NULL);
}

int
main(void)
{
    several_may_be_inside();
    closing_waits_for_those_inside();
    entering_and_closing_wait_while_it_is_closed();
    it_is_open_in_parent_and_child();
    return check_done();
}
