package dev.tapedeck.composer.io.job;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One object behind a presigned PUT URL. Redirects are not followed, and only 2xx is success. Messages never contain
 * the URL's query, which is its secret.
 */
public final class PresignedTarget implements OutputTarget {
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;
  private static final int READ_TIMEOUT_MILLIS = 120_000;
  private static final int ATTEMPTS = 3;
  private static final int MAX_REASON_BYTES = 300;

  private final URI url;

  public PresignedTarget(URI url) {
    this.url = url;
  }

  @Override
  public String put(String name, Path file, String contentType) throws IOException {
    IOException last = null;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        int status = attempt(file, contentType);
        if (status / 100 == 2) {
          return place();
        }
        last = new IOException("PUT of " + name + " to " + place() + " was answered " + status);
        if (status / 100 == 4) {
          break; // the same signature will not be better the next time
        }
      } catch (IOException e) {
        last = new IOException("PUT of " + name + " to " + place() + " failed: " + e.getMessage(), e);
      }
    }
    throw last;
  }

  private int attempt(Path file, String contentType) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
    connection.setRequestMethod("PUT");
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
    connection.setReadTimeout(READ_TIMEOUT_MILLIS);
    connection.setFixedLengthStreamingMode(Files.size(file));
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", contentType);
    try {
      try (OutputStream out = connection.getOutputStream()) {
        Files.copy(file, out);
      }
      int status = connection.getResponseCode();
      try (InputStream answer = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
        if (answer != null) {
          answer.readNBytes(MAX_REASON_BYTES);
        }
      }
      return status;
    } finally {
      connection.disconnect();
    }
  }

  private String place() {
    return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
  }
}
