package dev.tapedeck.protocol.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestJsonTest {
  private static final String SHA256 = ManifestJson.sha256("chunk".getBytes(UTF_8));
  private static final String LINK = ChunkChain.links(List.of(SHA256)).getFirst();

  @Test
  void writesTheGoldenBytes() throws IOException {
    byte[] signed = ManifestSignature.sign(ManifestJson.write(sample()), Rfc8037.privateKey());

    assertThat(new String(signed, UTF_8)).isEqualTo(golden());
  }

  @Test
  void readsTheGoldenBytes() throws IOException, ManifestException {
    assertThat(ManifestJson.read(golden().getBytes(UTF_8))).isEqualTo(sample());
  }

  /** Files that were written once are read for ever. */
  @Test
  void readsWhatTheFirstReleaseWrote() throws IOException, ManifestException {
    Manifest first = ManifestJson.read(resource("manifest-v1-first.json").getBytes(UTF_8));

    assertThat(first.sessions().getFirst().chunks().getFirst().sha256()).isEqualTo("00ff");
    assertThat(first.sessions().getFirst().chunks().getFirst().chain()).isEmpty();
    assertThat(first.sessions().getFirst().chain()).isEmpty();
    assertThat(first.sessions().getFirst().tracks().getFirst().senderReports()).isEmpty();
    assertThat(first.sessions().getFirst().tracks().getFirst().reception().causes()).isEmpty();
    assertThat(first.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.cause()).isEqualTo("crash");
      assertThat(gap.requested()).isFalse();
    });
    assertThat(first.clocks()).isEmpty();
    assertThat(first.keyId()).isEmpty();
  }

  @Test
  void readsWhatItWrote() throws ManifestException {
    assertThat(ManifestJson.read(ManifestJson.write(sample()))).isEqualTo(sample());
  }

  @Test
  void skipsMembersOfLaterReleases() throws IOException, ManifestException {
    String later = golden().replace("\"version\":2", "\"version\":2,\"colour\":{\"of\":[\"tape\"]}");

    assertThat(ManifestJson.read(later.getBytes(UTF_8))).isEqualTo(sample());
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "null", "[]", "{}", "{\"format\":\"tapedeck-manifest/1\"}", "{\"format\":\"other\"}", "not json"
  })
  void refusesWhatIsNoManifest(String text) {
    assertThatThrownBy(() -> ManifestJson.read(text.getBytes(UTF_8))).isInstanceOf(ManifestException.class);
  }

  @Test
  void refusesAManifestCutShort() throws IOException {
    byte[] whole = golden().getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] part = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> ManifestJson.read(part)).isInstanceOf(ManifestException.class);
    }
  }

  @Test
  void namesTheHashOfTheBytes() {
    assertThat(ManifestJson.sha256("abc".getBytes(UTF_8)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  static String golden() throws IOException {
    return resource("manifest-v1.json");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ManifestJsonTest.class.getResourceAsStream("/manifest/" + name)) {
      return new String(in.readAllBytes(), UTF_8).strip();
    }
  }

  static Manifest sample() {
    Instant start = Instant.parse("2026-01-02T03:04:05.000Z");
    Manifest.Track track = new Manifest.Track(
        1, "video_main", "0", "h", "video", "VP8", 96, 90_000, 0, "", 0xF000_0001L, 7, Map.of("3", "urn:x"),
        new Manifest.Reception(1000, 998, 3, 2, 2000, 41, Optional.of(start), Optional.empty(),
            Optional.of(new Manifest.Causes(1, 2, 3, 4, 5, 6, 7, 8))),
        Optional.of(new Manifest.SenderReports(2, "e8f1d2c300000000", 90_000, "e8f1d2c480000000", 225_000, 997, 1_195_000)));
    Manifest.Session session = new Manifest.Session(
        "Zoë/😀", 4_294_967_301L, 3, start, start.plusMillis(2500), "timed_out",
        Optional.of(start.plusMillis(2400)), List.of(track),
        List.of(new Manifest.Chunk(0, "app/r/4294967300/Zo%C3%AB/4294967301/00000000-1-2.tdc", 1, 2, 1234, 998,
            SHA256, Optional.of(LINK))),
        998, Optional.of(LINK));
    return new Manifest(
        Manifest.FORMAT, 2, Optional.of("aa"), "app", "r", 4_294_967_299L, 4_294_967_300L, start,
        start.plusMillis(2500), 2500, Verdict.PARTIAL, "empty", List.of(session),
        List.of(new Manifest.Gap("Zoë/😀", 4_294_967_301L, 0, start, start.plusMillis(1), "crash", 0, false),
            new Manifest.Gap("Zoë/😀", 4_294_967_301L, 1, start, start.plusMillis(5), "shed", 4, true)),
        List.of(new Manifest.Interval("paused", "", start, start.plusMillis(7))),
        List.of(new Manifest.Clock(3, true, 1200, 1, -250)), Optional.of(Rfc8037.THUMBPRINT));
  }
}
