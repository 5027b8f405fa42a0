// record_view.h: one record, or the one it refers to, kept up to date from commits.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "live/view.h"
#include "store/tables.h"

namespace convoy::live {

class RecordView final : public View<RecordPointer> {
 public:
  RecordView(const store::TableInfo& info, std::string id);

  Status read(sql::Connection& connection) override;
  Effect apply(const News& news) override;

  [[nodiscard]] RecordPointer value() const override { return record_; }

  [[nodiscard]] const std::set<std::string>& tables() const override { return tables_; }

 private:
  const store::TableInfo& info_;
  const std::string id_;
  const std::set<std::string> tables_;
  RecordPointer record_;
};

class ParentView final : public View<RecordPointer> {
 public:
  // `column` is one that refers to a table.
  ParentView(const store::TableInfo& info, std::string id, std::size_t column);

  Status read(sql::Connection& connection) override;
  Effect apply(const News& news) override;

  [[nodiscard]] RecordPointer value() const override { return parent_; }

  [[nodiscard]] const std::set<std::string>& tables() const override { return tables_; }

 private:
  [[nodiscard]] std::string parent_id_of(const Record& child) const;

  const store::TableInfo& info_;
  const store::TableInfo& parent_info_;
  const std::string id_;
  const std::size_t column_;
  const std::set<std::string> tables_;
  std::string parent_id_;  // Empty: none. The record itself may be absent nevertheless.
  RecordPointer parent_;
};

}  // namespace convoy::live
