package dev.tapedeck.standalone;

import io.javalin.config.JavalinConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTPS from a certificate chain and a key in PEM files. The files are looked at again and again, so that a renewed
 * certificate is used without a restart; a renewal that cannot be read leaves the old one in use.
 */
final class Tls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tls.class);
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
  private static final char[] NO_PASSWORD = new char[0];

  private final Path certificate;
  private final Path key;
  private final SslContextFactory.Server context = new SslContextFactory.Server();
  private final Thread watcher;
  private FileTime certificateTime;
  private FileTime keyTime;

  /** @throws IOException naming the file that cannot be used, and why */
  Tls(Path certificate, Path key) throws IOException {
    this.certificate = certificate;
    this.key = key;
    noteTimes();
    context.setKeyStore(load(certificate, key));
    context.setKeyStorePassword("");
    context.setSniRequired(false);
    watcher = Thread.ofVirtual().name("tls-reload").start(this::watch);
  }

  /** Serves HTTPS, and HTTPS only, at this address; and plain HTTP at any port of the loopback address. */
  void addTo(JavalinConfig config, String host, int port) {
    config.jetty.addConnector((server, http) -> {
      HttpConfiguration https = new HttpConfiguration(http);
      https.addCustomizer(new SecureRequestCustomizer(false));
      ServerConnector connector = new ServerConnector(
          server, new SslConnectionFactory(context, "http/1.1"), new HttpConnectionFactory(https));
      connector.setHost(host);
      connector.setPort(port);
      return connector;
    });
    config.jetty.addConnector((server, http) -> {
      ServerConnector loopback = new ServerConnector(server, new HttpConnectionFactory(http));
      loopback.setHost("127.0.0.1");
      return loopback;
    });
  }

  @Override
  public void close() {
    watcher.interrupt();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_AGAIN);
        reloadIfChanged();
      }
    } catch (InterruptedException e) {
      // close() asked for it
    }
  }

  private void reloadIfChanged() {
    try {
      FileTime oldCertificate = certificateTime;
      FileTime oldKey = keyTime;
      noteTimes();
      if (oldCertificate.equals(certificateTime) && oldKey.equals(keyTime)) {
        return;
      }
      KeyStore renewed = load(certificate, key);
      context.reload(changed -> {
        changed.setKeyStore(renewed);
        changed.setKeyStorePassword("");
      });
      log.atInfo().addKeyValue("certificate", certificate).log("certificate renewed");
    } catch (Exception e) {
      log.atError().addKeyValue("certificate", certificate).log("the old certificate stays in use: {}", e.getMessage());
    }
  }

  private void noteTimes() throws IOException {
    certificateTime = Files.getLastModifiedTime(certificate);
    keyTime = Files.getLastModifiedTime(key);
  }

  private static KeyStore load(Path certificate, Path key) throws IOException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, NO_PASSWORD);
      store.setKeyEntry("tapedeck", privateKey(key), NO_PASSWORD, chain(certificate).toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException e) {
      throw new IOException("certificate " + certificate + " and key " + key + " do not go together: "
          + e.getMessage(), e);
    }
  }

  private static Collection<? extends Certificate> chain(Path file) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> chain =
          CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(in.readAllBytes()));
      if (chain.isEmpty()) {
        throw new IOException(file + " holds no certificate; PEM is needed");
      }
      return chain;
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    Matcher pem = KEY.matcher(Files.readString(file));
    if (!pem.find()) {
      throw new IOException(file + " holds no PKCS #8 key; convert it: openssl pkcs8 -topk8 -nocrypt -in " + file);
    }
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (InvalidKeySpecException wrongAlgorithm) {
        // The next one may be it.
      }
    }
    throw new IOException(file + " holds a key that is neither EC, RSA nor Ed25519");
  }
}
