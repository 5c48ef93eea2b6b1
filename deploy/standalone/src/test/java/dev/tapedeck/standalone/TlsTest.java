package dev.tapedeck.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.Javalin;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {
  @TempDir Path data;

  @Test
  void servesHttpsWithTheCertificateItMadeAndPlainHttpOnLoopback() throws Exception {
    try (Tls tls = SelfSigned.in(data, List.of(InetAddress.getByName("192.0.2.7")))) {
      Javalin javalin = Javalin.create(config -> {
        tls.addTo(config, "127.0.0.1", 0);
        config.routes.get("/hello", context -> context.result("hello by " + context.scheme()));
      }).start();
      try {
        assertThat(get("https://127.0.0.1:" + port(javalin, 0), trusting(data.resolve("tls.crt"))))
            .isEqualTo("hello by https");
        assertThat(get("http://127.0.0.1:" + port(javalin, 1), SSLContext.getDefault())).isEqualTo("hello by http");
      } finally {
        javalin.stop();
      }
    }
    assertThat(Files.getPosixFilePermissions(data.resolve("tls.key")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void keepsItsCertificateOverStarts() throws Exception {
    SelfSigned.in(data, List.of()).close();
    byte[] first = Files.readAllBytes(data.resolve("tls.crt"));
    SelfSigned.in(data, List.of()).close();

    assertThat(Files.readAllBytes(data.resolve("tls.crt"))).isEqualTo(first);
  }

  @Test
  void namesTheFileThatCannotBeUsed() throws Exception {
    SelfSigned.in(data, List.of()).close();
    Path key = data.resolve("other.key");
    Files.writeString(key, "-----BEGIN EC PRIVATE KEY-----\n");

    assertThatThrownBy(() -> new Tls(data.resolve("tls.crt"), key))
        .isInstanceOf(IOException.class).hasMessageContaining("other.key").hasMessageContaining("pkcs8");
  }

  private static String get(String origin, SSLContext trust) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(trust).build()) {
      return client.send(HttpRequest.newBuilder(URI.create(origin + "/hello")).build(),
          HttpResponse.BodyHandlers.ofString()).body();
    }
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate)) {
      store.setCertificateEntry("it", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static int port(Javalin javalin, int connector) {
    return ((ServerConnector) javalin.jettyServer().server().getConnectors()[connector]).getLocalPort();
  }
}
