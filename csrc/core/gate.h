/* fork() waits until no thread is inside libcurl: a lock of libcurl's or OpenSSL's that another thread held at that moment would stay
 * locked in the child for ever. Threads that only wait on their sockets are outside. */
#ifndef ZC_GATE_H
#define ZC_GATE_H

/* Around every stretch of work in libcurl; waits while a fork is under way. Not to be nested. */
void
zc_gate_enter(void);
void
zc_gate_leave(void);

/* The handlers around fork(). Closing waits for those inside. */
void
zc_gate_close(void);
void
zc_gate_open_in_parent(void);
void
zc_gate_open_in_child(void);

/* The handler of exit(): the clean-up of OpenSSL that follows would pull the ground from under threads inside. Waits for them, ten
 * seconds at most: exit() may have been called by one of them, from a signal's handler. From then on nobody gets in, and nobody out: what
 * OpenSSL does when a thread ends would meet that clean-up. */
void
zc_gate_close_at_exit(void);

#endif
