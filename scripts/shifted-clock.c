/*
 * Shifts the calendar clock of a process by CLOCK_SHIFT_S seconds, for scripts/at.sh. Timers and monotonic
 * clocks stay: libfaketime shifts those too, or else breaks the sleep of Python 3.11.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t shift_s;

__attribute__((constructor)) static void read_shift(void) {
  const char *text = getenv("CLOCK_SHIFT_S");
  shift_s = text ? atoll(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  static int (*usual)(clockid_t, struct timespec *);
  if (!usual) usual = dlsym(RTLD_NEXT, "clock_gettime");
  int result = usual ? usual(clock, now) : (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += shift_s;
  return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *result) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME, &exact);
  if (result) *result = exact.tv_sec;
  return exact.tv_sec;
}

/* A deadline on the real clock. Those of monotonic clocks are left: they count from the boot, and are far smaller. */
static struct timespec real_deadline(const struct timespec *deadline) {
  struct timespec result = *deadline;
  if (result.tv_sec > 1000000000) result.tv_sec -= shift_s;
  return result;
}

int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline) {
  static int (*usual)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  if (!usual) usual = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (!usual) usual = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
  struct timespec real = real_deadline(deadline);
  return usual(condition, mutex, &real);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
  static int (*usual)(sem_t *, const struct timespec *);
  if (!usual) usual = dlsym(RTLD_NEXT, "sem_timedwait");
  struct timespec real = real_deadline(deadline);
  return usual(semaphore, &real);
}
