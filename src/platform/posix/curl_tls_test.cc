// Certificates: whose are trusted.
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "platform/posix/curl_transport.h"
#include "support/loopback_server.h"

namespace convoy::platform {
namespace {

using test::LoopbackConnection;
using test::LoopbackServer;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }

  void operator()(X509* certificate) const { X509_free(certificate); }

  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }

  void operator()(SSL* connection) const { SSL_free(connection); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

// A certificate for 127.0.0.1 that nobody has signed but itself, and a server that shows it.
class CurlTls : public testing::Test {
 protected:
  CurlTls()
      : key_(EVP_EC_gen("P-256")), certificate_(X509_new()), context_(SSL_CTX_new(TLS_method())) {
    X509* const x509 = certificate_.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key_.get());
    X509_NAME* const name = X509_get_subject_name(x509);
    const unsigned char text[] = "convoy test";
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(x509, name);
    X509_EXTENSION* const host =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(x509, host, -1);
    X509_EXTENSION_free(host);
    X509_sign(x509, key_.get(), EVP_sha256());
    SSL_CTX_use_certificate(context_.get(), x509);
    SSL_CTX_use_PrivateKey(context_.get(), key_.get());

    path_ = (std::filesystem::temp_directory_path() /
             ("convoy_ca_" + std::to_string(::getpid()) + ".pem"))
                .string();
    FILE* const file = std::fopen(path_.c_str(), "w");
    PEM_write_X509(file, x509);
    std::fclose(file);
  }

  ~CurlTls() override { std::filesystem::remove(path_); }

  // OpenSSL's writes raise it when the client has hung up. Blocked on the server's thread only: the
  // transport has to do without.
  static void block_broken_pipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  }

  void serve(LoopbackConnection& connection) {
    block_broken_pipe();
    const Owned<SSL> ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), connection.descriptor());
    if (SSL_accept(ssl.get()) != 1) return;
    char request[4096];
    if (SSL_read(ssl.get(), request, sizeof request) <= 0) return;
    const std::string reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    SSL_write(ssl.get(), reply.data(), static_cast<int>(reply.size()));
    SSL_shutdown(ssl.get());
  }

  Result<net::HttpReply> ask(const std::string& host, const std::string& ca_file) {
    LoopbackServer server([this](LoopbackConnection& connection) { serve(connection); });
    CurlTransport transport({.ca_file = ca_file});
    return transport.send({.url = "https://" + host + ":" + std::to_string(server.port()) + "/"});
  }

  Owned<EVP_PKEY> key_;
  Owned<X509> certificate_;
  Owned<SSL_CTX> context_;
  std::string path_;
};

TEST_F(CurlTls, RefusesACertificateThatNobodyTrusts) {
  const auto reply = ask("127.0.0.1", "");
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::TlsFailed) << reply.error().message;
  EXPECT_FALSE(reply.error().hint.empty());
}

TEST_F(CurlTls, TrustsTheGivenAuthority) {
  const auto reply = ask("127.0.0.1", path_);
  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(reply->body, "ok");
}

TEST_F(CurlTls, RefusesATrustedCertificateOfAnotherHost) {
  const auto reply = ask("localhost", path_);
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::TlsFailed) << reply.error().message;
}

TEST_F(CurlTls, RefusesOldVersions) {
  SSL_CTX_set_security_level(context_.get(), 0);
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context_.get(), TLS1_1_VERSION);
  const auto reply = ask("127.0.0.1", path_);
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::TlsFailed) << reply.error().message;
}

TEST_F(CurlTls, SurvivesAServerThatHangsUpWhileItSends) {
  LoopbackServer server([this](LoopbackConnection& connection) {
    block_broken_pipe();
    const Owned<SSL> ssl(SSL_new(context_.get()));
    SSL_set_fd(ssl.get(), connection.descriptor());
    if (SSL_accept(ssl.get()) != 1) return;
    char request[16];
    SSL_read(ssl.get(), request, sizeof request);
  });
  CurlTransport transport({.ca_file = path_});
  for (int i = 0; i < 3; ++i) {
    const auto reply =
        transport.send({.method = "POST",
                        .url = "https://127.0.0.1:" + std::to_string(server.port()) + "/",
                        .body = std::string(std::size_t{16} << 20U, 'x')});
    ASSERT_FALSE(reply.ok());
    EXPECT_EQ(reply.error().code, ErrorCode::Offline) << reply.error().message;
  }
}

TEST_F(CurlTls, SaysWhenTheFileOfAuthoritiesIsMissing) {
  const auto reply = ask("127.0.0.1", "/nonexistent/ca.pem");
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, ErrorCode::TlsFailed) << reply.error().message;
}

}  // namespace
}  // namespace convoy::platform
