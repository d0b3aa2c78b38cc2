/* The gate closes when nobody is inside, keeps out who comes then, and stands open in parent and child afterwards. */
#include "check.h"

#include "core/gate.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static atomic_bool is_done;
static atomic_bool nearly_over;

/* In the place of the C library's: once it is told so, what waits from now on has waited nine seconds already. */
int
clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);
    now->tv_sec -= nearly_over ? 9 : 0;
    return (int)result;
}

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

static void *
leave_later(void *has_left)
{
    (void)usleep(100 * 1000);
    is_done = true;
    zc_gate_leave();
    *(atomic_bool *)has_left = true;
    return NULL;
}

/* Threads may come from anywhere: the gate counts, and does not ask who. */
static int
exit_with_one_inside(void)
{
    static atomic_bool has_left;
    pthread_t thread;
    zc_gate_enter();
    is_done = false;
    if (pthread_create(&thread, NULL, leave_later, &has_left) != 0) {
        return 1;
    }
    zc_gate_close_at_exit();
    return is_done && waits(&thread, go_through) && !has_left ? 0 : 2;
}

/* In another handler of exit(). */
static int
exit_and_fork(void)
{
    zc_gate_enter();
    nearly_over = true;
    zc_gate_close_at_exit();
    zc_gate_close();
    zc_gate_open_in_child();
    (void)go_through(NULL);
    return 0;
}

/* As when a signal's handler calls exit(). The alarm ends a child that waits longer than the second that is left. */
static int
exit_from_inside(void)
{
    nearly_over = true;
    (void)alarm(4);
    zc_gate_enter();
    zc_gate_close_at_exit();
    return 0;
}

static bool
ends_well_in_a_child(int (*work)(void))
{
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(20);
        _exit(work());
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static void
exit_waits_for_those_inside_and_lets_nobody_in_or_out(void)
{
    CHECK(ends_well_in_a_child(exit_with_one_inside));
}

static void
fork_during_exit_waits_for_nobody(void)
{
    CHECK(ends_well_in_a_child(exit_and_fork));
}

static void
exit_does_not_wait_for_ever(void)
{
    CHECK(ends_well_in_a_child(exit_from_inside));
}

int
main(void)
{
    several_may_be_inside();
    closing_waits_for_those_inside();
    entering_and_closing_wait_while_it_is_closed();
    it_is_open_in_parent_and_child();
    exit_waits_for_those_inside_and_lets_nobody_in_or_out();
    fork_during_exit_waits_for_nobody();
    exit_does_not_wait_for_ever();
    return check_done();
}
