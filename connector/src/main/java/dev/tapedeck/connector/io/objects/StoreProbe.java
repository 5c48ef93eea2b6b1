package dev.tapedeck.connector.io.objects;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Tries the store at start the way recordings will use it: a signed upload, a look, a read, a delete, and an upload with a
 * forged signature, which must be refused. A store that fails here would fail later with a recording in hand.
 */
public final class StoreProbe {
  private static final Duration VALIDITY = Duration.ofMinutes(5);
  private static final int TIMEOUT_MILLIS = 10_000;

  private final ObjectStore store;
  private final String setting;

  /** @param setting that names the store, for what is said when it does not work */
  public StoreProbe(ObjectStore store, String setting) {
    this.setting = setting;
    this.store = store;
  }

  /**
   * What was found out.
   *
   * @param keepsHashes whether the store tells the SHA-256 of an object; if not, verifying a chunk means reading it
   */
  public record Finding(boolean keepsHashes) {}

  /**
   * @param name drawn anew each time, so that two connectors do not meet in one object
   * @throws IOException saying what to change
   */
  public Finding run(String name) throws IOException {
    String key = ".tapedeck-probe/" + name;
    byte[] body = ("probe " + name).getBytes(StandardCharsets.UTF_8);
    byte[] sha256 = sha256(body);
    ObjectStore.Upload upload = store.presignPut(key, body.length, sha256, VALIDITY);
    expect(put(upload.url().reveal(), upload, body), 200, "the store refused a signed upload");
    try {
      Finding finding = look(key, body, sha256);
      expectRefused(put(forged(upload.url().reveal()), upload, body));
      return finding;
    } finally {
      store.delete(key);
    }
  }

  private Finding look(String key, byte[] body, byte[] sha256) throws IOException {
    Optional<ObjectStore.Seen> seen = store.head(key);
    if (seen.isEmpty() || seen.get().bytes() != body.length || !Arrays.equals(store.read(key), body)) {
      throw new IOException("the store does not give back what was stored; check " + setting);
    }
    Optional<String> hash = seen.get().sha256();
    if (hash.isPresent() && !hash.get().equals(HexFormat.of().formatHex(sha256))) {
      throw new IOException("the store tells a wrong SHA-256 for what was stored");
    }
    return new Finding(hash.isPresent());
  }

  private void expect(int status, int expected, String problem) throws IOException {
    if (status != expected) {
      String hint = switch (status) {
        case 403 -> "check user, password, region and the clock of this machine";
        case 404 -> "create the bucket, or correct its name";
        case 301, 307 -> "the region or host is another one";
        default -> "check " + setting;
      };
      throw new IOException(problem + " with " + status + "; " + hint);
    }
  }

  private static void expectRefused(int status) throws IOException {
    if (status < 400) {
      throw new IOException("the store accepted a forged signature (" + status + "); whoever reaches it can write "
          + "recordings, so turn its authentication on");
    }
  }

  /** The same URL with the last digit of its signature changed. */
  private static String forged(String url) {
    int start = url.indexOf("X-Amz-Signature=") + "X-Amz-Signature=".length();
    char digit = url.charAt(start);
    return url.substring(0, start) + (digit == '0' ? '1' : '0') + url.substring(start + 1);
  }

  private int put(String url, ObjectStore.Upload upload, byte[] body) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) URI.create(url).toURL().openConnection();
    try {
      connection.setRequestMethod("PUT");
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(body.length);
      upload.headers().forEach(connection::setRequestProperty);
      connection.getOutputStream().write(body);
      return connection.getResponseCode();
    } catch (IOException e) {
      throw new IOException("the store does not answer: " + e.getMessage() + "; check host and port of " + setting, e);
    } finally {
      connection.disconnect();
    }
  }

  private static byte[] sha256(byte[] body) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(body);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
