package dev.tapedeck.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class JvmFactsTest {
  private static final String SUMMARY = """
      Native Memory Tracking:

      Total: reserved=3000000KB, committed=1000KB
             malloc: 100KB #200, peak=300KB #400

      -                 Java Heap (reserved=2000000KB, committed=500KB)
                                  (mmap: reserved=2000000KB, committed=500KB, at peak)

      -                    Thread (reserved=40KB, committed=40KB)

      -                      Code (reserved=248000KB, committed=100KB)

      -                  Compiler (reserved=50KB, committed=50KB)
                                  (malloc=50KB #300) (at peak)

      -               Arena Chunk (reserved=10KB, committed=10KB)
      """;

  /** The compilers' arenas take and give back tens of MiB while a server is warming up; no leak of ours is in them. */
  @Test
  void countsNeitherHeapNorWhatTheCompilersHold() throws IOException {
    assertThat(JvmFacts.nativeBytes(SUMMARY)).isEqualTo((1000 - 500 - 100 - 50 - 10) * 1024L);
  }

  @Test
  void isZeroWhereNothingIsTracked() throws IOException {
    assertThat(JvmFacts.nativeBytes("Native memory tracking is not enabled\n")).isZero();
  }
}
