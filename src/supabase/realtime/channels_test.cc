// Transcripts: what the server says, and what is said to it.
#include "supabase/realtime/channels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.h"

namespace convoy::supabase::realtime {
namespace {

using base::Json;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::uint32_t kMost = 0xFFFFFFFFU;

std::string text_of(const Effect& effect) {
  struct Writer {
    std::string operator()(const Open&) { return "open"; }

    std::string operator()(const Send& send) { return "send " + send.text; }

    std::string operator()(const Close&) { return "close"; }

    std::string operator()(const Heard& heard) {
      return "heard " + heard.topic + " " + heard.event + " " + heard.payload.dump();
    }

    std::string operator()(const ReadyChanged&) { return "ready changed"; }
  };

  return std::visit(Writer{}, effect);
}

std::vector<std::string> texts(const std::vector<Effect>& effects) {
  std::vector<std::string> all;
  for (const auto& effect : effects) all.push_back(text_of(effect));
  return all;
}

Moment at(int now, std::uint32_t random = kMost) {
  return {.now = milliseconds(now), .random = random};
}

std::string joined(const std::string& topic, const std::string& ref) {
  return R"({"topic":"realtime:)" + topic + R"(","event":"phx_reply","payload":{"status":"ok",)" +
         R"("response":{"postgres_changes":[]}},"ref":")" + ref + R"("})";
}

// One topic, joined at 0 with the ref 1.
Channels ready() {
  Channels channels;
  channels.want({"convoy:a"}, at(0));
  channels.set_token("token", at(0));
  channels.opened(at(0));
  channels.received(joined("convoy:a", "1"), at(0));
  return channels;
}

TEST(Channels, OpenJoinAndHear) {
  Channels channels;
  EXPECT_THAT(texts(channels.want({"convoy:a"}, at(0))), ElementsAre("open"));
  EXPECT_THAT(texts(channels.set_token("token", at(0))), IsEmpty());
  EXPECT_THAT(
      texts(channels.opened(at(0))),
      ElementsAre(R"(send {"topic":"realtime:convoy:a","event":"phx_join","payload":{"config":{)"
                  R"("broadcast":{"ack":false,"self":false},"presence":{"key":"","enabled":false},)"
                  R"("postgres_changes":[],"private":true},"access_token":"token"},"ref":"1",)"
                  R"("join_ref":"1"})"));
  EXPECT_FALSE(channels.is_ready());
  EXPECT_THAT(texts(channels.received(joined("convoy:a", "1"), at(5))),
              ElementsAre("ready changed"));
  EXPECT_TRUE(channels.is_ready());
  EXPECT_THAT(texts(channels.received(
                  R"({"ref":null,"topic":"realtime:convoy:a","event":"broadcast","payload":)"
                  R"({"type":"broadcast","event":"changed","payload":{"xid":"77"}}})",
                  at(9))),
              ElementsAre(R"(heard convoy:a changed {"xid":"77"})"));
}

TEST(Channels, LeaveAloneWhatTheyDoNotKnow) {
  auto channels = ready();
  for (const char* text :
       {"", "[]", "{", R"({"topic":"realtime:convoy:a"})",
        R"({"topic":"realtime:convoy:a","event":"presence_state","payload":{}})",
        R"({"topic":"realtime:convoy:b","event":"broadcast","payload":{"event":"changed"}})",
        R"({"topic":"realtime:convoy:a","event":"system","payload":{"status":"ok"}})",
        R"({"topic":"phoenix","event":"phx_reply","payload":{"status":"ok"},"ref":"99"})",
        R"({"topic":"other","event":"phx_error","payload":{}})"}) {
    EXPECT_THAT(texts(channels.received(text, at(1))), IsEmpty()) << text;
  }
  EXPECT_TRUE(channels.is_ready());
}

TEST(Channels, BeatAndExpectAnAnswer) {
  auto channels = ready();
  EXPECT_EQ(channels.deadline(), milliseconds(25'000));
  EXPECT_THAT(texts(channels.time_passed(at(25'000))),
              ElementsAre(R"(send {"topic":"phoenix","event":"heartbeat","payload":{},"ref":"2",)"
                          R"("join_ref":null})"));
  channels.received(
      R"({"topic":"phoenix","event":"phx_reply","payload":{"status":"ok"},"ref":"2"})", at(25'010));
  EXPECT_THAT(texts(channels.time_passed(at(50'000))), ElementsAre(HasSubstr("heartbeat")));
  EXPECT_THAT(texts(channels.time_passed(at(75'000))), ElementsAre("close", "ready changed"))
      << "nobody is there any more";
  EXPECT_EQ(channels.deadline(), milliseconds(76'000));
  EXPECT_THAT(texts(channels.time_passed(at(76'000))), ElementsAre("open"));
}

TEST(Channels, ComeBackWithABackOffThatEndsWhenTheyAreJoined) {
  auto channels = ready();
  EXPECT_THAT(texts(channels.closed(at(1000))), ElementsAre("ready changed"));
  EXPECT_EQ(channels.deadline(), milliseconds(2000));
  EXPECT_THAT(texts(channels.time_passed(at(2000))), ElementsAre("open"));
  EXPECT_THAT(texts(channels.closed(at(2000))), IsEmpty());
  EXPECT_EQ(channels.deadline(), milliseconds(4000));
  channels.time_passed(at(4000));
  EXPECT_THAT(texts(channels.opened(at(4000))), ElementsAre(HasSubstr("phx_join")));
  EXPECT_THAT(texts(channels.received(joined("convoy:a", "2"), at(4000))),
              ElementsAre("ready changed"));
  channels.closed(at(5000));
  EXPECT_EQ(channels.deadline(), milliseconds(6000));
}

TEST(Channels, JoinAgainWhatCrashedOrWasClosed) {
  for (const char* event : {"phx_error", "phx_close"}) {
    auto channels = ready();
    EXPECT_THAT(texts(channels.received(R"({"topic":"realtime:convoy:a","event":")" +
                                            std::string(event) + R"(","payload":{},"ref":"1"})",
                                        at(1000))),
                ElementsAre("ready changed"));
    EXPECT_EQ(channels.deadline(), milliseconds(2000));
    EXPECT_THAT(texts(channels.time_passed(at(2000))),
                ElementsAre(HasSubstr(R"("ref":"2","join_ref":"2")")));
    EXPECT_THAT(texts(channels.received(joined("convoy:a", "1"), at(2001))), IsEmpty())
        << "that was the first join's";
    EXPECT_THAT(texts(channels.received(joined("convoy:a", "2"), at(2001))),
                ElementsAre("ready changed"));
  }
}

TEST(Channels, DoNotMindTheEndOfAnEarlierJoin) {
  auto channels = ready();
  EXPECT_THAT(texts(channels.received(R"({"topic":"realtime:convoy:a","event":"phx_close",)"
                                      R"("payload":{},"ref":"0","join_ref":"0"})",
                                      at(1))),
              IsEmpty());
  EXPECT_TRUE(channels.is_ready());
}

TEST(Channels, AskAgainLaterAndLaterWhatIsRefused) {
  Channels channels;
  channels.want({"convoy:a"}, at(0));
  channels.opened(at(0));
  const auto refused = [](const std::string& ref) {
    return R"({"topic":"realtime:convoy:a","event":"phx_reply","payload":{"status":"error",)"
           R"("response":{"reason":"Unauthorized: no policy"}},"ref":")" +
           ref + R"("})";
  };
  EXPECT_THAT(texts(channels.received(refused("1"), at(0))), IsEmpty());
  EXPECT_EQ(channels.last_refusal(), "Unauthorized: no policy");
  EXPECT_EQ(channels.deadline(), milliseconds(1000));
  channels.time_passed(at(1000));
  channels.received(refused("2"), at(1000));
  EXPECT_EQ(channels.deadline(), milliseconds(3000));
}

TEST(Channels, DoNotWaitForeverForAJoin) {
  Channels channels;
  channels.want({"convoy:a"}, at(0));
  channels.opened(at(0));
  EXPECT_EQ(channels.deadline(), milliseconds(10'000));
  EXPECT_THAT(texts(channels.time_passed(at(10'000))), ElementsAre(HasSubstr("phx_leave")));
  EXPECT_EQ(channels.deadline(), milliseconds(11'000));
}

TEST(Channels, HandANewTokenToThoseThatAreJoined) {
  auto channels = ready();
  EXPECT_THAT(texts(channels.set_token("token", at(1))), IsEmpty());
  EXPECT_THAT(texts(channels.set_token("newer", at(1))),
              ElementsAre(R"(send {"topic":"realtime:convoy:a","event":"access_token","payload":)"
                          R"({"access_token":"newer"},"ref":"2","join_ref":"1"})"));
}

TEST(Channels, SayWhyTheServerEndedOne) {
  auto channels = ready();
  channels.received(R"({"topic":"realtime:convoy:a","event":"system","payload":{"status":"error",)"
                    R"("extension":"system","message":"Token has expired"}})",
                    at(1));
  channels.received(R"({"topic":"realtime:convoy:a","event":"phx_close","payload":{}})", at(1));
  EXPECT_EQ(channels.last_refusal(), "Token has expired");
}

TEST(Channels, FollowWhatIsWanted) {
  auto channels = ready();
  EXPECT_THAT(texts(channels.want({"convoy:a", "convoy:b"}, at(1))),
              ElementsAre(HasSubstr("realtime:convoy:b"), "ready changed"));
  EXPECT_THAT(texts(channels.received(joined("convoy:b", "2"), at(2))),
              ElementsAre("ready changed"));
  EXPECT_THAT(texts(channels.want({"convoy:b"}, at(3))),
              ElementsAre(R"(send {"topic":"realtime:convoy:a","event":"phx_leave","payload":{},)"
                          R"("ref":"3","join_ref":"1"})"));
  EXPECT_TRUE(channels.is_ready());
  EXPECT_THAT(texts(channels.want({}, at(4))),
              ElementsAre(HasSubstr("phx_leave"), "close", "ready changed"));
  EXPECT_EQ(channels.deadline(), std::nullopt);
  EXPECT_THAT(texts(channels.want({"convoy:a"}, at(5))), ElementsAre("open"));
}

TEST(Channels, NeverJoinMoreThanTheServerAllows) {
  std::set<std::string> topics;
  for (int i = 0; i < 150; ++i) topics.insert("convoy:" + std::to_string(i));
  Channels channels;
  channels.want(topics, at(0));
  const auto joins = channels.opened(at(0));
  EXPECT_EQ(joins.size(), limits::kRealtimeChannelsMax);
  for (std::size_t i = 0; i < joins.size(); ++i) {
    const auto message = decode(std::get<Send>(joins[i]).text);
    channels.received(joined(message->topic.substr(9), message->ref), at(1));
  }
  EXPECT_FALSE(channels.is_ready()) << "the rest is polled";

  Channels one;
  one.want({std::string(300, 'x')}, at(0));
  EXPECT_EQ(one.deadline(), std::nullopt);
}

TEST(Phoenix, IsWhereTheProjectIs) {
  const auto project = Project::create("https://abc.supabase.co", "sb_publishable_x");
  EXPECT_EQ(socket_url(*project),
            "https://abc.supabase.co/realtime/v1/websocket?apikey=sb_publishable_x&vsn=1.0.0");
}

}  // namespace
}  // namespace convoy::supabase::realtime
