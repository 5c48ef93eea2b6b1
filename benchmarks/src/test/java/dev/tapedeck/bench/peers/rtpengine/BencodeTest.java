package dev.tapedeck.bench.peers.rtpengine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.protocol.fuzz.Mutator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BencodeTest {
  @Test
  void writesTheExamplesOfItsSpecification() {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("cow", "moo");
    message.put("spam", List.of("a", "b"));
    message.put("three", -3);

    assertThat(new String(Bencode.write(message), StandardCharsets.US_ASCII))
        .isEqualTo("d3:cow3:moo4:spaml1:a1:be5:threei-3ee");
  }

  @Test
  void readsWhatItWrote() throws Exception {
    Map<String, Object> message = Map.of("sdp", "v=0\r\nö", "n", 42L, "deep", Map.of("list", List.of("x", 1L)));
    byte[] written = Bencode.write(message);

    assertThat(Bencode.read(written, 0, written.length)).isEqualTo(message);
  }

  @Test
  void refusesWhatIsCutOffOrNoDictionary() {
    for (String broken : List.of("", "d", "d3:cow", "d3:cow9:moo", "i42e", "le", "d1:ai4", "x")) {
      byte[] bytes = broken.getBytes(StandardCharsets.US_ASCII);
      assertThatThrownBy(() -> Bencode.read(bytes, 0, bytes.length)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void messagesAreReadOrRefused() {
    List<byte[]> corpus = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      corpus.add(Bencode.write(Map.of("result", "ok", "sdp", "v=0\r\n".repeat(i % 7), "created", i * 1000L,
          "tags", List.of("a" + i, Map.of("in", List.of(i, "b"))))));
    }
    Mutator.run("bencode", 5, corpus, 100_000, input -> {
      try {
        Bencode.read(input, 0, input.length);
      } catch (IOException e) {
        // Refused with a reason: the only way out but success.
      }
    });
  }
}
