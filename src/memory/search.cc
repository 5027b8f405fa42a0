#include "memory/search.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "memory/search_words.h"
#include "query/compile.h"
#include "schema/suggest.h"

namespace convoy::memory {
namespace {

// What FTS5 puts around the words it found. No text of people has these characters: they are
// private to whoever uses them.
constexpr std::string_view kMatchBegin = "\xEE\x80\x80";
constexpr std::string_view kMatchEnd = "\xEE\x80\x81";
constexpr int kSnippetWords = 16;

struct KindInfo {
  std::string_view word;
  std::string_view table;
  std::string_view weights;     // Of the searchable columns, in their order: a name says the most.
  double boost = 1;             // Over other kinds.
  std::string_view in_project;  // A condition; "" for what lies in no project.
  bool has_status = false;
};

const KindInfo& about(Kind kind) {
  static constexpr std::array<KindInfo, kKinds.size()> kInfos{{
      {.word = "workspace",
       .table = "workspaces",
       .weights = "8, 2",
       .boost = 1.1,
       .in_project = {}},
      {.word = "project",
       .table = "projects",
       .weights = "8, 2, 1",
       .boost = 1.2,
       .in_project = "id = ?",
       .has_status = true},
      {.word = "milestone",
       .table = "milestones",
       .weights = "8, 2, 1",
       .boost = 1.1,
       .in_project = "project_id = ?",
       .has_status = true},
      {.word = "task",
       .table = "tasks",
       .weights = "8, 2",
       .in_project = "milestone_id in (select id from milestones where project_id = ?)",
       .has_status = true},
      {.word = "activity",
       .table = "activity_feed",
       .weights = "2",
       .boost = 0.6,
       .in_project = "task_id in (select t.id from tasks t join milestones m on m.id = "
                     "t.milestone_id where m.project_id = ?)"},
      {.word = "workflow", .table = "workflows", .weights = "8, 2", .boost = 0.8, .in_project = {}},
      {.word = "pattern",
       .table = "patterns",
       .weights = "8, 2, 2, 1",
       .boost = 0.9,
       .in_project = "project_id = ?"},
      {.word = "best-practice",
       .table = "best_practices",
       .weights = "8, 2, 2, 1",
       .boost = 0.9,
       .in_project = "project_id = ?"},
  }};
  return kInfos[static_cast<std::size_t>(kind)];
}

// The columns that can be searched, and where a place for their names is needed.
std::string placeholders(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
  return text;
}

std::vector<SnippetPart> parts_of(std::string_view marked) {
  std::vector<SnippetPart> parts;
  bool is_match = false;
  while (!marked.empty()) {
    const auto mark = is_match ? kMatchEnd : kMatchBegin;
    const auto end = marked.find(mark);
    const auto text = marked.substr(0, end);
    if (!text.empty()) parts.push_back({std::string(text), is_match});
    if (end == std::string_view::npos) break;
    marked.remove_prefix(end + mark.size());
    is_match = !is_match;
  }
  return parts;
}

// The hits of one kind, without their records.
struct Found {
  Kind kind = Kind::Task;
  std::string id;
  double score = 0;
  std::string snippet;
};

Status find_in(Reader& reader, const Schema& schema, Kind kind, const std::string& expression,
               const SearchRequest& request, std::vector<Found>& found) {
  const auto& info = about(kind);
  const auto* table = schema.find_table(info.table);
  if (table == nullptr || (request.project && info.in_project.empty())) return ok_status();
  if (!request.statuses.empty() && !info.has_status) return ok_status();
  const auto name = query::quoted(info.table);
  const auto index = query::quoted(query::search_table_name(*table));
  std::string sql = "select t.id, bm25(" + index + ", " + std::string(info.weights) +
                    ") as relevance, snippet(" + index + ", -1, ?, ?, '…', " +
                    std::to_string(kSnippetWords) + ") from " + index + " join " + name +
                    " t on t.rowid = " + index + ".rowid where " + index +
                    " match ? and t._status is not 'deleted'";
  std::vector<Value> args{std::string(kMatchBegin), std::string(kMatchEnd), expression};
  if (request.project) {
    sql += " and t." + std::string(info.in_project);
    args.emplace_back(*request.project);
  }
  if (!request.statuses.empty()) {
    sql += " and t.status in (" + placeholders(request.statuses.size()) + ")";
    args.insert(args.end(), request.statuses.begin(), request.statuses.end());
  }
  sql += " order by relevance limit ?";
  args.emplace_back(static_cast<double>(request.limit + 1));
  CONVOY_TRY(const auto rows, reader.select(sql, args));
  for (const auto& row : rows.rows) {
    const auto* id = std::get_if<std::string>(&row[0]);
    const auto* rank = std::get_if<double>(&row[1]);
    const auto* snippet = std::get_if<std::string>(&row[2]);
    if (id == nullptr || rank == nullptr) continue;
    found.push_back({.kind = kind,
                     .id = *id,
                     .score = -*rank * info.boost,  // bm25 is the lower the better.
                     .snippet = snippet == nullptr ? std::string() : *snippet});
  }
  return ok_status();
}

// The records of the hits of one kind, in one query, with what lies above them.
Status add_records(Reader& reader, Kind kind, std::vector<Hit>& hits,
                   const std::vector<Found>& found) {
  std::vector<Value> ids;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].kind == kind) ids.emplace_back(found[i].id);
  }
  if (ids.empty()) return ok_status();
  CONVOY_TRY(auto records,
             reader.fetch(from(std::string(about(kind).table)).where("id", one_of(ids))));
  // From each record up to its project.
  std::vector<std::optional<Record>> at(records.begin(), records.end());
  std::vector<std::optional<Record>> tasks;
  const auto climb = [&](std::string_view column) -> Status {
    std::vector<Record> present;
    for (const auto& one : at) {
      if (one) present.push_back(*one);
    }
    if (present.empty()) return ok_status();
    CONVOY_TRY(auto above, reader.parents(present, column));
    std::size_t next = 0;
    for (auto& one : at) {
      if (one) one = std::move(above[next++]);
    }
    return ok_status();
  };
  if (kind == Kind::Activity) {
    CONVOY_CHECK_OK(climb("task_id"));
    tasks = at;
  }
  if (kind == Kind::Activity || kind == Kind::Task) CONVOY_CHECK_OK(climb("milestone_id"));
  if (kind == Kind::Workspace || kind == Kind::Workflow) {
    std::ranges::fill(at, std::nullopt);
  } else if (kind != Kind::Project) {
    CONVOY_CHECK_OK(climb("project_id"));
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto hit = std::ranges::find_if(
        found, [&](const Found& one) { return one.kind == kind && one.id == records[i].id; });
    auto& place = hits[static_cast<std::size_t>(hit - found.begin())];
    if (kind == Kind::Activity) {
      if (tasks[i]) place.title = tasks[i]->text("title");
    } else {
      place.title = records[i].text(kind == Kind::Task ? "title" : "name");
    }
    place.project = kind == Kind::Project ? std::nullopt : at[i];
    place.record = std::move(records[i]);
  }
  return ok_status();
}

Result<std::vector<Hit>> hits_of(Reader& reader, const std::vector<Found>& found) {
  std::vector<Hit> hits;
  for (const auto& one : found) {
    hits.push_back({.kind = one.kind,
                    .record = {},
                    .snippet = parts_of(one.snippet),
                    .score = one.score,
                    .project = {}});
  }
  for (const auto kind : kKinds) CONVOY_CHECK_OK(add_records(reader, kind, hits, found));
  return hits;
}

Result<std::vector<Found>> find_all(Reader& reader, const Schema& schema,
                                    const std::vector<Kind>& kinds, const std::string& expression,
                                    const SearchRequest& request) {
  std::vector<Found> found;
  for (const auto kind : kinds) {
    CONVOY_CHECK_OK(find_in(reader, schema, kind, expression, request, found));
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &Found::score);
  return found;
}

std::vector<const Table*> tables_of(const Schema& schema, const std::vector<Kind>& kinds) {
  std::vector<const Table*> tables;
  for (const auto kind : kinds) {
    if (const auto* table = schema.find_table(about(kind).table)) tables.push_back(table);
  }
  return tables;
}

}  // namespace

std::string_view to_string(Kind kind) noexcept { return about(kind).word; }

std::string_view table_of(Kind kind) noexcept { return about(kind).table; }

Result<Kind> kind_of(std::string_view word) {
  std::string wanted(word);
  for (char& c : wanted) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  std::string all;
  std::vector<std::string_view> known;
  for (const auto kind : kKinds) {
    const std::string name(to_string(kind));
    auto plural = name + "s";
    if (kind == Kind::Activity) plural = "activities";
    if (wanted == name || wanted == plural) return kind;
    known.push_back(to_string(kind));
    all += (all.empty() ? "" : ", ") + name;
  }
  const auto guess = schema::did_you_mean(wanted, known);
  return Error{.code = ErrorCode::InvalidArgument,
               .message = "\"" + std::string(word) + "\" is no kind of record",
               .hint = (guess.empty() ? "" : guess + " ") + "The kinds are " + all + "."};
}

Result<SearchResult> search_bank(Reader& reader, const Schema& schema,
                                 const SearchRequest& request) {
  CONVOY_TRY(auto words, SearchWords::parse(request.words));
  const auto kinds =
      request.kinds.empty() ? std::vector<Kind>(kKinds.begin(), kKinds.end()) : request.kinds;
  SearchResult result;
  CONVOY_TRY(auto found, find_all(reader, schema, kinds, words.expression(), request));
  if (found.empty()) {
    CONVOY_TRY(result.corrections, words.correct(reader, tables_of(schema, kinds)));
    if (!result.corrections.empty()) {
      CONVOY_TRY(found, find_all(reader, schema, kinds, words.expression(), request));
    }
  }
  if (found.empty() && words.count() > 1) {
    CONVOY_TRY(found, find_all(reader, schema, kinds, words.any_expression(), request));
    result.has_any_word = !found.empty();
  }
  if (found.empty()) result.corrections.clear();
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(request.limit, 0));
  result.has_more = found.size() > limit;
  if (result.has_more) found.resize(limit);
  CONVOY_TRY(result.hits, hits_of(reader, found));
  return result;
}

Result<std::vector<Record>> find_by_label(Reader& reader, const Table& table,
                                          std::string_view label, std::string_view text,
                                          Typos typos, std::int64_t limit) {
  auto parsed = SearchWords::parse(text);
  if (!parsed.ok()) {
    // Nothing but punctuation: perhaps that is its whole name.
    return reader.fetch(from(table.name).where(std::string(label), eq(text)).take(limit));
  }
  const auto query = [&] {
    return from(table.name)
        .where(search_expression("{" + std::string(label) + "} : (" + parsed->expression() + ")"))
        .order_by(best_first())
        .take(limit);
  };
  CONVOY_TRY(auto records, reader.fetch(query()));
  if (!records.empty() || typos == Typos::Refused) return records;
  CONVOY_TRY(const auto corrections, parsed->correct(reader, {&table}));
  if (corrections.empty()) return records;
  return reader.fetch(query());
}

}  // namespace convoy::memory
