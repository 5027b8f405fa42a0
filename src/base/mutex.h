// mutex.h: a lock that clang's thread-safety analysis understands.
//
// Platforms without threads have one that does nothing.
#pragma once

#if !defined(__wasm__)
#include <mutex>
#endif

#if defined(__clang__)
#define CONVOY_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define CONVOY_THREAD_ANNOTATION(x)
#endif
#define CONVOY_CAPABILITY(x) CONVOY_THREAD_ANNOTATION(capability(x))
#define CONVOY_SCOPED_CAPABILITY CONVOY_THREAD_ANNOTATION(scoped_lockable)
#define CONVOY_GUARDED_BY(x) CONVOY_THREAD_ANNOTATION(guarded_by(x))
#define CONVOY_REQUIRES(...) CONVOY_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define CONVOY_ACQUIRE(...) CONVOY_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define CONVOY_TRY_ACQUIRE(...) CONVOY_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define CONVOY_RELEASE(...) CONVOY_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace convoy::base {

// Thread-safety: thread-safe.
class CONVOY_CAPABILITY("mutex") Mutex {
 public:
#if defined(__wasm__)
  void lock() CONVOY_ACQUIRE() {}

  bool try_lock() CONVOY_TRY_ACQUIRE(true) { return true; }

  void unlock() CONVOY_RELEASE() {}
#else
  void lock() CONVOY_ACQUIRE() { mutex_.lock(); }

  bool try_lock() CONVOY_TRY_ACQUIRE(true) { return mutex_.try_lock(); }

  void unlock() CONVOY_RELEASE() { mutex_.unlock(); }

 private:
  std::mutex mutex_;
#endif
};

class CONVOY_SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) CONVOY_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }

  ~MutexLock() CONVOY_RELEASE() { mutex_.unlock(); }

  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace convoy::base
