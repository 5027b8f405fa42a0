// mutation_builder.h: what one transaction did, on its way to becoming one mutation. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "store/tables.h"

namespace convoy::store {

// Who carries an operation out on the server.
enum class Effect {
  Sent,   // The operation itself.
  Local,  // The server's own foreign keys, when it carries out another one; it is not sent.
};

enum class OperationKind { Insert, Update, Delete };

// Collects operations and merges those on one row:
//   insert + update → insert        insert + delete → nothing
//   update + update → update        update + delete → delete
// An update is not moved to before something it may rest on: a record it now refers to, or a
// deletion. A column's base is its value before the transaction's first change.
class MutationBuilder {
 public:
  void insert(const TableInfo& info, std::string_view id, base::Json::Object values);
  // `base` is null where the value before is not known.
  void update(const TableInfo& info, std::string_view id, base::Json::Object values,
              std::optional<base::Json::Object> base, Effect effect = Effect::Sent);
  void remove(const TableInfo& info, std::string_view id, Effect effect = Effect::Sent);

  // What the row was before the transaction, if the server has confirmed exactly that. Only the
  // first call for a row counts, so it comes before the row's first operation.
  void note_before(const TableInfo& info, std::string_view id,
                   std::optional<base::Json::Object> row);

  // The server has the row, whatever waits on top of it.
  void note_confirmed(const TableInfo& info, std::string_view id);
  // False: perhaps not.
  [[nodiscard]] bool is_confirmed(const TableInfo& info, std::string_view id) const;

  // Whether this transaction created the row.
  [[nodiscard]] bool has_insert(const TableInfo& info, std::string_view id) const;
  [[nodiscard]] bool is_known(const TableInfo& info, std::string_view id) const;
  [[nodiscard]] bool is_empty() const;

  // {"ops": […]} as it is sent.
  [[nodiscard]] std::string body() const;
  // The same with the local effects in their places; nothing if there are none.
  [[nodiscard]] std::optional<std::string> replay() const;

  struct Touched {
    const TableInfo* info = nullptr;
    std::string id;
    bool has_operations = false;
    bool is_merged_away = false;  // The table does not yet show what the operations say.
    std::optional<base::Json::Object> before;
  };

  // Every row the transaction touched.
  [[nodiscard]] std::vector<Touched> touched() const;

  // One operation as it stands now.
  struct View {
    OperationKind kind = OperationKind::Insert;
    Effect effect = Effect::Sent;
    const TableInfo* info = nullptr;
    std::string_view id;
    const base::Json::Object* values = nullptr;  // Empty for a deletion.
  };

  [[nodiscard]] std::vector<View> operations() const;

 private:
  using Kind = OperationKind;

  struct Operation {
    Kind kind = Kind::Insert;
    Effect effect = Effect::Sent;
    const TableInfo* info = nullptr;
    std::string id;
    base::Json::Object values;
    std::optional<base::Json::Object> base;
    bool is_dropped = false;
  };

  struct RowEdit {
    const TableInfo* info = nullptr;
    std::vector<std::size_t> operations;  // Positions; the last is the row's latest.
    bool has_insert = false;
    bool is_merged_away = false;
    bool is_confirmed = false;
    std::optional<base::Json::Object> before;
  };

  using Key = std::pair<std::int64_t, std::string>;

  RowEdit& edit(const TableInfo& info, std::string_view id);
  void append(RowEdit& row, Operation operation);
  [[nodiscard]] bool can_merge(const RowEdit& row, const base::Json::Object& values,
                               Effect effect) const;
  [[nodiscard]] std::string encode(bool with_local) const;

  std::vector<Operation> operations_;
  std::map<Key, RowEdit> rows_;
  std::size_t last_delete_ = 0;  // One past its position.
};

}  // namespace convoy::store
