package dev.tapedeck.composer;

import dev.tapedeck.composer.core.verify.TrustedKeys;
import dev.tapedeck.protocol.manifest.ManifestException;
import dev.tapedeck.protocol.manifest.ManifestKey;
import dev.tapedeck.protocol.manifest.ManifestKeySet;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which keys a signature is held against: a mixin. */
final class KeyOptions {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  /** 32 bytes in base64url without padding. */
  private static final int KEY_CHARS = 43;

  @ArgGroup(exclusive = true)
  private Origin origin;

  private static final class Origin {
    @Option(names = "--key", paramLabel = "KEY",
        description = "The public key you trust: a file with a JWK, JWK Set or base64url, or one of these itself")
    private String key;

    @Option(names = "--keys", paramLabel = "URL",
        description = "Take the keys from a server's /.well-known/tapedeck-keys.json; they are reported as not pinned")
    private URI keys;
  }

  /**
   * The keys, if any were named.
   *
   * @throws IOException saying what is wrong with them
   */
  Optional<TrustedKeys> read() throws IOException {
    if (origin == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(origin.key != null
          ? new TrustedKeys(parse(origin.key), "--key", true)
          : new TrustedKeys(ManifestKeySet.parse(fetch(origin.keys)), origin.keys.toString(), false));
    } catch (ManifestException | IllegalArgumentException e) {
      throw new IOException("the key cannot be used: " + e.getMessage(), e);
    }
  }

  private static ManifestKeySet parse(String key) throws IOException, ManifestException {
    String text = key.strip();
    if (text.startsWith("{")) {
      return ManifestKeySet.parse(text.getBytes(StandardCharsets.UTF_8));
    }
    if (text.length() == KEY_CHARS && !Files.exists(Path.of(text))) {
      return new ManifestKeySet(List.of(ManifestKey.active(ManifestKey.ofX(text), Instant.EPOCH)));
    }
    String content = Files.readString(Path.of(text)).strip();
    return content.startsWith("{")
        ? ManifestKeySet.parse(content.getBytes(StandardCharsets.UTF_8))
        : new ManifestKeySet(List.of(ManifestKey.active(ManifestKey.ofX(content), Instant.EPOCH)));
  }

  private static byte[] fetch(URI url) throws IOException {
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build()) {
      HttpResponse<byte[]> answer =
          http.send(HttpRequest.newBuilder(url).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IOException(url + " answered " + answer.statusCode());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while fetching " + url, e);
    }
  }
}
