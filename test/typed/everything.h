// Made by `convoy schema types` from version 4 of the schema; changes by hand are lost.
// clang-format off
// NOLINTBEGIN
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "convoy/typed.h"

namespace everything {

struct Milestone;
struct Task;
struct ActivityFeed;
struct Category;
struct Status;
struct Namespace;
struct Schema;
struct UserProfile;

// A record of milestones.
struct Milestone {
  std::string id{};
  std::string name{};
  std::optional<std::string> target_date{};  // A date: 2026-11-22.
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Milestone&) const = default;
};

struct NewMilestone {
  using Record = ::everything::Milestone;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> name;
  convoy::typed::Field<std::optional<std::string>> target_date{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct MilestonePatch {
  using Record = ::everything::Milestone;

  convoy::typed::Field<std::string> name{};
  convoy::typed::Field<std::optional<std::string>> target_date{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace milestones {

inline constexpr convoy::typed::Column<Milestone, convoy::typed::Id> id{"id", &Milestone::id};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Text> name{"name", &Milestone::name};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Optional<convoy::typed::Text>> target_date{"target_date", &Milestone::target_date};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Instant> created_at{"created_at", &Milestone::created_at};
inline constexpr convoy::typed::Column<Milestone, convoy::typed::Instant> updated_at{"updated_at", &Milestone::updated_at};

inline convoy::typed::Query<Milestone> all() { return convoy::typed::Query<Milestone>("milestones"); }

inline convoy::typed::Query<Milestone> where(convoy::typed::Condition<Milestone> condition) { return all().where(std::move(condition)); }

}  // namespace milestones

// A record of tasks.
struct Task {
  std::string id{};
  std::string milestone_id{};  // Of a Milestone.
  std::optional<std::string> parent_task_id{};  // Of a Task.
  std::string title{};
  std::optional<std::string> description{};
  std::string status{};
  double rank{};
  std::optional<double> estimate{};
  bool is_done{};
  std::optional<bool> is_urgent{};
  convoy::typed::Time starts_at{};
  std::optional<convoy::typed::Time> due_at{};
  std::optional<std::string> details{};  // JSON.
  std::string labels{};  // A JSON array.
  std::int64_t size{};
  std::optional<std::int64_t> quota{};
  std::optional<std::string> price{};  // A decimal number, digit by digit.
  std::optional<std::string> owner{};
  convoy::typed::Time created_at{};
  convoy::typed::Time updated_at{};

  bool operator==(const Task&) const = default;
};

struct NewTask {
  using Record = ::everything::Task;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> milestone_id;
  convoy::typed::Field<std::optional<std::string>> parent_task_id{};
  convoy::typed::Given<std::string> title;
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Given<std::string> status;
  convoy::typed::Given<double> rank;
  convoy::typed::Field<std::optional<double>> estimate{};
  convoy::typed::Given<bool> is_done;
  convoy::typed::Field<std::optional<bool>> is_urgent{};
  convoy::typed::Given<convoy::typed::Time> starts_at;
  convoy::typed::Field<std::optional<convoy::typed::Time>> due_at{};
  convoy::typed::Field<std::optional<std::string>> details{};
  convoy::typed::Given<std::string> labels;
  convoy::typed::Given<std::int64_t> size;
  convoy::typed::Field<std::optional<std::int64_t>> quota{};
  convoy::typed::Field<std::optional<std::string>> price{};
  convoy::typed::Field<std::optional<std::string>> owner{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

struct TaskPatch {
  using Record = ::everything::Task;

  convoy::typed::Field<std::string> milestone_id{};
  convoy::typed::Field<std::optional<std::string>> parent_task_id{};
  convoy::typed::Field<std::string> title{};
  convoy::typed::Field<std::optional<std::string>> description{};
  convoy::typed::Field<std::string> status{};
  convoy::typed::Field<double> rank{};
  convoy::typed::Field<std::optional<double>> estimate{};
  convoy::typed::Field<bool> is_done{};
  convoy::typed::Field<std::optional<bool>> is_urgent{};
  convoy::typed::Field<convoy::typed::Time> starts_at{};
  convoy::typed::Field<std::optional<convoy::typed::Time>> due_at{};
  convoy::typed::Field<std::optional<std::string>> details{};
  convoy::typed::Field<std::string> labels{};
  convoy::typed::Field<std::int64_t> size{};
  convoy::typed::Field<std::optional<std::int64_t>> quota{};
  convoy::typed::Field<std::optional<std::string>> price{};
  convoy::typed::Field<std::optional<std::string>> owner{};
  convoy::typed::Field<convoy::typed::Time> created_at{};
  convoy::typed::Field<convoy::typed::Time> updated_at{};
};

namespace tasks {

inline constexpr convoy::typed::Column<Task, convoy::typed::Id> id{"id", &Task::id};
inline constexpr convoy::typed::Column<Task, convoy::typed::Reference<Milestone>> milestone_id{"milestone_id", &Task::milestone_id};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Reference<Task>>> parent_task_id{"parent_task_id", &Task::parent_task_id};
inline constexpr convoy::typed::Column<Task, convoy::typed::Text> title{"title", &Task::title};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Text>> description{"description", &Task::description};
inline constexpr convoy::typed::Column<Task, convoy::typed::Text> status{"status", &Task::status};
inline constexpr convoy::typed::Column<Task, convoy::typed::Number> rank{"rank", &Task::rank};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Number>> estimate{"estimate", &Task::estimate};
inline constexpr convoy::typed::Column<Task, convoy::typed::Boolean> is_done{"is_done", &Task::is_done};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Boolean>> is_urgent{"is_urgent", &Task::is_urgent};
inline constexpr convoy::typed::Column<Task, convoy::typed::Instant> starts_at{"starts_at", &Task::starts_at};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Instant>> due_at{"due_at", &Task::due_at};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Json>> details{"details", &Task::details};
inline constexpr convoy::typed::Column<Task, convoy::typed::Json> labels{"labels", &Task::labels};
inline constexpr convoy::typed::Column<Task, convoy::typed::Bigint> size{"size", &Task::size};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Bigint>> quota{"quota", &Task::quota};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Decimal>> price{"price", &Task::price};
inline constexpr convoy::typed::Column<Task, convoy::typed::Optional<convoy::typed::Id>> owner{"owner", &Task::owner};
inline constexpr convoy::typed::Column<Task, convoy::typed::Instant> created_at{"created_at", &Task::created_at};
inline constexpr convoy::typed::Column<Task, convoy::typed::Instant> updated_at{"updated_at", &Task::updated_at};

inline convoy::typed::Query<Task> all() { return convoy::typed::Query<Task>("tasks"); }

inline convoy::typed::Query<Task> where(convoy::typed::Condition<Task> condition) { return all().where(std::move(condition)); }

}  // namespace tasks

// A record of activity_feed.
struct ActivityFeed {
  std::string id{};
  std::string task_id{};  // Of a Task.
  std::string text{};

  bool operator==(const ActivityFeed&) const = default;
};

struct NewActivityFeed {
  using Record = ::everything::ActivityFeed;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> task_id;
  convoy::typed::Given<std::string> text;
};

struct ActivityFeedPatch {
  using Record = ::everything::ActivityFeed;

  convoy::typed::Field<std::string> task_id{};
  convoy::typed::Field<std::string> text{};
};

namespace activity_feed {

inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Id> id{"id", &ActivityFeed::id};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Reference<Task>> task_id{"task_id", &ActivityFeed::task_id};
inline constexpr convoy::typed::Column<ActivityFeed, convoy::typed::Text> text{"text", &ActivityFeed::text};

inline convoy::typed::Query<ActivityFeed> all() { return convoy::typed::Query<ActivityFeed>("activity_feed"); }

inline convoy::typed::Query<ActivityFeed> where(convoy::typed::Condition<ActivityFeed> condition) { return all().where(std::move(condition)); }

}  // namespace activity_feed

// A record of categories.
struct Category {
  std::string id{};

  bool operator==(const Category&) const = default;
};

struct NewCategory {
  using Record = ::everything::Category;

  std::string id{};  // Empty: a new one.
};

struct CategoryPatch {
  using Record = ::everything::Category;
};

namespace categories {

inline constexpr convoy::typed::Column<Category, convoy::typed::Id> id{"id", &Category::id};

inline convoy::typed::Query<Category> all() { return convoy::typed::Query<Category>("categories"); }

inline convoy::typed::Query<Category> where(convoy::typed::Condition<Category> condition) { return all().where(std::move(condition)); }

}  // namespace categories

// A record of statuses.
struct Status {
  std::string id{};
  std::string class_2{};
  std::string class_{};
  std::optional<std::string> where_{};
  double all_{};
  std::string std_{};
  std::string convoy_{};
  std::string Record_{};
  std::optional<std::string> Task_{};
  double errno_{};
  double Total_{};
  bool co_await_{};

  bool operator==(const Status&) const = default;
};

struct NewStatus {
  using Record = ::everything::Status;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> class_2;
  convoy::typed::Given<std::string> class_;
  convoy::typed::Field<std::optional<std::string>> where_{};
  convoy::typed::Given<double> all_;
  convoy::typed::Given<std::string> std_;
  convoy::typed::Given<std::string> convoy_;
  convoy::typed::Given<std::string> Record_;
  convoy::typed::Field<std::optional<std::string>> Task_{};
  convoy::typed::Given<double> errno_;
  convoy::typed::Given<double> Total_;
  convoy::typed::Given<bool> co_await_;
};

struct StatusPatch {
  using Record = ::everything::Status;

  convoy::typed::Field<std::string> class_2{};
  convoy::typed::Field<std::string> class_{};
  convoy::typed::Field<std::optional<std::string>> where_{};
  convoy::typed::Field<double> all_{};
  convoy::typed::Field<std::string> std_{};
  convoy::typed::Field<std::string> convoy_{};
  convoy::typed::Field<std::string> Record_{};
  convoy::typed::Field<std::optional<std::string>> Task_{};
  convoy::typed::Field<double> errno_{};
  convoy::typed::Field<double> Total_{};
  convoy::typed::Field<bool> co_await_{};
};

namespace statuses {

inline constexpr convoy::typed::Column<Status, convoy::typed::Id> id{"id", &Status::id};
inline constexpr convoy::typed::Column<Status, convoy::typed::Text> class_2{"class", &Status::class_2};
inline constexpr convoy::typed::Column<Status, convoy::typed::Text> class_{"class_", &Status::class_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Optional<convoy::typed::Text>> where_{"where", &Status::where_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Number> all_{"all", &Status::all_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Text> std_{"std", &Status::std_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Text> convoy_{"convoy", &Status::convoy_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Text> Record_{"Record", &Status::Record_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Optional<convoy::typed::Text>> Task_{"Task", &Status::Task_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Number> errno_{"errno", &Status::errno_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Number> Total_{"_Total", &Status::Total_};
inline constexpr convoy::typed::Column<Status, convoy::typed::Boolean> co_await_{"co_await", &Status::co_await_};

inline convoy::typed::Query<Status> all() { return convoy::typed::Query<Status>("statuses"); }

inline convoy::typed::Query<Status> where(convoy::typed::Condition<Status> condition) { return all().where(std::move(condition)); }

}  // namespace statuses

// A record of namespace.
struct Namespace {
  std::string id{};
  std::string namespace_{};

  bool operator==(const Namespace&) const = default;
};

struct NewNamespace {
  using Record = ::everything::Namespace;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> namespace_;
};

struct NamespacePatch {
  using Record = ::everything::Namespace;

  convoy::typed::Field<std::string> namespace_{};
};

namespace namespace_ {

inline constexpr convoy::typed::Column<Namespace, convoy::typed::Id> id{"id", &Namespace::id};
inline constexpr convoy::typed::Column<Namespace, convoy::typed::Text> namespace_{"namespace", &Namespace::namespace_};

inline convoy::typed::Query<Namespace> all() { return convoy::typed::Query<Namespace>("namespace"); }

inline convoy::typed::Query<Namespace> where(convoy::typed::Condition<Namespace> condition) { return all().where(std::move(condition)); }

}  // namespace namespace_

// A record of schema.
struct Schema {
  std::string id{};
  std::string schema{};

  bool operator==(const Schema&) const = default;
};

struct NewSchema {
  using Record = ::everything::Schema;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> schema;
};

struct SchemaPatch {
  using Record = ::everything::Schema;

  convoy::typed::Field<std::string> schema{};
};

namespace schema_ {

inline constexpr convoy::typed::Column<Schema, convoy::typed::Id> id{"id", &Schema::id};
inline constexpr convoy::typed::Column<Schema, convoy::typed::Text> schema{"schema", &Schema::schema};

inline convoy::typed::Query<Schema> all() { return convoy::typed::Query<Schema>("schema"); }

inline convoy::typed::Query<Schema> where(convoy::typed::Condition<Schema> condition) { return all().where(std::move(condition)); }

}  // namespace schema_

// A record of UserProfile.
struct UserProfile {
  std::string id{};
  std::string displayName{};

  bool operator==(const UserProfile&) const = default;
};

struct NewUserProfile {
  using Record = ::everything::UserProfile;

  std::string id{};  // Empty: a new one.
  convoy::typed::Given<std::string> displayName;
};

struct UserProfilePatch {
  using Record = ::everything::UserProfile;

  convoy::typed::Field<std::string> displayName{};
};

namespace user_profile {

inline constexpr convoy::typed::Column<UserProfile, convoy::typed::Id> id{"id", &UserProfile::id};
inline constexpr convoy::typed::Column<UserProfile, convoy::typed::Text> displayName{"displayName", &UserProfile::displayName};

inline convoy::typed::Query<UserProfile> all() { return convoy::typed::Query<UserProfile>("UserProfile"); }

inline convoy::typed::Query<UserProfile> where(convoy::typed::Condition<UserProfile> condition) { return all().where(std::move(condition)); }

}  // namespace user_profile

// For DatabaseOptions.
inline const convoy::Schema& schema() {
  static constexpr convoy::typed::ColumnData kColumns0[] = {  // milestones
      {.name = "name", .is_searchable = true},
      {.name = "target_date", .is_optional = true, .pg_type = convoy::PgType::Date},
      {.name = "created_at", .type = convoy::ColumnType::Number},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns1[] = {  // tasks
      {.name = "milestone_id", .is_indexed = true, .pg_type = convoy::PgType::Uuid, .references = "milestones", .on_delete = convoy::OnDelete::Cascade},
      {.name = "parent_task_id", .is_optional = true, .pg_type = convoy::PgType::Uuid, .references = "tasks", .on_delete = convoy::OnDelete::SetNull},
      {.name = "title", .is_searchable = true},
      {.name = "description", .is_optional = true, .is_searchable = true},
      {.name = "status", .is_indexed = true},
      {.name = "rank", .type = convoy::ColumnType::Number},
      {.name = "estimate", .type = convoy::ColumnType::Number, .is_optional = true},
      {.name = "is_done", .type = convoy::ColumnType::Boolean},
      {.name = "is_urgent", .type = convoy::ColumnType::Boolean, .is_optional = true},
      {.name = "starts_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "due_at", .type = convoy::ColumnType::Number, .is_optional = true, .pg_type = convoy::PgType::Timestamptz},
      {.name = "details", .is_optional = true, .pg_type = convoy::PgType::Jsonb},
      {.name = "labels", .pg_type = convoy::PgType::Array},
      {.name = "size", .pg_type = convoy::PgType::Bigint},
      {.name = "quota", .is_optional = true, .pg_type = convoy::PgType::Bigint},
      {.name = "price", .is_optional = true, .pg_type = convoy::PgType::Numeric},
      {.name = "owner", .is_optional = true, .pg_type = convoy::PgType::Uuid},
      {.name = "created_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
      {.name = "updated_at", .type = convoy::ColumnType::Number, .pg_type = convoy::PgType::Timestamptz},
  };
  static constexpr convoy::typed::ColumnData kColumns2[] = {  // activity_feed
      {.name = "task_id", .references = "tasks"},
      {.name = "text"},
  };
  static constexpr convoy::typed::ColumnData kColumns3[] = {  // statuses
      {.name = "class"},
      {.name = "class_"},
      {.name = "where", .is_optional = true},
      {.name = "all", .type = convoy::ColumnType::Number},
      {.name = "std"},
      {.name = "convoy"},
      {.name = "Record"},
      {.name = "Task", .is_optional = true},
      {.name = "errno", .type = convoy::ColumnType::Number},
      {.name = "_Total", .type = convoy::ColumnType::Number},
      {.name = "co_await", .type = convoy::ColumnType::Boolean},
  };
  static constexpr convoy::typed::ColumnData kColumns4[] = {  // namespace
      {.name = "namespace"},
  };
  static constexpr convoy::typed::ColumnData kColumns5[] = {  // schema
      {.name = "schema"},
  };
  static constexpr convoy::typed::ColumnData kColumns6[] = {  // UserProfile
      {.name = "displayName"},
  };
  static constexpr convoy::typed::TableData kTables[] = {
      {.name = "milestones", .columns = kColumns0},
      {.name = "tasks", .columns = kColumns1},
      {.name = "activity_feed", .columns = kColumns2, .ids = convoy::IdKind::Watermelon},
      {.name = "categories", .is_local_only = true},
      {.name = "statuses", .columns = kColumns3},
      {.name = "namespace", .columns = kColumns4},
      {.name = "schema", .columns = kColumns5},
      {.name = "UserProfile", .columns = kColumns6},
  };
  static const convoy::Schema value = convoy::typed::make_schema(4, kTables);
  return value;
}

inline convoy::Migrations migrations() {
  static constexpr convoy::typed::ColumnData kColumns0[] = {  // activity_feed
      {.name = "task_id", .references = "tasks"},
      {.name = "body"},
  };
  static constexpr convoy::typed::ColumnData kColumns1[] = {  // tasks
      {.name = "size", .pg_type = convoy::PgType::Bigint},
      {.name = "quota", .is_optional = true, .pg_type = convoy::PgType::Bigint},
  };
  static constexpr convoy::typed::StepData kSteps0[] = {
      {.kind = convoy::typed::StepKind::CreateTable, .table = "activity_feed", .columns = kColumns0, .ids = convoy::IdKind::Watermelon},
      {.kind = convoy::typed::StepKind::CreateTable, .table = "categories", .is_local_only = true},
      {.kind = convoy::typed::StepKind::AddColumns, .table = "tasks", .columns = kColumns1},
      {.kind = convoy::typed::StepKind::DropTable, .table = "sketches"},
      {.kind = convoy::typed::StepKind::RenameTable, .table = "profiles", .to = "UserProfile"},
  };
  static constexpr convoy::typed::StepData kSteps2[] = {
      {.kind = convoy::typed::StepKind::RunSql, .sql = "update \"tasks\" set \"status\" = 'TODO' -- what?\?\n" " where \"status\" = 'Gr\303\266\303\237e';"},
      {.kind = convoy::typed::StepKind::DropColumn, .table = "tasks", .column = "colour"},
      {.kind = convoy::typed::StepKind::RenameColumn, .table = "activity_feed", .column = "body", .to = "text"},
      {.kind = convoy::typed::StepKind::AddIndex, .table = "tasks", .column = "status"},
      {.kind = convoy::typed::StepKind::DropIndex, .table = "tasks", .column = "title"},
  };
  static constexpr convoy::typed::MigrationData kMigrations[] = {
      {.to_version = 2, .steps = kSteps0},
      {.to_version = 3},
      {.to_version = 4, .steps = kSteps2},
  };
  return convoy::typed::make_migrations(kMigrations);
}

}  // namespace everything

template <>
struct convoy::typed::Binding<::everything::Milestone> {
  using New = ::everything::NewMilestone;
  using Patch = ::everything::MilestonePatch;
  static constexpr const char* kTable = "milestones";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::milestones::name, &New::name, &Patch::name);
    visit(::everything::milestones::target_date, &New::target_date, &Patch::target_date);
    visit(::everything::milestones::created_at, &New::created_at, &Patch::created_at);
    visit(::everything::milestones::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::everything::Task> {
  using New = ::everything::NewTask;
  using Patch = ::everything::TaskPatch;
  static constexpr const char* kTable = "tasks";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::tasks::milestone_id, &New::milestone_id, &Patch::milestone_id);
    visit(::everything::tasks::parent_task_id, &New::parent_task_id, &Patch::parent_task_id);
    visit(::everything::tasks::title, &New::title, &Patch::title);
    visit(::everything::tasks::description, &New::description, &Patch::description);
    visit(::everything::tasks::status, &New::status, &Patch::status);
    visit(::everything::tasks::rank, &New::rank, &Patch::rank);
    visit(::everything::tasks::estimate, &New::estimate, &Patch::estimate);
    visit(::everything::tasks::is_done, &New::is_done, &Patch::is_done);
    visit(::everything::tasks::is_urgent, &New::is_urgent, &Patch::is_urgent);
    visit(::everything::tasks::starts_at, &New::starts_at, &Patch::starts_at);
    visit(::everything::tasks::due_at, &New::due_at, &Patch::due_at);
    visit(::everything::tasks::details, &New::details, &Patch::details);
    visit(::everything::tasks::labels, &New::labels, &Patch::labels);
    visit(::everything::tasks::size, &New::size, &Patch::size);
    visit(::everything::tasks::quota, &New::quota, &Patch::quota);
    visit(::everything::tasks::price, &New::price, &Patch::price);
    visit(::everything::tasks::owner, &New::owner, &Patch::owner);
    visit(::everything::tasks::created_at, &New::created_at, &Patch::created_at);
    visit(::everything::tasks::updated_at, &New::updated_at, &Patch::updated_at);
  }
};

template <>
struct convoy::typed::Binding<::everything::ActivityFeed> {
  using New = ::everything::NewActivityFeed;
  using Patch = ::everything::ActivityFeedPatch;
  static constexpr const char* kTable = "activity_feed";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::activity_feed::task_id, &New::task_id, &Patch::task_id);
    visit(::everything::activity_feed::text, &New::text, &Patch::text);
  }
};

template <>
struct convoy::typed::Binding<::everything::Category> {
  using New = ::everything::NewCategory;
  using Patch = ::everything::CategoryPatch;
  static constexpr const char* kTable = "categories";

  template <class Visitor>
  static void columns(Visitor&&) {
  }
};

template <>
struct convoy::typed::Binding<::everything::Status> {
  using New = ::everything::NewStatus;
  using Patch = ::everything::StatusPatch;
  static constexpr const char* kTable = "statuses";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::statuses::class_2, &New::class_2, &Patch::class_2);
    visit(::everything::statuses::class_, &New::class_, &Patch::class_);
    visit(::everything::statuses::where_, &New::where_, &Patch::where_);
    visit(::everything::statuses::all_, &New::all_, &Patch::all_);
    visit(::everything::statuses::std_, &New::std_, &Patch::std_);
    visit(::everything::statuses::convoy_, &New::convoy_, &Patch::convoy_);
    visit(::everything::statuses::Record_, &New::Record_, &Patch::Record_);
    visit(::everything::statuses::Task_, &New::Task_, &Patch::Task_);
    visit(::everything::statuses::errno_, &New::errno_, &Patch::errno_);
    visit(::everything::statuses::Total_, &New::Total_, &Patch::Total_);
    visit(::everything::statuses::co_await_, &New::co_await_, &Patch::co_await_);
  }
};

template <>
struct convoy::typed::Binding<::everything::Namespace> {
  using New = ::everything::NewNamespace;
  using Patch = ::everything::NamespacePatch;
  static constexpr const char* kTable = "namespace";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::namespace_::namespace_, &New::namespace_, &Patch::namespace_);
  }
};

template <>
struct convoy::typed::Binding<::everything::Schema> {
  using New = ::everything::NewSchema;
  using Patch = ::everything::SchemaPatch;
  static constexpr const char* kTable = "schema";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::schema_::schema, &New::schema, &Patch::schema);
  }
};

template <>
struct convoy::typed::Binding<::everything::UserProfile> {
  using New = ::everything::NewUserProfile;
  using Patch = ::everything::UserProfilePatch;
  static constexpr const char* kTable = "UserProfile";

  template <class Visitor>
  static void columns(Visitor&& visit) {
    visit(::everything::user_profile::displayName, &New::displayName, &Patch::displayName);
  }
};
// NOLINTEND
