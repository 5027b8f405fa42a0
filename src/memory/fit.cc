#include "memory/fit.h"

#include <optional>

namespace convoy::memory {
namespace {

struct Place {
  std::size_t section = 0;
  std::size_t part = 0;
  std::optional<std::size_t> form;  // Nothing: left out.
};

class Fitter {
 public:
  Fitter(const std::vector<Section>& sections, std::size_t amount, BudgetUnit unit)
      : sections_(sections), unit_(unit), room_(amount), is_begun_(sections.size(), false) {
    for (std::size_t i = 0; i < sections.size(); ++i) {
      for (std::size_t j = 0; j < sections[i].parts.size(); ++j) places_.push_back({i, j, {}});
    }
    std::ranges::stable_sort(places_, {}, [&](const Place& place) { return part(place).priority; });
  }

  void choose() {
    for (auto& place : places_) place_shortly(place);
    for (auto& place : places_) lengthen(place);
  }

  [[nodiscard]] Fitted result() const {
    Fitted fitted;
    for (std::size_t i = 0; i < sections_.size(); ++i) {
      Cut cut{.what = sections_[i].what};
      std::vector<const std::string*> texts(sections_[i].parts.size());
      for (const auto& place : places_) {
        if (place.section != i) continue;
        ++cut.parts;
        if (!place.form) {
          ++cut.left_out;
        } else {
          texts[place.part] = &part(place).forms[*place.form];
          if (*place.form > 0) ++cut.shortened;
        }
      }
      if (is_begun_[i]) fitted.text += sections_[i].heading;
      for (const auto* text : texts) {
        if (text != nullptr) fitted.text += *text;
      }
      if (cut.left_out + cut.shortened > 0) fitted.cuts.push_back(std::move(cut));
    }
    return fitted;
  }

 private:
  [[nodiscard]] const Part& part(const Place& place) const {
    return sections_[place.section].parts[place.part];
  }

  [[nodiscard]] std::size_t size(const std::string& text) const { return size_of(text, unit_); }

  void place_shortly(Place& place) {
    const auto& forms = part(place).forms;
    const auto heading = is_begun_[place.section] ? 0 : size(sections_[place.section].heading);
    for (std::size_t form = 0; form < forms.size(); ++form) {
      const auto needed = size(forms[form]) + heading;
      const bool is_last = form + 1 == forms.size();
      if (needed > room_ || (!is_last && needed > room_ / 2)) continue;
      room_ -= needed;
      is_begun_[place.section] = true;
      place.form = form;
      return;
    }
  }

  void lengthen(Place& place) {
    if (!place.form) return;
    const auto& forms = part(place).forms;
    const auto taken = size(forms[*place.form]);
    for (std::size_t form = 0; form < *place.form; ++form) {
      if (size(forms[form]) > room_ + taken) continue;
      room_ = room_ + taken - size(forms[form]);
      place.form = form;
      return;
    }
  }

  const std::vector<Section>& sections_;
  BudgetUnit unit_;
  std::size_t room_;
  std::vector<bool> is_begun_;
  std::vector<Place> places_;  // The most important first.
};

}  // namespace

Fitted fit(const std::vector<Section>& sections, std::size_t amount, BudgetUnit unit) {
  Fitter fitter(sections, amount, unit);
  fitter.choose();
  return fitter.result();
}

}  // namespace convoy::memory
