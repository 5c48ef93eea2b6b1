package dev.tapedeck.composer.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.protocol.id.Ids;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** F o: ids of callers stand escaped in file names; and every name is one that the connector's library takes. */
class FileNamesTest {
  private static final long SESSION = Ids.MAX_NUMBER;

  @ParameterizedTest
  @ValueSource(strings = {"ann", "", "../../etc/passwd", "Zoë 😀", "a/b", "."})
  void namesAreEscapedAndFitTheLibrary(String peer) {
    for (int letters = 0; letters < 128; letters++) {
      for (String track : new String[] {"audio_main", "é".repeat(letters / 2), peer.repeat(3)}) {
        String name = FileNames.track(peer + "ü".repeat(letters / 2), SESSION, "h264", track, 86_400_000L, "webm");
        assertThat(Ids.isName(name)).as(name).isTrue();
        assertThat(name).matches("[A-Za-z0-9._~%-]+\\.webm").doesNotContain("/");
      }
      assertThat(Ids.isName(FileNames.voice(peer + "ü".repeat(letters / 2)))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40, 64, 127})
  void longNamesStayApart(int sameBytes) {
    Set<String> names = new HashSet<>();
    IntStream.range(0, 100).mapToObj(i -> "x".repeat(sameBytes) + (char) ('À' + i)).forEach(name -> {
      names.add(FileNames.track(name, SESSION, "vp8", "t", 1, "webm"));
      names.add(FileNames.track("p", SESSION, "vp8", name, 1, "webm"));
      names.add(FileNames.voice(name));
    });

    assertThat(names).hasSize(300);
  }
}
