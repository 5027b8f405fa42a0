#include "live/delivery.h"

namespace convoy::live {

bool Delivery::is_stopped() const {
  base::MutexLock lock(mutex_);
  return is_stopped_;
}

void Delivery::announce() {
  {
    base::MutexLock lock(mutex_);
    if (is_stopped_ || is_announced_) return;
    is_announced_ = true;
  }
  post();
}

void Delivery::post() {
  if (deliver_on_ == nullptr) return run();
  deliver_on_->post([self = shared_from_this()] { self->run(); });
}

void Delivery::run() {
  {
    base::MutexLock lock(mutex_);
    if (is_stopped_) return;
    running_on_ = std::this_thread::get_id();
  }
  hand_over();
  bool must_forget = false;
  bool must_go_on = false;
  {
    base::MutexLock lock(mutex_);
    must_forget = is_stopped_;
    must_go_on = !is_stopped_ && has_waiting();
    is_announced_ = must_go_on;
    if (!must_forget) running_on_.reset();
  }
  if (must_forget) {
    // Whoever waits for the callback's end waits for this as well.
    forget_callback();
    base::MutexLock lock(mutex_);
    running_on_.reset();
  }
  has_returned_.notify_all();
  // Posted anew, so that the executor gets to its other work.
  if (must_go_on) post();
}

void Delivery::stop() noexcept {
  {
    base::MutexLock lock(mutex_);
    const bool was_stopped = is_stopped_;
    is_stopped_ = true;
    if (running_on_ == std::this_thread::get_id()) return;
    const bool runs = running_on_.has_value();
    while (running_on_) has_returned_.wait(mutex_);
    // One that runs when it is stopped destroys itself.
    if (was_stopped || runs) return;
  }
  forget_callback();
}

}  // namespace convoy::live
