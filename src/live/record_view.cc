#include "live/record_view.h"

#include <optional>
#include <utility>

#include "live/differences.h"
#include "store/rows.h"

namespace convoy::live {
namespace {

RecordPointer share(std::optional<Record> record, const RecordPointer& earlier) {
  if (!record) return nullptr;
  auto row = std::make_shared<const Record>(*std::move(record));
  if (earlier != nullptr) adopt(row, earlier);
  return row;
}

}  // namespace

RecordView::RecordView(const store::TableInfo& info, std::string id)
    : info_(info), id_(std::move(id)), tables_{info.table->name} {}

Status RecordView::read(sql::Connection& connection) {
  CONVOY_TRY(auto record, store::find_record(connection, info_, id_));
  record_ = share(std::move(record), record_);
  return ok_status();
}

Effect RecordView::apply(const News& news) {
  if (!news.is_complete(info_.table->name)) return Effect::Unknown;
  const auto* row = news.find(info_.table->name, id_);
  if (row == nullptr) return Effect::None;
  record_ = news.after(*row);
  return Effect::Changed;
}

ParentView::ParentView(const store::TableInfo& info, std::string id, std::size_t column)
    : info_(info),
      parent_info_(*info.references[column]),
      id_(std::move(id)),
      column_(column),
      tables_{info.table->name, parent_info_.table->name} {}

std::string ParentView::parent_id_of(const Record& child) const {
  const auto* id = std::get_if<std::string>(&child.values[column_]);
  return id == nullptr ? std::string() : *id;
}

Status ParentView::read(sql::Connection& connection) {
  CONVOY_TRY(const auto child, store::find_record(connection, info_, id_));
  parent_id_ = child ? parent_id_of(*child) : std::string();
  std::optional<Record> parent;
  if (!parent_id_.empty()) {
    CONVOY_TRY(parent, store::find_record(connection, parent_info_, parent_id_));
  }
  parent_ = share(std::move(parent), parent_);
  return ok_status();
}

Effect ParentView::apply(const News& news) {
  if (!news.is_complete(info_.table->name) || !news.is_complete(parent_info_.table->name)) {
    return Effect::Unknown;
  }
  if (const auto* child = news.find(info_.table->name, id_)) {
    const auto now = child->after ? parent_id_of(*child->after) : std::string();
    if (now != parent_id_) return Effect::Unknown;
  }
  if (parent_id_.empty()) return Effect::None;
  const auto* parent = news.find(parent_info_.table->name, parent_id_);
  if (parent == nullptr) return Effect::None;
  parent_ = news.after(*parent);
  return Effect::Changed;
}

}  // namespace convoy::live
