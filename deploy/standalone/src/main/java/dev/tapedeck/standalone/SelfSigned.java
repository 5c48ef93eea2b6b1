package dev.tapedeck.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A certificate for a server that was given none: browsers warn once, and then lend their camera, which they never do to
 * plain HTTP. Made by the JDK's own keytool and kept in the data folder, so that the warning is not for every start.
 */
final class SelfSigned {
  private static final String PASSWORD = "changeit"; // of a file that is deleted again
  private static final int DAYS = 3650;
  private static final int KEYTOOL_SECONDS = 60;

  private SelfSigned() {}

  /** Serves {@code tls.crt} and {@code tls.key} of this folder, made at the first call for these addresses. */
  static Tls in(Path data, List<InetAddress> addresses) throws IOException {
    Path certificate = data.resolve("tls.crt");
    Path key = data.resolve("tls.key");
    if (Files.notExists(certificate) || Files.notExists(key)) {
      make(data, addresses, certificate, key);
    }
    return new Tls(certificate, key);
  }

  private static void make(Path data, List<InetAddress> addresses, Path certificate, Path key) throws IOException {
    Path store = data.resolve("tls.p12");
    Files.deleteIfExists(store);
    List<String> names = new ArrayList<>(List.of("dns:localhost", "ip:127.0.0.1"));
    addresses.forEach(address -> names.add("ip:" + address.getHostAddress().split("%", 2)[0]));
    run(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
        "tapedeck", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", Integer.toString(DAYS), "-dname",
        "CN=Tapedeck", "-ext", "san=" + String.join(",", names), "-storetype", "PKCS12", "-keystore",
        store.toString(), "-storepass", PASSWORD));
    try {
      KeyStore made = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, pem("PRIVATE KEY", made.getKey("tapedeck", PASSWORD.toCharArray()).getEncoded()));
      Files.writeString(certificate, pem("CERTIFICATE", made.getCertificate("tapedeck").getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException("no self-signed certificate could be made: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static void run(List<String> command) throws IOException {
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
        throw new IOException("keytool made no certificate: " + output.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END " + what + "-----\n";
  }
}
