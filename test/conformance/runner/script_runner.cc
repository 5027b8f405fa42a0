#include "conformance/runner/script_runner.h"

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX's.

#include <filesystem>
#include <system_error>
#include <utility>

#include "conformance/runner/case_runner.h"

namespace convoy::conformance {
namespace {

// A folder that goes with the object; in memory where the system has such a place, because what is
// tested here is not the disk.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::error_code error;
    const std::filesystem::path shared = "/dev/shm";
    const bool is_there = std::filesystem::is_directory(shared, error);
    std::string name = (is_there ? shared : std::filesystem::temp_directory_path(error)) /
                       "convoy-conformance-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) path_ = std::move(name);
  }

  ~TemporaryFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }

  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The database after the script's set-up. Its failures are reported once, here.
void build_template(Driver& driver, const Script& script, const std::string& file, Report& report) {
  const Case set_up{.line = 1, .sentence = "set-up", .commands = script.setup, .needs_file = false};
  Script alone{.schema = script.schema, .setup = {}, .cases = {}};
  CaseRunner runner(driver,
                    {.script = &alone,
                     .tested = &set_up,
                     .place = Place::Disk,
                     .folder = file,
                     .template_file = {}},
                    report);
  runner.run();
}

}  // namespace

Report run_script(Driver& driver, const Script& script, std::string_view only) {
  Report report;
  const TemporaryFolder folder;
  std::string template_folder;
  if (script.schema) {
    template_folder = folder.path() + "/template";
    std::filesystem::create_directory(template_folder);
    build_template(driver, script, template_folder, report);
    if (!report.failures.empty()) return report;
  }
  int number = 0;
  for (const auto& tested : script.cases) {
    if (tested.sentence.find(only) == std::string::npos) continue;
    if (tested.needs_reset && !driver.can_reset()) continue;
    for (const auto place : {Place::Memory, Place::Disk}) {
      if (tested.needs_file && place == Place::Memory) continue;
      const auto own = folder.path() + "/" + std::to_string(++number);
      std::filesystem::create_directory(own);
      CaseRunner runner(
          driver,
          {.script = &script,
           .tested = &tested,
           .place = place,
           .folder = own,
           .template_file = template_folder.empty() ? "" : template_folder + "/case.db"},
          report);
      runner.run();
      std::filesystem::remove_all(own);
    }
  }
  return report;
}

}  // namespace convoy::conformance
