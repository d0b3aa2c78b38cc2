/* The planted defect: a file compiled with this in front takes no lock. */
#include <pthread.h>

#define pthread_mutex_lock(mutex)   ((void)(mutex), 0)
#define pthread_mutex_unlock(mutex) ((void)(mutex), 0)
#define pthread_once(once, work)    ((void)(once), (work)(), 0)
