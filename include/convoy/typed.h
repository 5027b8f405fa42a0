// typed.h: records as C++ structs, read and written through a Database, a Reader or a Writer. Owned
// by the layer `typed`.
//
//   CONVOY_TRY(auto todo, fetch(db, tasks::where(tasks::status.eq("TODO"))));
//   for (const Task& task : todo) …  task.title, task.due_at …
//   db.write([&](Writer& writer) -> Status {
//     CONVOY_TRY(Task task, create(writer, NewTask{.milestone_id = id, .title = "Paint"}));
//     return update(writer, task.id, TaskPatch{.status = "DONE"}).status …
//
// `convoy schema types` makes the structs (docs/reference/typed-records.md). Errors: those of the
// Reader and Writer; Corrupt if a value that another program wrote can't be the member,
// SchemaMismatch if the database was opened with a schema that lacks the column: both name table,
// column and id. Thread-safety: as what they are given.
#pragma once

#include <concepts>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "convoy/database.h"
#include "convoy/typed_query.h"
#include "convoy/typed_schema.h"
#include "convoy/typed_value.h"

namespace convoy {
namespace typed {

// What can be read from: a Database, a Reader, a Writer.
template <class S>
concept Source = std::same_as<S, Database> || std::derived_from<S, Reader>;

// Task, NewTask, TaskPatch.
template <class R>
concept IsRecord = requires { Binding<R>::kTable; };
template <class N>
concept Creation = std::same_as<N, typename Binding<typename N::Record>::New>;
template <class P>
concept Patch = std::same_as<P, typename Binding<typename P::Record>::Patch>;

// Moves the values of a record into members, and remembers what went wrong first.
class RecordReader {
 public:
  // `record` is borrowed.
  explicit RecordReader(Record& record);

  template <class V>
  void read(const char* column, V& member) {
    auto* value = next(column);
    if (value != nullptr && !from_value(std::move(*value), member)) fail(column);
  }

  // Ok if all could be read.
  [[nodiscard]] Status status() const;

 private:
  // Null if there is none, or something went wrong already.
  Value* next(std::string_view column);
  void fail(std::string_view column);

  Record& record_;
  std::size_t at_ = 0;  // Columns are mostly asked for in their order.
  Status status_;
};

// Adds what is set.
class FieldsBuilder {
 public:
  template <class V>
  void add(const char* column, const Given<V>& given) {
    fields_.emplace_back(column, to_value(given.value()));
  }

  template <class V>
  void add(const char* column, const Field<V>& field) {
    if (field.is_set()) fields_.emplace_back(column, to_value(field.value()));
  }

  [[nodiscard]] Fields take() { return std::move(fields_); }

 private:
  Fields fields_;
};

// The different ones among `ids`, in parts that fit into a query.
std::vector<std::vector<Value>> in_parts(std::vector<std::string> ids);

}  // namespace typed

// A record that was read without its type; observe() and Reader give them.
template <typed::IsRecord R>
Result<R> from_record(Record record) {
  R result;
  typed::RecordReader reader(record);
  typed::Binding<R>::columns([&](const auto& column, auto /*creation*/, auto /*patch*/) {
    reader.read(column.name(), result.*column.member());
  });
  CONVOY_CHECK_OK(reader.status());
  result.id = std::move(record.id);
  return result;
}

template <typed::IsRecord R>
Result<std::vector<R>> from_records(std::vector<Record> records) {
  std::vector<R> result;
  result.reserve(records.size());
  for (auto& record : records) {
    CONVOY_TRY(auto one, from_record<R>(std::move(record)));
    result.push_back(std::move(one));
  }
  return result;
}

template <typed::IsRecord R, typed::Source S>
Result<std::optional<R>> find(S& source, std::string_view id) {
  CONVOY_TRY(auto record, source.find(typed::Binding<R>::kTable, id));
  if (!record) return std::optional<R>();
  CONVOY_TRY(auto result, from_record<R>(*std::move(record)));
  return std::optional<R>(std::move(result));
}

template <typed::IsRecord R, typed::Source S>
Result<std::vector<R>> fetch(S& source, const typed::Query<R>& query) {
  CONVOY_TRY(auto records, source.fetch(query));
  return from_records<R>(std::move(records));
}

template <typed::IsRecord R, typed::Source S>
Result<std::vector<std::string>> fetch_ids(S& source, const typed::Query<R>& query) {
  return source.fetch_ids(query);
}

template <typed::IsRecord R, typed::Source S>
Result<std::int64_t> count(S& source, const typed::Query<R>& query) {
  return source.count(query);
}

// The record as it is then: with an id, its times, and what has a default.
template <typed::Creation N>
Result<typename N::Record> create(Writer& writer, const N& creation) {
  using Bound = typed::Binding<typename N::Record>;
  typed::FieldsBuilder fields;
  Bound::columns([&](const auto& column, auto member, auto /*patch*/) {
    fields.add(column.name(), creation.*member);
  });
  CONVOY_TRY(auto record, writer.create(Bound::kTable, fields.take(), creation.id));
  return from_record<typename N::Record>(std::move(record));
}

// The record as it is then. What the patch leaves out stays as it is.
template <typed::Patch P>
Result<typename P::Record> update(Writer& writer, std::string_view id, const P& patch) {
  using Bound = typed::Binding<typename P::Record>;
  typed::FieldsBuilder fields;
  Bound::columns([&](const auto& column, auto /*creation*/, auto member) {
    fields.add(column.name(), patch.*member);
  });
  CONVOY_TRY(auto record, writer.update(Bound::kTable, id, fields.take()));
  return from_record<typename P::Record>(std::move(record));
}

template <typed::IsRecord R>
Result<std::int64_t> mark_deleted(Writer& writer, std::string_view id) {
  return writer.mark_deleted(typed::Binding<R>::kTable, id);
}

template <typed::IsRecord R>
Result<std::int64_t> erase(Writer& writer, std::string_view id) {
  return writer.erase(typed::Binding<R>::kTable, id);
}

// Belongs-to: for each record the one that `column` refers to, or nothing. One query for each 500
// different ones, however many records.
template <class R, typed::IsReference K, typed::Source S>
Result<std::vector<std::optional<typename K::Target>>> parents(
    S& source, std::span<const std::type_identity_t<R>> records,
    const typed::Column<R, K>& column) {
  using Target = typename K::Target;
  std::vector<std::string> ids;
  for (const R& record : records) {
    const std::optional<std::string> id = record.*column.member();
    if (id) ids.push_back(*id);
  }
  std::map<std::string, Target, std::less<>> found;
  for (auto& part : typed::in_parts(std::move(ids))) {
    CONVOY_TRY(
        auto some,
        source.fetch(from(typed::Binding<Target>::kTable).where("id", one_of(std::move(part)))));
    for (auto& record : some) {
      CONVOY_TRY(auto target, from_record<Target>(std::move(record)));
      auto id = target.id;
      found.emplace(std::move(id), std::move(target));
    }
  }
  std::vector<std::optional<Target>> result(records.size());
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::optional<std::string> id = records[i].*column.member();
    const auto place = id ? found.find(*id) : found.end();
    if (place != found.end()) result[i] = place->second;
  }
  return result;
}

// Has-many: for each record those whose `column` refers to it, by id.
template <class R, typed::IsReference K, typed::Source S>
Result<std::vector<std::vector<R>>> children(
    S& source, std::span<const typename std::type_identity_t<K>::Target> records,
    const typed::Column<R, K>& column) {
  std::vector<std::string> ids;
  for (const auto& record : records) ids.push_back(record.id);
  std::map<std::string, std::vector<R>, std::less<>> found;
  for (auto& part : typed::in_parts(std::move(ids))) {
    CONVOY_TRY(auto some, source.fetch(from(typed::Binding<R>::kTable)
                                           .where(column.name(), one_of(std::move(part)))
                                           .order_by(asc("id"))));
    for (auto& record : some) {
      CONVOY_TRY(auto child, from_record<R>(std::move(record)));
      const std::optional<std::string> id = child.*column.member();
      if (id) found[*id].push_back(std::move(child));
    }
  }
  std::vector<std::vector<R>> result;
  result.reserve(records.size());
  for (const auto& record : records) {
    const auto place = found.find(record.id);
    result.push_back(place == found.end() ? std::vector<R>() : place->second);
  }
  return result;
}

}  // namespace convoy
