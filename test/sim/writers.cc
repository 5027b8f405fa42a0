#include "sim/writers.h"

#include <utility>

#include "base/uuid.h"

namespace convoy::sim {
namespace {

using base::Json;

constexpr std::size_t kOpenMax = 3;

const char* name_of(Statement::Kind kind) {
  switch (kind) {
    case Statement::Kind::Insert:
      return "insert";
    case Statement::Kind::Update:
      return "update";
    case Statement::Kind::Delete:
      return "delete";
  }
  return "";
}

const char* name_of(Done done) {
  switch (done) {
    case Done::Yes:
      return "";
    case Done::Failed:
      return " (failed)";
    case Done::Blocked:
      return " (blocked)";
  }
  return "";
}

}  // namespace

std::string Writers::new_id() { return base::uuid_v4(random_); }

std::string Writers::word() { return "s" + std::to_string(random_.below(10)); }

// Each is given once (lww_book).
std::string Writers::new_state() { return "w" + std::to_string(++states_); }

std::string Writers::any(int table) {
  const auto ids = server_->ids(table);
  return ids.empty() ? std::string() : random_.of(ids);
}

void Writers::found_world(std::size_t spaces) {
  Open writer{.id = server_->begin()};
  run(writer, {.kind = Statement::Kind::Insert,
               .table = kMarks,
               .id = new_id(),
               .values = {{kMarkValue, 0}}});
  for (std::size_t i = 0; i < spaces; ++i) {
    const auto space = new_id();
    run(writer,
        {.kind = Statement::Kind::Insert, .table = kSpaces, .id = space, .values = {{0, word()}}});
    run(writer, {.kind = Statement::Kind::Insert,
                 .table = kMarks,
                 .id = new_id(),
                 .values = {{kMarkSpace, space}, {kMarkValue, 0}}});
    for (const auto& user : users_) {
      if (random_.one_in(4)) continue;
      static const std::vector<std::string> roles = {"owner", "editor", "editor", "guest"};
      run(writer,
          {.kind = Statement::Kind::Insert,
           .table = kMembers,
           .id = space + "|" + user,
           .values = {
               {kMemberSpace, space}, {kMemberUser, user}, {kMemberRole, random_.of(roles)}}});
    }
    const auto list = new_id();
    run(writer, {.kind = Statement::Kind::Insert,
                 .table = kLists,
                 .id = list,
                 .values = {{kListSpace, space}, {1, word()}}});
    for (std::size_t card = random_.below(3); card > 0; --card) {
      run(writer, {.kind = Statement::Kind::Insert,
                   .table = kCards,
                   .id = new_id(),
                   .values = {{kCardList, list}, {kCardState, new_state()}}});
    }
    for (std::size_t task = random_.below(4); task > 0; --task) {
      run(writer, {.kind = Statement::Kind::Insert,
                   .table = kTasks,
                   .id = new_id(),
                   .values = {{kTaskList, list}, {2, word()}}});
    }
  }
  server_->commit(writer.id);
}

Done Writers::run(Open& writer, Statement statement) {
  statement.in_savepoint = random_.one_in(4);
  const auto done = server_->execute(writer.id, statement);
  ++writer.statements;
  trace_->add("writer " + std::to_string(writer.id) + " " + name_of(statement.kind) + " " +
              tables()[static_cast<std::size_t>(statement.table)].name + " " + statement.id +
              name_of(done));
  return done;
}

void Writers::step() {
  if (open_.empty() || (open_.size() < kOpenMax && random_.one_in(4))) begin();
  const auto at = random_.below(open_.size());
  if (open_[at].statements > 0 && random_.one_in(3)) {
    end(at);
  } else if (open_[at].statements == 0 && random_.one_in(4)) {
    change_marks(open_[at]);
  } else {
    write(open_[at]);
  }
}

void Writers::begin() {
  open_.push_back({.id = server_->begin()});
  trace_->add("writer " + std::to_string(open_.back().id) + " begins");
}

void Writers::end(std::size_t at) {
  const auto writer = open_[at].id;
  open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
  const bool commits = !random_.one_in(5);
  trace_->add("writer " + std::to_string(writer) + (commits ? " commits" : " rolls back"));
  if (commits) {
    server_->commit(writer);
  } else {
    server_->roll_back(writer);
  }
}

void Writers::end_one() {
  if (!open_.empty()) end(random_.below(open_.size()));
}

void Writers::finish() {
  while (!open_.empty()) end(0);
}

// All of them or none: that is the invariant.
void Writers::change_marks(Open& writer) {
  const auto value = ++mark_;
  for (const auto& id : server_->ids(kMarks)) {
    const auto done = run(writer, {.kind = Statement::Kind::Update,
                                   .table = kMarks,
                                   .id = id,
                                   .values = {{kMarkValue, value}}});
    if (done == Done::Yes) continue;
    trace_->add("writer " + std::to_string(writer.id) + " gives up");
    server_->roll_back(writer.id);
    std::erase_if(open_, [&, id = writer.id](const Open& open) { return open.id == id; });
    return;
  }
}

Statement Writers::insert(int table) {
  Statement statement{.kind = Statement::Kind::Insert, .table = table, .id = new_id()};
  auto& values = statement.values;
  switch (table) {
    case kLists:
      values = {{kListSpace, any(kSpaces)}, {1, word()}};
      break;
    case kTasks:
      values = {{kTaskList, any(kLists)}, {2, word()}, {4, static_cast<int>(random_.below(5))}};
      break;
    case kCards:
      values = {{kCardList, any(kLists)}, {kCardState, new_state()}};
      break;
    default:
      values = {{kNoteTask, any(kTasks)}, {1, word()}};
      break;
  }
  return statement;
}

Statement Writers::update(int table) {
  Statement statement{.kind = Statement::Kind::Update, .table = table, .id = any(table)};
  auto& values = statement.values;
  if (table == kSpaces) {
    values[0] = word();
  } else if (table == kLists) {
    if (random_.one_in(3)) values[kListSpace] = any(kSpaces);
    if (random_.one_in(4)) values[kListPrivateTo] = random_.of(users_);
    if (random_.one_in(4)) values[kListPrivateTo] = Json();
    if (values.empty()) values[1] = word();
  } else if (table == kCards) {
    if (random_.one_in(8)) values[kCardList] = any(kLists);
    if (random_.one_in(3)) values[kCardState] = new_state();
    if (random_.one_in(3)) values[kCardTopic] = word();
    if (random_.one_in(3)) values[kCardLabels] = Json::Array{"a", word()};
    if (values.empty()) statement.additions[kCardVotes] = static_cast<int>(random_.below(5)) - 2;
  } else {
    if (random_.one_in(4)) values[kTaskList] = any(kLists);
    if (random_.one_in(5)) values[kTaskParent] = any(kTasks);
    if (random_.one_in(5)) values[kTaskPrivateTo] = random_.of(users_);
    if (random_.one_in(5)) values[kTaskPrivateTo] = Json();
    if (random_.one_in(2)) values[2] = word();
    if (random_.one_in(3)) values[3] = word();
    if (random_.one_in(3)) values[5] = random_.one_in(2);
    if (values.empty()) values[4] = static_cast<int>(random_.below(5));
  }
  return statement;
}

Statement Writers::remove() {
  const int table = random_.one_in(8)   ? kSpaces
                    : random_.one_in(3) ? kLists
                    : random_.one_in(3) ? kNotes
                    : random_.one_in(2) ? kCards
                                        : kTasks;
  return {.kind = Statement::Kind::Delete, .table = table, .id = any(table)};
}

void Writers::write(Open& writer) {
  static const std::vector<int> inserted = {kLists, kTasks, kTasks, kTasks, kNotes, kCards, kCards};
  static const std::vector<int> updated = {kSpaces, kLists, kLists, kTasks, kTasks,
                                           kTasks,  kCards, kCards, kCards};
  const auto choice = random_.below(10);
  run(writer, choice < 4   ? insert(random_.of(inserted))
              : choice < 9 ? update(random_.of(updated))
                           : remove());
}

void Writers::change_membership() {
  const auto space = any(kSpaces);
  if (space.empty()) return;
  const auto user = random_.of(users_);
  const auto roles = server_->roles(user);
  static const std::vector<std::string> choices = {"owner", "editor", "guest"};
  Statement statement{.table = kMembers, .id = space + "|" + user};
  if (!roles.contains(space)) {
    statement.kind = Statement::Kind::Insert;
    statement.values = {
        {kMemberSpace, space}, {kMemberUser, user}, {kMemberRole, random_.of(choices)}};
  } else if (random_.one_in(2)) {
    statement.kind = Statement::Kind::Delete;
  } else {
    statement.kind = Statement::Kind::Update;
    statement.values = {{kMemberRole, random_.of(choices)}};
  }
  Open writer{.id = server_->begin()};
  const auto done = run(writer, std::move(statement));
  if (done == Done::Yes) {
    server_->commit(writer.id);
  } else {
    server_->roll_back(writer.id);
  }
}

}  // namespace convoy::sim
