package dev.tapedeck.protocol.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkKeyTest {
  private static final long MAX_ID = (1L << 53) - 1;
  private static final List<String> HOSTILE = List.of(
      ".", "..", "...", "a/b", "../../etc/passwd", "%2E", "a%2Fb", " ", "a b", "\"<script>", "会议", "😀", "é", "\u200B",
      "con", "a\\b", "?x=1&y#z", "*", "~", "-", "_", "x".repeat(128));

  @Test
  void printsNamesEscapedAndIndexPadded() {
    ChunkKey key = new ChunkKey("app", "room 1", 1L << 32, "..", (1L << 53) - 1, 7, 1000, 11_000);
    assertThat(key).hasToString("app/room%201/4294967296/%2E%2E/9007199254740991/00000007-1000-11000.tdc");
  }

  /** F g: whoever sorts keys as text has the chunks in their order. */
  @Test
  void keysOfASessionSortAsTheirIndices() {
    List<String> keys = IntStream.of(0, 1, 2, 9, 10, 11, 99, 100, 1_000_000, ChunkKey.MAX_INDEX)
        .mapToObj(index -> new ChunkKey("app", "r", 1L << 32, "p", 1L << 33, index, 1_800_000_000_000L - index, 9).toString())
        .toList();

    assertThat(keys).isSorted().doesNotHaveDuplicates();
  }

  /** F o: a name of a caller is never a path. */
  @Test
  void readsBackEveryHostileName() {
    for (String name : HOSTILE) {
      ChunkKey key = new ChunkKey(name, name, 5_000_000_000L, name, 6_000_000_000L, ChunkKey.MAX_INDEX, 0, 1);
      assertThat(ChunkKey.parse(key.toString())).contains(key);
      assertThat(key.toString().split("/")).hasSize(6).doesNotContain(".", "..");
    }
  }

  @Test
  void keysOfTheLongestNamesFitTheStore() {
    for (String unit : HOSTILE) {
      String name = longest(unit);
      String segment = KeySegment.escape(name);
      assertThat(segment).hasSizeLessThanOrEqualTo(KeySegment.MAX_SEGMENT_BYTES)
          .matches("(?:[A-Za-z0-9._-]|%[0-9A-F]{2})+(?:~[0-9a-f]{32})?");
      ChunkKey key = new ChunkKey(name, name, MAX_ID, name, MAX_ID, ChunkKey.MAX_INDEX, 1L << 50, 1L << 50);
      assertThat(key.toString()).hasSizeLessThan(800);
    }
  }

  @Test
  void shortenedSegmentsOfDifferentNamesDiffer() {
    Set<String> segments = new HashSet<>();
    String beginning = "é".repeat(60);
    for (int last = 0; last < 10_000; last++) {
      segments.add(KeySegment.escape(beginning + last));
    }
    assertThat(segments).hasSize(10_000).allMatch(KeySegment::isShortened)
        .allMatch(segment -> segment.startsWith("%C3%A9".repeat(25) + "~"));
    String one = segments.iterator().next();
    assertThat(KeySegment.escape(one)).as("a name that looks like a segment").isNotEqualTo(one);
    assertThat(KeySegment.escape("a~")).isEqualTo("a%7E");
    assertThatThrownBy(() -> KeySegment.unescape(one)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shorteningCutsNoEscape() {
    for (int ahead = 0; ahead < 3; ahead++) {
      String segment = KeySegment.escape("a".repeat(ahead) + "é".repeat(60));
      assertThat(segment.indexOf('~')).isEqualTo(new int[] {150, 148, 149}[ahead]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "a/b/1/p/2", "~/b/1/p/2/00000001-1-2.tdc", "a/b/1/p/2/0000001-1-2.tdc", "a/b/1/p/2/00000001-1-2.tdx", "a/b/01/p/2/00000001-1-2.tdc",
    "a/b/1/../2/00000001-1-2.tdc", "a/b/1/%2e/2/00000001-1-2.tdc", "a/b/1/%41/2/00000001-1-2.tdc",
    "a/b/1/%C3/2/00000001-1-2.tdc", "a/b/1/%C/2/00000001-1-2.tdc", "a/b/1/%/2/00000001-1-2.tdc",
    "a/b/1/é/2/00000001-1-2.tdc", "a/b/1/p/2/00000001-1-9999999999999999999.tdc", "/b/1/p/2/00000001-1-2.tdc"
  })
  void refusesWhatItWouldNotPrint(String key) {
    assertThat(ChunkKey.parse(key)).isEmpty();
  }

  @Test
  void refusesAnIndexBeyondItsDigits() {
    assertThatThrownBy(() -> new ChunkKey("a", "r", 1, "p", 1, ChunkKey.MAX_INDEX + 1, 0, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void manifestsLieBesideTheSessions() {
    assertThat(ChunkKey.manifest("a", "r/1", 7, 2)).isEqualTo("a/r%2F1/7/manifest.2.json");
    assertThat(ChunkKey.newestManifest("a", "r", 7)).isEqualTo("a/r/7/manifest.json");
  }

  private static String longest(String unit) {
    StringBuilder name = new StringBuilder(unit);
    while ((name + unit).getBytes(StandardCharsets.UTF_8).length <= Ids.MAX_NAME_BYTES) {
      name.append(unit);
    }
    return name.toString();
  }

  @Test
  void segmentsOfDifferentNamesDiffer() {
    long seed = 20_261_121;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      String name = random.ints(1 + random.nextInt(6), 0, 0x500)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
      String segment = KeySegment.escape(name);
      assertThat(segment).as("seed %d", seed).matches("[A-Za-z0-9._%-]+");
      assertThat(KeySegment.unescape(segment)).as("seed %d", seed).isEqualTo(name);
    }
  }
}
