#include "sim/user.h"

#include <set>
#include <utility>
#include <vector>

#include "base/uuid.h"

namespace convoy::sim {
namespace {

class Hand {
 public:
  Hand(Device& device, Random& random, Writer& writer, Deed& deed)
      : device_(device), random_(random), writer_(writer), deed_(deed) {}

  Status act() {
    const auto choice = random_.below(30);
    if (choice < 1) return create_space();
    if (choice < 3) return create_list();
    if (choice < 7) return create_task();
    if (choice < 9) return create_note();
    if (choice < 15) return change_task();
    if (choice < 17) return change_list();
    if (choice < 19) return remove();
    if (choice < 21) return create_card();
    if (choice < 28) return change_card();
    return misbehave();
  }

 private:
  Result<std::string> any(const std::string& table) {
    CONVOY_TRY(const auto rows,
               writer_.select("select \"id\" from \"" + table +
                              "\" where \"_status\" is not 'deleted' order by \"id\""));
    if (rows.rows.empty()) return std::string();
    return std::get<std::string>(random_.of(rows.rows)[0]);
  }

  std::string new_id() { return base::uuid_v4(random_); }

  std::string word() { return "d" + std::to_string(random_.below(10)); }

  void note(const char* verb, const std::string& table, const std::string& id) {
    deed_.what += std::string(" ") + verb + " " + table + " " + id;
  }

  Result<std::string> create(const std::string& table, Fields fields) {
    const auto id = new_id();
    note("insert", table, id);
    CONVOY_TRY(const auto record, writer_.create(table, std::move(fields), id));
    made_.insert(id);
    return record.id;
  }

  Status update(const std::string& table, const std::string& id, Fields fields) {
    if (id.empty()) return ok_status();
    note("update", table, id);
    for (const auto& [name, value] : fields) deed_.what += " " + name;
    CONVOY_CHECK_OK(writer_.update(table, id, std::move(fields)));
    return ok_status();
  }

  Status create_space() {
    CONVOY_TRY(const auto space, create("spaces", {{"name", word()}}));
    CONVOY_CHECK_OK(create("lists", {{"space_id", space}, {"name", word()}}));
    return ok_status();
  }

  Status create_list() {
    CONVOY_TRY(const auto space, any("spaces"));
    if (space.empty()) return create_space();
    Fields fields{{"space_id", space}, {"name", word()}};
    if (random_.one_in(4)) fields.emplace_back("private_to", device_.user());
    CONVOY_CHECK_OK(create("lists", std::move(fields)));
    return ok_status();
  }

  Status create_task() {
    CONVOY_TRY(const auto list, any("lists"));
    if (list.empty()) return create_list();
    Fields fields{{"list_id", list}, {"title", word()}};
    if (random_.one_in(3)) fields.emplace_back("rank", static_cast<double>(random_.below(5)));
    if (random_.one_in(3)) {
      CONVOY_TRY(const auto parent, any("tasks"));
      if (!parent.empty()) fields.emplace_back("parent_id", parent);
    }
    if (random_.one_in(6)) fields.emplace_back("private_to", device_.user());
    CONVOY_TRY(auto task, create("tasks", std::move(fields)));
    device_.made.push_back(std::move(task));
    return ok_status();
  }

  std::string labels() {
    std::string text;
    for (const char* label : {"a", "b", "c", "d"}) {
      if (random_.one_in(2)) text += std::string(text.empty() ? "\"" : ",\"") + label + "\"";
    }
    return "[" + text + "]";
  }

  Status create_card() {
    CONVOY_TRY(const auto list, any("lists"));
    if (list.empty()) return create_list();
    Fields fields{{"list_id", list}, {"title", word()}, {"state", word()}};
    if (random_.one_in(2)) fields.emplace_back("votes", static_cast<double>(random_.below(5)));
    if (random_.one_in(2)) fields.emplace_back("labels", labels());
    CONVOY_CHECK_OK(create("cards", std::move(fields)));
    return ok_status();
  }

  Status change_card() {
    CONVOY_TRY(const auto card, any("cards"));
    if (card.empty()) return create_card();
    Fields fields;
    if (random_.one_in(4)) fields.emplace_back("title", word());
    if (random_.one_in(2)) fields.emplace_back("state", word());
    if (random_.one_in(3)) fields.emplace_back("topic", word());
    if (random_.one_in(2)) {
      const std::vector<Value> args{card};
      CONVOY_TRY(const auto row, writer_.select("select votes from cards where id = ?", args));
      const auto step = static_cast<double>(random_.below(7)) - 3;
      fields.emplace_back("votes", std::get<double>(row.rows[0][0]) + step);
    }
    if (random_.one_in(3)) fields.emplace_back("labels", labels());
    if (random_.one_in(12)) {
      CONVOY_TRY(const auto list, any("lists"));
      if (!list.empty()) fields.emplace_back("list_id", list);
    }
    return update("cards", card, std::move(fields));
  }

  Status create_note() {
    CONVOY_TRY(const auto task, any("tasks"));
    if (task.empty()) return create_task();
    CONVOY_CHECK_OK(create("notes", {{"task_id", task}, {"text", word()}}));
    return ok_status();
  }

  Status change_task() {
    CONVOY_TRY(const auto task, any("tasks"));
    Fields fields;
    if (random_.one_in(2)) fields.emplace_back("title", word());
    if (random_.one_in(3)) fields.emplace_back("body", word());
    if (random_.one_in(3)) fields.emplace_back("done", random_.one_in(2));
    if (random_.one_in(3)) fields.emplace_back("rank", static_cast<double>(random_.below(5)));
    if (random_.one_in(4)) {
      fields.emplace_back("due", static_cast<double>(device_.clock().now_ms()));
    }
    if (random_.one_in(4))
      fields.emplace_back("details", "{\"n\":" + std::to_string(random_.below(9)) + "}");
    if (random_.one_in(6)) {
      CONVOY_TRY(const auto list, any("lists"));
      if (!list.empty()) fields.emplace_back("list_id", list);
    }
    if (random_.one_in(8)) {
      fields.emplace_back("private_to", random_.one_in(2) ? Value(device_.user()) : Value(Null{}));
    }
    return update("tasks", task, std::move(fields));
  }

  Status change_list() {
    CONVOY_TRY(const auto list, any("lists"));
    Fields fields{{"name", word()}};
    if (random_.one_in(4)) {
      CONVOY_TRY(const auto space, any("spaces"));
      if (!space.empty()) fields.emplace_back("space_id", space);
    }
    return update("lists", list, std::move(fields));
  }

  Status remove() {
    const std::string table = random_.one_in(8)   ? "spaces"
                              : random_.one_in(3) ? "lists"
                              : random_.one_in(2) ? "cards"
                                                  : "tasks";
    CONVOY_TRY(const auto id, any(table));
    if (id.empty()) return ok_status();
    note("delete", table, id);
    CONVOY_CHECK_OK(writer_.mark_deleted(table, id));
    return ok_status();
  }

  // What the server takes from no device.
  Status update_forbidden(const std::string& table, const std::string& id, Fields fields) {
    if (id.empty()) return ok_status();
    CONVOY_TRY(const auto told, writer_.select("select 1 from convoy_server_table"));
    deed_.is_forbidden = !told.rows.empty();
    return update(table, id, std::move(fields));
  }

  // A broken constraint, a table that is only read, a row that is only added, a column that is the
  // server's.
  Status misbehave() {
    switch (random_.below(5)) {
      case 0: {
        CONVOY_TRY(const auto task, any("tasks"));
        return update("tasks", task, {{"rank", -1.0}, {"title", word()}});
      }
      case 1: {
        CONVOY_TRY(const auto mark, any("marks"));
        return update_forbidden("marks", mark,
                                {{"n", static_cast<double>(random_.below(1000)) + 1e6}});
      }
      case 2: {
        CONVOY_TRY(const auto list, any("lists"));
        if (list.empty() || device_.made.empty()) return ok_status();
        const auto id = random_.of(device_.made);
        note("insert again", "tasks", id);
        auto again = writer_.create("tasks", {{"list_id", list}, {"title", word()}}, id);
        if (again.ok() || again.error().code == ErrorCode::AlreadyExists) return ok_status();
        return std::move(again).error();
      }
      case 3: {
        CONVOY_TRY(const auto task, any("tasks"));
        return update_forbidden("tasks", task, {{"revision", 1e6}});
      }
      default: {
        CONVOY_TRY(const auto note, any("notes"));
        // What this transaction adds may still take its shape.
        if (made_.contains(note)) return update("notes", note, {{"text", word()}});
        return update_forbidden("notes", note, {{"text", word()}});
      }
    }
  }

  Device& device_;
  Random& random_;
  Writer& writer_;
  Deed& deed_;
  std::set<std::string> made_;  // In this transaction.
};

}  // namespace

Status act(Device& device, Random& random, Deed& deed) {
  return device.write([&](Writer& writer) -> Status {
    Hand hand(device, random, writer, deed);
    const auto changes = 1 + random.below(random.one_in(3) ? 4 : 2);
    for (std::size_t i = 0; i < changes; ++i) CONVOY_CHECK_OK(hand.act());
    return ok_status();
  });
}

}  // namespace convoy::sim
