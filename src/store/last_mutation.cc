#include "store/last_mutation.h"

#include <algorithm>
#include <string_view>

#include "store/meta.h"

namespace convoy::store {
namespace {

constexpr std::string_view kSeq = "last_seq";
constexpr std::string_view kHlc = "hlc";

Result<LastMutation> noted(sql::Connection& connection) {
  LastMutation last;
  CONVOY_TRY(last.seq, read_meta_number(connection, kSeq));
  CONVOY_TRY(last.hlc, read_meta_number(connection, kHlc));
  return last;
}

}  // namespace

Result<LastMutation> last_mutation(sql::Connection& connection) {
  CONVOY_TRY(auto last, noted(connection));
  CONVOY_TRY(auto newest, connection.prepare("select seq, hlc from convoy_mutation order by seq "
                                             "desc limit 1"));
  CONVOY_TRY(const bool found, newest.step());
  if (found) {
    last.seq = std::max(last.seq, newest.integer(0));
    last.hlc = std::max(last.hlc, newest.integer(1));
  }
  return last;
}

Status note_last_mutation(sql::Connection& connection) {
  CONVOY_TRY(const auto before, noted(connection));
  CONVOY_TRY(const auto now, last_mutation(connection));
  if (now.seq > before.seq) CONVOY_CHECK_OK(write_meta(connection, kSeq, now.seq));
  if (now.hlc > before.hlc) CONVOY_CHECK_OK(write_meta(connection, kHlc, now.hlc));
  return ok_status();
}

}  // namespace convoy::store
